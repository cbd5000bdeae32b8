from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord, Treatment

PATIENT_FACTS = [f"S1-{number:03d}" for number in (*range(1, 52), 81, 83, 84)]
PATIENT_CONFLICTS = ["X4", "X5", "X6", "X7", "X11", "X12", "X13", "X14", "X15", "X18", "X19"]


@pytest.fixture(scope="module")
def case() -> CaseRecord:
    return load_case()


def cited_lines(case: CaseRecord, key: str) -> set[int]:
    sources = [source for _, fact in case.facts() if key in fact.inventory for source in fact.source]
    return {line for source in sources for line in range(source.first or 0, (source.last or 0) + 1)}


def lines_of(text: str) -> set[int]:
    parts = re.findall(r"(\d+)(?:-(\d+))?", text)
    return {line for first, last in parts for line in range(int(first), int(last or first) + 1)}


@pytest.mark.parametrize("key", PATIENT_FACTS)
def test_every_patient_fact_of_the_inventory_is_in_the_record_at_its_lines(
    case: CaseRecord, key: str, seeds: Path
) -> None:
    table = seeds.parent / "science" / "seed_facts.csv"
    with table.open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == key)
    assert lines_of(row["lines"]) <= cited_lines(case, key)
    assert case.documents["muro2014"].sha256 == row["sha256"]


@pytest.mark.parametrize("key", PATIENT_CONFLICTS)
def test_every_contradiction_keeps_both_readings(case: CaseRecord, key: str) -> None:
    conflict = next(conflict for conflict in case.conflicts if key in conflict.inventory)
    assert len({reading.says for reading in conflict.readings}) >= 2
    assert all(name in case.by_id for reading in conflict.readings for name in reading.facts)


def test_what_the_report_does_not_say_is_absent(case: CaseRecord) -> None:
    analytes = {item.analyte for item in case.measurements}
    assert not analytes & {"body_weight", "body_height", "proinsulin", "beta_hydroxybutyrate", "mitoses", "ecog"}
    drugs = [item for item in case.treatments if isinstance(item, Treatment)]
    assert all(item.dose is None for item in drugs)
    assert case.clock.day_zero_date is None


def test_times_are_those_of_the_report(case: CaseRecord) -> None:
    days = {
        name: case.span_of(case.by_id[name]) for name in ("tae-right", "tae-left", "no-hypoglycemia", "ct-after-tae")
    }  # type: ignore[arg-type]
    assert [(span.earliest, span.latest) for span in days.values()] == [(12, 13), (22, 23), (13, 62), (40, 51)]
    recurred = case.span_of(case.by_id["hypoglycemia-recurred"])  # type: ignore[arg-type]
    assert (recurred.earliest, recurred.latest) == (62, 157)


def test_the_record_holds_the_eight_laboratory_values_and_the_first_glucose(case: CaseRecord) -> None:
    values = {item.analyte: item.value for item in case.measurements if item.sample == "second-hospital"}
    assert values == {
        "glucose": 54, "insulin": 67.5, "c_peptide": 6.3, "ca19_9": 53.7, "nse": 169.9, "dupan_2": 235, "span_1": 36.1,
    }  # fmt: skip


def test_the_shipped_record_carries_no_sentence_of_the_source(case: CaseRecord) -> None:
    assert all(source.quote is None for _, fact in case.facts() for source in fact.source)
