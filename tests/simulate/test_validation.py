import re
from csv import DictReader
from pathlib import Path

import numpy as np
import pytest

from insulinoma.citations import reference
from insulinoma.errors import UsageError
from insulinoma.model.patient import patient
from insulinoma.report.validation_figure import write_validation_figure
from insulinoma.report.validation_table import as_columns, validation_json, validation_text
from insulinoma.simulate.draws import drawn
from insulinoma.simulate.subject import subject
from insulinoma.simulate.validation.cohort import SEED, cohort
from insulinoma.simulate.validation.fit import FREE, Fit, jacobian, residual, rows, slope
from insulinoma.simulate.validation.target import Published, Row, published
from insulinoma.simulate.validation.targets import (
    FAST,
    TARGETS,
    at_edge,
    met,
    outside,
    ranges,
    reasons,
    run_target,
    summary,
)

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "validation.md"
MISSED = {5}


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


def test_targets_of_healthy_people_are_met_but_for_the_one_that_the_page_explains(fresh: list[Row]) -> None:
    assert {target for target, inside in met(fresh).items() if not inside} == MISSED
    assert set(reasons()) >= MISSED


def test_the_table_of_the_docs_is_what_a_fresh_run_gives(fresh: list[Row]) -> None:
    page = documented()
    for row in fresh:
        model, verdict = page[row.published.target, f"{row.published.observation}, {row.published.unit}"]
        assert float(model) == pytest.approx(row.model, rel=2e-3, abs=0.02), row.published
        assert verdict == ("in" if row.inside else "out")


def test_seventeen_of_the_twenty_are_met_in_the_docs() -> None:
    verdicts: dict[int, set[str]] = {}
    for (target, _), (_, verdict) in documented().items():
        verdicts.setdefault(target, set()).add(verdict)
    assert set(verdicts) == set(TARGETS)
    assert sum(verdicts[target] == {"in"} for target in range(1, 21)) >= 17


@pytest.mark.slow
@pytest.mark.parametrize("number", sorted(set(TARGETS) - set(FAST)))
def test_targets_of_patients_and_tumors_are_what_the_docs_say(number: int) -> None:
    page = documented()
    for row in run_target(number):
        model, verdict = page[number, f"{row.published.observation}, {row.published.unit}"]
        assert float(model) == pytest.approx(row.model, rel=2e-3, abs=0.02), row.published
        assert verdict == ("in" if row.inside else "out")


def test_the_docs_list_what_is_at_the_edge_of_its_range() -> None:
    section = PAGE.read_text("utf-8").split("## Parameters at the edge of their range")[1]
    assert dict(re.findall(r"^- `([\w.]+)`: (.+)$", section, re.MULTILINE)) == at_edge()


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


def test_the_cohort_is_the_shipped_population_in_a_smaller_model() -> None:
    who = drawn(subject("insulinoma"), 1, seed=SEED)
    small = cohort("benign", 2)[1].who
    assert dict(small.parameters).items() <= who.values.items()


def test_no_typical_value_is_outside_its_published_range() -> None:
    assert outside() == []
    assert set(ranges()) <= set(patient().parameters)


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(UsageError, match="Expected one of 0, 1"):
        run_target(99)


def test_the_table_of_residuals_of_the_fit_is_what_the_shipped_values_give() -> None:
    table = list(DictReader((PAGE.parent / "fit" / "residuals.csv").read_text("utf-8").splitlines()))
    found = rows({})
    assert [row.published.quantity for row in found] == [line["quantity"] for line in table]
    for row, line in zip(found, table, strict=True):
        assert row.inside, row.published
        assert residual(row) == pytest.approx(float(line["residual"]), abs=0.05), row.published
    assert 3 * len(FREE) < len(found)


@pytest.mark.slow
def test_the_fit_stays_at_the_shipped_values() -> None:
    shipped = {name: patient().parameters[name].value for name in FREE}
    found = Fit(shipped, rows(shipped), jacobian(shipped))
    errors = np.array(list(found.relative_errors.values()))
    assert (np.abs(slope(found)) < 1.5 * errors).all()
