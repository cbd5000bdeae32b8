"""The pages in a real browser: their main stories, by mouse and by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from insulinoma.cli import main
from insulinoma.data import read_text
from tests.app.conftest import Live
from tests.app.reading import LOOKS, shuts_no_one_out, until

VIEWS = (
    "#/case", "#/records", "#/write",
    "#/protocols", "#/twin", "#/compare", "#/trial",
    "#/evidence?question=malignant", "#/evidence/malignant", "#/evidence/treatments", "#/evidence/conflicts",
)  # fmt: skip
XSS = "<img src=x onerror=window.owned=1>"


def open_view(page: Any, live: Live, view: str) -> None:
    page.goto(live.page(view))
    page.wait_for_selector("main h1")
    page.wait_for_load_state("networkidle")


def check(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_a_case_tells_its_story(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    expect(page.get_by_role("heading", level=1)).to_contain_text("embolization of both liver lobes")
    expect(page.locator(".tile", has_text="WHO 2022")).to_contain_text("NET G3 or NEC")
    criteria = page.locator("#criteria")
    expect(criteria.get_by_role("row", name="C-peptide").first).to_contain_text("6.3 ng/mL")
    criteria.get_by_role("button", name="Plasma glucose: 54 mg/dL").first.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("lines 45 to 46")
    expect(drawer).to_contain_text("value: 54")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_both_units_of_glucose(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    page.get_by_role("button", name="mmol/L").click()
    expect(page.locator("#criteria").get_by_role("row", name="Low glucose")).to_contain_text("20 mg/dL (1.11 mmol/L)")


def test_a_unit_that_is_chosen_while_a_case_loads_counts(page: Any, live: Live) -> None:
    held: list[Any] = []
    page.route("**/assess?*", lambda route: held.append(route), times=1)
    with page.expect_request("**/assess?*"):
        page.goto(live.page("#/case"))
    page.get_by_role("button", name="mmol/L").click()
    held[0].continue_()
    expect(page.locator("#criteria").get_by_role("row", name="Low glucose")).to_contain_text("20 mg/dL (1.11 mmol/L)")


def test_the_chart_answers_to_pointing_clicking_and_zoom(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    chart = page.locator("#course .chart")
    chart.locator("canvas").wait_for()
    box = chart.bounding_box()
    x, y = _diamond(page)
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(page.locator(".tip")).to_contain_text("right lobe, effective")
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.get_by_role("dialog")).to_contain_text("lines 74 to 76")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Closer").click()
    assert "from=" in page.url
    page.reload()
    page.wait_for_selector("#course canvas")
    page.get_by_role("button", name="All", exact=True).click()
    assert "from=" not in page.url


def _diamond(page: Any) -> tuple[float, float]:
    """Where the first embolization is drawn, found by its color."""
    found = page.evaluate(
        """() => { const canvas = document.querySelector('#course canvas'), scale = canvas.width / canvas.clientWidth;
        const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, Math.floor(canvas.height / 3));
        const near = (i) => [204, 121, 167].every((tone, at) => Math.abs(data[i + at] - tone) < 4);
        let run = 0; for (let i = 0; i < data.length; i += 4) {
          run = near(i) ? run + 1 : 0;
          if (run === 10) return [((i / 4) % width - 5) / scale, Math.floor(i / 4 / width) / scale]; } return null; }"""
    )
    assert found is not None
    return found[0], found[1] + 1


def test_a_figure_can_be_kept(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    page.locator("#course canvas").wait_for()
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"Item,")):
        with page.expect_download() as kept:
            page.locator("#course").get_by_role("button", name=kind).click()
        assert Path(kept.value.path()).read_bytes().startswith(start)
    page.get_by_text("The table behind the figure").first.click()
    expect(page.locator("#course table")).to_contain_text("no hypoglycemia")


def test_a_faulty_upload_lists_every_fault_and_a_good_one_opens(page: Any, live: Live, tmp_path: Path) -> None:
    case = read_text("cases", "muro-2014.yaml")
    faulty = case.replace("unit: mg/dL", "unit: mg/L").replace("analyte: insulin\n", "analyte: insulinn\n")
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(faulty)
    good.write_text(case.replace("title: Malignant insulinoma, embolization of both liver lobes", f"title: '{XSS} A'"))
    open_view(page, live, "#/records")
    page.set_input_files("#file", bad)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("insulinn")
    line = faulty.splitlines().index("  unit: mg/L") + 1
    expect(alert.get_by_text(f"bad.yaml:{line}", exact=True)).to_be_visible()
    page.set_input_files("#file", good)
    page.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{XSS} A")
    assert page.evaluate("window.owned") is None
    assert "muro" not in page.url


def test_the_form_writes_a_file_that_check_passes(page: Any, live: Live, tmp_path: Path) -> None:
    open_view(page, live, "#/write")
    save = page.get_by_role("button", name="Save the file")
    expect(save).to_be_disabled()
    for label, text in (
        ("Id of the record", "smith-2026"),
        ("Title", "A case"),
        ("Kind of source", "chart"),
        ("Value", "5,4"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Analyte").select_option("glucose")
    page.get_by_label("Unit, as printed").fill("mg/dL")
    page.get_by_label("Source", exact=True).fill("source p. 4")
    expect(page.locator("main")).to_contain_text("as in 5.4")
    expect(page.get_by_label("Value", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Value", exact=True).fill("54")
    expect(page.get_by_text("The record is valid.")).to_be_visible()
    with page.expect_download() as kept:
        save.click()
    target = tmp_path / "kept.yaml"
    kept.value.save_as(target)
    assert check(["check", str(target)]) == 0


def test_the_report_is_made_and_kept(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    page.get_by_role("button", name="Make the report").click()
    expect(page.locator("#report").get_by_text("done", exact=True)).to_be_visible(timeout=60_000)
    with page.expect_download() as kept:
        page.get_by_role("link", name="report.pdf").click()
    assert Path(kept.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_text("other files").click()
    for name in ("report.html", "clinical-course.svg"):
        expect(page.get_by_role("link", name=name)).to_be_visible()


def test_the_evidence_answers_and_says_what_it_does_not_know(page: Any, live: Live) -> None:
    open_view(page, live, "#/evidence")
    page.get_by_label("A question in plain words").fill("does diazoxide work?")
    page.keyboard.press("Enter")
    expect(page.locator("#claims")).to_contain_text("diazoxide")
    assert "diazoxide" not in page.url
    page.get_by_label("A question in plain words").fill("what will the weather be like?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Not in the evidence base")).to_be_visible()
    open_view(page, live, "#/evidence/malignant")
    expect(page.get_by_role("heading", name="Malignant by code")).to_be_visible()
    expect(page.locator("main")).to_contain_text("No share stands without its definition")


def test_a_fact_is_reached_by_keyboard_alone(page: Any, live: Live) -> None:
    open_view(page, live, "#/case")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.title") == "loss-of-consciousness":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.title") == "loss-of-consciousness"


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_no_view_shuts_anyone_out(page: Any, live: Live, frontend: Path, theme: str, width: int) -> None:
    """axe-core finds nothing serious, and nothing hangs over the edge of a small screen."""
    page.evaluate(f"localStorage.setItem('theme', '{theme}')")
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    for view in VIEWS:
        open_view(page, live, view)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        shuts_no_one_out(page, frontend, view)


def test_a_case_prints(page: Any, live: Live) -> None:
    import io

    import pypdf

    open_view(page, live, "#/case")
    page.locator("#course canvas").wait_for()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert "Endocrine Society 2009" in text
    assert "Make the report" not in text or len(printed.pages) > 1


def test_two_browsers_do_not_share_what_is_not_saved(page: Any, live: Live, chromium: Any) -> None:
    open_view(page, live, "#/write")
    page.get_by_label("Title", exact=True).fill("only mine")
    other = chromium.new_context().new_page()
    other.goto(live.access.start_link())
    other.wait_for_selector("main h1")
    other.goto(live.page("#/write"))
    expect(other.get_by_label("Title", exact=True)).to_have_value("")
    other.context.close()


def test_a_test_runs_on_three_subjects_and_a_parameter_is_moved(page: Any, live: Live) -> None:
    open_view(page, live, "#/protocols?protocol=ogtt-75g&subjects=healthy-woman%20insulinoma")
    expect(page.locator("#results")).to_contain_text("insulinoma", timeout=60_000)
    page.get_by_label("malignant-insulinoma").check()
    expect(page.locator("#results tbody tr")).to_have_count(3, timeout=60_000)
    assert "malignant-insulinoma" in page.url
    page.get_by_text("All parameters with meaning and source").click()
    page.get_by_label("Search").fill("glucose.G_b")
    page.get_by_role("button", name="Move glucose.G_b").first.click()
    page.keyboard.press("End")
    expect(page.locator("#results tbody tr")).to_have_count(4, timeout=60_000)
    expect(page.locator("#results")).to_contain_text("glucose.G_b")
    assert "moved=glucose.G_b" in page.url
    page.reload()
    expect(page.locator("#results tbody tr")).to_have_count(4, timeout=60_000)
    expect(page.get_by_role("slider")).to_have_value("100")


def test_a_treatment_is_dragged_and_the_curve_follows(page: Any, live: Live) -> None:
    open_view(page, live, "#/twin?subject=malignant-insulinoma&days=3&items=meals~0~3~3.6!embolize_right~1~0~1")
    diamond = page.locator(".lanes polygon")
    diamond.wait_for(timeout=60_000)
    first = page.locator(".tiles").inner_text()
    box = diamond.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y, steps=5)
    page.mouse.up()
    expect(page.locator(".tiles")).not_to_have_text(first)
    moved = page.locator(".lanes [role=slider]").nth(1)
    assert 1.3 < float(moved.get_attribute("aria-valuenow")) < 3
    until(page, "performance.getEntriesByName('band').length > 0")
    assert "embolize_right" in page.url


def test_a_treatment_is_moved_changed_and_removed_by_keys(page: Any, live: Live) -> None:
    open_view(page, live, "#/twin?subject=malignant-insulinoma&days=3&items=meals~0~3~3.6!dextrose~1~2~3")
    item = page.locator(".lanes [role=slider]").nth(1)
    item.wait_for(timeout=60_000)
    item.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(item).to_have_attribute("aria-valuetext", "3.1 mg/kg/min, day 1.25 to 2.25")
    page.keyboard.press("Shift+ArrowRight")
    expect(item).to_have_attribute("aria-valuetext", "3.1 mg/kg/min, day 1.25 to 2.5")
    page.keyboard.press("Delete")
    expect(page.locator(".lanes [role=slider]")).to_have_count(1)


def test_a_treatment_is_added_by_its_fields(page: Any, live: Live) -> None:
    open_view(page, live, "#/twin?subject=insulinoma&days=3&items=meals~0~3~3.6")
    page.get_by_label("Add a treatment").select_option("diazoxide")
    page.get_by_role("button", name="Add", exact=True).click()
    fields = page.get_by_role("group", name="2. Diazoxide")
    fields.get_by_label("From day").fill("0")
    fields.get_by_label("From day").press("Enter")
    expect(page.locator(".lanes [role=slider]").nth(1)).to_have_attribute("aria-valuetext", "300 mg/d, day 0 to 2.25")
    lane = page.locator(".lanes").bounding_box()
    page.locator(".lanes").dblclick(position={"x": lane["width"] - 40, "y": lane["height"] - 12})
    expect(page.locator(".lanes [role=slider]")).to_have_count(3)
    assert float(page.locator(".lanes [role=slider]").nth(2).get_attribute("aria-valuenow")) > 2.5
