from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
import synthetic

from insulinoma.quantities import convert
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord
from insulinoma.report.chart_glucose import glucose_tick_values
from insulinoma.report.course import COLUMNS, course_csv, course_table
from insulinoma.report.course_charts import Frame

RECORDS = [load_case, *synthetic.ALL]


@pytest.fixture(params=RECORDS, ids=lambda make: make.__name__)
def record(request: pytest.FixtureRequest) -> CaseRecord:
    return request.param()  # type: ignore[no-any-return]


def test_every_fact_of_the_course_stands_in_the_table_once(record: CaseRecord) -> None:
    rows = course_table(record)
    wanted = [
        fact.id or f"{section}[{index}]"
        for section in ("measurements", "treatments", "findings", "diagnoses", "events")
        for index, fact in enumerate(getattr(record, section))
    ]
    assert Counter(row.key for row in rows) == Counter(wanted)


def test_measurements_and_treatments_keep_their_numbers(record: CaseRecord) -> None:
    rows = {row.key: row for row in course_table(record)}
    for index, fact in enumerate(record.measurements):
        row = rows[fact.id or f"measurements[{index}]"]
        assert (row.value is None) == (not fact.numbers)
        assert row.value is None or (row.value == fact.numbers[0] and row.unit)
        assert row.panel != "table only"
    for index, treatment in enumerate(record.treatments):
        assert rows[treatment.id or f"treatments[{index}]"].kind == "treatment"


def test_the_csv_reads_back(record: CaseRecord) -> None:
    rows = course_table(record)
    read = list(csv.DictReader(io.StringIO(course_csv(rows))))
    assert [row["key"] for row in read] == [row.key for row in rows]
    assert set(read[0] if read else COLUMNS) == set(COLUMNS)
    for before, after in zip(rows, read, strict=True):
        assert (after["value"] == "") == (before.value is None)
        assert before.value is None or float(after["value"]) == pytest.approx(before.value, rel=1e-9)


def test_what_the_record_does_not_say_is_empty() -> None:
    rows = {row.key: row for row in course_table(load_case())}
    assert rows["nse-after-tae"].value is None
    assert rows["nse-after-tae"].kind == "direction"
    assert rows["diazoxide"].start_day is None
    assert rows["etoposide-cisplatin"].end_day is None
    assert rows["ct-after-tae"].time == "day 40 or 50"
    assert (rows["hypoglycemia-recurred"].words, rows["hypoglycemia-recurred"].time) == (
        "hypoglycemia recurred",
        "unknown day after 61",
    )


@pytest.mark.parametrize(
    ("value", "unit", "level"),
    [
        (70, "mg/dL", ""), (69, "mg/dL", "level 1"), (54, "mg/dL", "level 1"), (53, "mg/dL", "level 2"),
        (3.9, "mmol/L", ""), (3.8, "mmol/L", "level 1"), (3.0, "mmol/L", "level 1"), (2.9, "mmol/L", "level 2"),
    ],
)  # fmt: skip
def test_levels_are_compared_in_the_reported_unit(value: float, unit: str, level: str) -> None:
    record = synthetic.record("levels", measurements=[synthetic.value("glucose", value, unit, "day 1")])
    assert course_table(record)[0].level == level


def test_a_severe_event_is_level_three() -> None:
    rows = {row.key: row for row in course_table(load_case())}
    assert rows["glucose-emergency"].level == "level 3"
    assert rows["glucose-second-hospital"].level == "level 1"
    awake = synthetic.glucose(40, "day 1", condition="no loss of consciousness")
    assert course_table(synthetic.record("awake", measurements=[awake]))[0].level == "level 2"


def test_glucose_is_shown_in_the_unit_asked_for() -> None:
    rows = {row.key: row for row in course_table(load_case(), glucose_unit="mmol/L")}
    row = rows["glucose-second-hospital"]
    assert (row.value, row.unit, row.shown_unit) == (54, "mg/dL", "mmol/L")
    assert row.shown_value == pytest.approx(2.997, abs=5e-4)


def test_both_glucose_axes_agree() -> None:
    frame = Frame(0.0, 100.0, 0.0, 110.0)
    millimoles = convert("glucose", 54, "mg/dL", "mmol/L").value
    assert millimoles == pytest.approx(2.997, abs=5e-4)
    assert frame.y(54.0) == pytest.approx(frame.y(convert("glucose", millimoles, "mmol/L", "mg/dL").value), abs=1e-9)
    for value in glucose_tick_values(110.0, "mmol/L", 5):
        assert 0.0 <= convert("glucose", value, "mmol/L", "mg/dL").value <= 110.0


def test_a_marker_goes_by_the_laboratory_s_limit_first() -> None:
    own = synthetic.value("nse", 30, "ng/mL", "day 1", reference={"upper": 15})
    usual = synthetic.value("nse", 32.6, "ng/mL", "day 2")
    first, second = course_table(synthetic.record("limits", measurements=[own, usual]))
    assert (first.times_limit, first.limit_from) == (2.0, "laboratory")
    assert second.times_limit == pytest.approx(2.0)
    assert second.limit_from.startswith("usual limit")
