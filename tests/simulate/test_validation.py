import re
from pathlib import Path

import pytest

from insulinoma.citations import reference
from insulinoma.errors import UsageError
from insulinoma.report.validation_figure import write_validation_figure
from insulinoma.report.validation_table import as_columns, validation_json, validation_text
from insulinoma.simulate.validation.cohort import drawn
from insulinoma.simulate.validation.target import Published, Row, published
from insulinoma.simulate.validation.targets import FAST, TARGETS, at_edge, met, reasons, run_target, summary

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "validation.md"
MISSED = {5, 6}


def documented() -> dict[tuple[int, str], tuple[str, str]]:
    """Model value and verdict of the docs by target and observation."""
    rows = re.findall(r"^\| (\d+) \| (.+?) \| .*? \| ([^|]*?) \| (in|out) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return {(int(target), observation): (model, verdict) for target, observation, model, verdict in rows}


@pytest.fixture(scope="module")
def fresh() -> list[Row]:
    return [row for number in FAST for row in run_target(number)]


def test_every_target_from_1_to_20_is_declared_with_numbers_and_sources() -> None:
    assert set(TARGETS) == set(range(21))
    assert {item.target for item in published()} == set(TARGETS)
    for item in published():
        assert item.low < item.high, item
        assert item.rule, item
        assert reference(item.ref), item


def test_targets_of_healthy_people_are_met_but_for_the_two_that_the_page_explains(fresh: list[Row]) -> None:
    assert {target for target, inside in met(fresh).items() if not inside} == MISSED
    assert set(reasons()) >= MISSED


def test_the_table_of_the_docs_is_what_a_fresh_run_gives(fresh: list[Row]) -> None:
    page = documented()
    for row in fresh:
        model, verdict = page[row.published.target, f"{row.published.observation}, {row.published.unit}"]
        assert float(model) == pytest.approx(row.model, rel=2e-3, abs=0.02), row.published
        assert verdict == ("in" if row.inside else "out")


def test_every_miss_of_the_docs_has_a_reason() -> None:
    missed = {target for (target, _), (_, verdict) in documented().items() if verdict == "out" and target}
    assert missed == set(reasons()) - {0}


def test_text_csv_json_and_plots_come_from_the_same_rows(fresh: list[Row], tmp_path: Path) -> None:
    text, record = validation_text(fresh), validation_json(fresh)
    assert summary(fresh).split(";")[0] in " ".join(text.split())
    assert len(as_columns(fresh)) == len(record["rows"]) + 1 == len(fresh) + 1
    assert record["parameters"]["at_edge"] == at_edge()
    write_validation_figure(fresh, tmp_path / "validation.png")
    assert (tmp_path / "validation.png").stat().st_size > 20_000


def test_a_limit_with_one_side_is_written_and_judged_as_such() -> None:
    row = Row(Published(17, "rise", "rise", 25, None, "limit", "", "mg/dL", 25, float("inf"), "", ""), 30.0)
    assert (row.published.band, row.inside) == ("> 25", True)


def test_a_patient_is_the_same_for_the_same_number() -> None:
    assert drawn("benign", 3) == drawn("benign", 3)
    assert drawn("benign", 3) != drawn("benign", 4)


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(UsageError, match="Expected one of 0, 1"):
        run_target(99)
