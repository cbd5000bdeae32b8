"""The twin of a record in a real browser: calibrated as a job, its scenarios compared, kept and opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.app.conftest import DRIP, SHORT_STAY, Live, keep_calibration
from tests.app.reading import in_every_look
from tests.app.test_pages import open_view

LONG = 300_000


@pytest.fixture
def record(page: Any, live: Live, tmp_path: Path) -> str:
    """The id of a short record that was uploaded on the page."""
    path = tmp_path / "short-stay.yaml"
    path.write_text(SHORT_STAY)
    open_view(page, live, "#/records")
    page.set_input_files("#file", path)
    page.get_by_role("link", name="Open it").click()
    page.wait_for_url("**/#/case/r-*")
    found: str = page.url.rpartition("/")[2]
    return found


def smaller(route: Any) -> None:
    """A calibration with as few draws as the server takes, so that it lasts seconds."""
    given = json.loads(route.request.post_data or "{}")
    if given.get("kind") != "calibrate":
        return route.continue_()
    assert given == {"kind": "calibrate", "record": given["record"], "draws": 200, "method": "importance", "rounds": 3}
    return route.continue_(post_data=json.dumps({**given, "draws": 80, "rounds": 1}))


def test_a_calibration_is_canceled_and_run_again_and_moves_the_bands(
    page: Any, live: Live, record: str, frontend: Path
) -> None:
    page.route("**/api/v1/jobs", smaller)
    open_view(page, live, f"#/twin?record={record}&days=3")
    legend = page.locator("#twin-curves")
    expect(legend).to_contain_text("Not calibrated", timeout=60_000)
    panel = page.locator("#calibration")
    panel.get_by_role("button", name="Calibrate", exact=True).focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_text("canceled", exact=True)).to_be_visible()
    expect(legend).to_contain_text("Not calibrated")
    page.reload()
    panel.get_by_role("button", name="Run again").click()
    expect(panel.locator("p strong").first).to_contain_text("uncertain parameters stay at their prior", timeout=LONG)
    for words in ("R-hat, largest", "Effective draws, least", "Pareto k"):
        expect(panel.locator(".tile", has_text=words)).to_contain_text("should be at")
    expect(legend).to_contain_text("80 draws of the posterior of this record", timeout=60_000)
    panel.get_by_text("Each fact, and what the twin would give again").click()
    expect(panel.get_by_role("row", name="glucose").first).to_contain_text("mg/dL")
    assert "items=" not in page.url
    in_every_look(page, frontend, "the twin of a record")


def test_two_scenarios_are_compared_kept_and_opened_again(
    page: Any, live: Live, record: str, compared: Path, frontend: Path, tmp_path: Path
) -> None:
    kept = keep_calibration(live, record, compared)
    open_view(page, live, f"#/compare?record={record}&scenarios=everolimus-from-day-30")
    expect(page.get_by_label("Draws of")).to_have_value(kept)
    page.get_by_label("How many draws").fill("24")
    (tmp_path / "Drip.yaml").write_text(DRIP)
    page.get_by_label("or a file of your own").set_input_files(tmp_path / "Drip.yaml")
    expect(page.get_by_role("group", name="drip")).to_contain_text("Dextrose all along.")
    page.get_by_role("button", name="Compare", exact=True).focus()
    page.keyboard.press("Enter")
    results = page.locator("#compare-results")
    expect(results.locator("#endpoints")).to_contain_text("of 24 draws", timeout=LONG)
    expect(results.get_by_role("row", name="Time below 70 mg/dL")).to_contain_text("lower in 100 %")
    expect(results.locator(".tile", has_text="drip")).to_contain_text("% prior")
    _kept(page, results)
    address = page.url
    page.goto(live.page("#/case"))
    page.goto(address)
    expect(results.locator("#endpoints")).to_contain_text("of 24 draws")
    expect(page.get_by_role("group", name="drip")).to_contain_text("Dextrose all along.")
    assert "dextrose" not in address.casefold()
    in_every_look(page, frontend, "a comparison")


def _kept(page: Any, results: Any) -> None:
    """Figure, table and scenario as files."""
    figure = results.locator("#differences")
    figure.locator("canvas").wait_for()
    for button, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"endpoint,")):
        with page.expect_download() as kept:
            figure.get_by_role("button", name=button).click()
        assert Path(kept.value.path()).read_bytes().startswith(start)
    links = {"Table (CSV)": "scenario,endpoint", "drip.yaml": DRIP, "JSON": '{"schema"'}
    for name, start in links.items():
        with page.expect_download() as kept:
            results.get_by_role("link", name=name, exact=True).click()
        assert Path(kept.value.path()).read_text().startswith(start)
    assert json.loads(Path(kept.value.path()).read_text())["draws"] == 24


def test_a_scenario_is_changed_and_its_faults_are_told(page: Any, live: Live) -> None:
    open_view(page, live, "#/compare?scenarios=no-embolization")
    card = page.get_by_role("group", name="no-embolization")
    card.get_by_text("The file", exact=True).click()
    text = card.get_by_label("The file of no-embolization")
    text.fill(text.input_value().replace("embolize", "embolise"))
    card.get_by_role("button", name="Use the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("right_lobe.embolize")
    text.fill("meaning: Only the left.\nremove: [right_lobe.embolize]\n")
    card.get_by_role("button", name="Use the changes").click()
    changed = page.get_by_role("group", name="no-embolization-changed")
    expect(changed).to_contain_text("Only the left.")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_label("Add a scenario").select_option("prrt")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("group", name="prrt")).to_be_visible()
    assert "prrt" in page.url
    page.get_by_role("button", name="Remove: prrt").click()
    expect(page.get_by_role("group", name="prrt")).to_have_count(0)


def test_what_was_moved_on_the_lanes_becomes_a_scenario(page: Any, live: Live, record: str) -> None:
    open_view(page, live, f"#/twin?record={record}&days=3")
    page.get_by_label("Add a treatment").select_option("diazoxide")
    page.get_by_role("button", name="Add", exact=True).click()
    lane = page.get_by_role("slider", name="Diazoxide")
    lane.focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Compare with what was done").click()
    scenario = page.get_by_role("group", name="from-the-twin")
    expect(scenario).to_contain_text("As moved on the lanes of the twin: diazoxide")
    scenario.get_by_text("The file", exact=True).click()
    expect(scenario.get_by_label("The file of from-the-twin")).to_have_value(
        'meaning: "As moved on the lanes of the twin: diazoxide"\ngive:\n'
        "- {give: 'diazoxide', amount: '105.0000 mg', at: '18.0000 h', every: '8 h', times: '5'}\n"
    )
