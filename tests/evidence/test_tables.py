"""The tables: keys resolve, numbers are in order, and faults are all told at once with file and line."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from insulinoma.citations import references
from insulinoma.data import read_text, resource
from insulinoma.errors import InputError
from insulinoma.evidence.entries import all_entries, entries
from insulinoma.evidence.records import CERTAINTIES, DISEASE, GROUPS, UNITS
from insulinoma.evidence.tables import evidence, load

BASE = evidence()
OUTCOMES = {item.id: item for item in BASE.outcomes}
WORDS = dict(
    zip(
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half"],
        [*range(11), 50],
        strict=True,
    )
)


def test_every_citation_key_resolves() -> None:
    cited = {entry.source for entry in all_entries(BASE) if entry.source}
    cited |= {item.reference for item in (*BASE.documents, *BASE.cited)}
    assert cited <= set(references())


def test_every_reference_says_what_it_is() -> None:
    empty = [
        key
        for key, item in references().items()
        if not (set(item.fields) & {"title", "doi", "pmid", "pmcid", "note"}) and "journal" not in item.fields
    ]
    assert empty == []


@pytest.mark.parametrize("outcome", BASE.outcomes, ids=lambda item: item.id)
def test_outcome_numbers(outcome) -> None:
    numbers = [number for number in (outcome.low, outcome.value, outcome.high) if number is not None]
    assert numbers == sorted(numbers)
    assert not numbers or outcome.unit in UNITS
    assert outcome.unit != "percent" or all(0 <= number <= 100 for number in numbers)
    assert outcome.n is None or (isinstance(outcome.n, int) and outcome.n >= 1)
    assert outcome.events is None or (outcome.n is not None and outcome.events <= outcome.n)
    assert outcome.as_of is None or 1900 <= outcome.as_of <= 2100
    assert outcome.certainty in CERTAINTIES
    assert outcome.population


@pytest.mark.parametrize("outcome", BASE.outcomes, ids=lambda item: item.id)
def test_the_sentence_says_the_number(outcome) -> None:
    said = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", outcome.text)}
    said |= {WORDS[word] for word in re.findall(r"[a-z]+", outcome.text.lower()) if word in WORDS}
    said |= {0.0} if re.search(r"\b(none|no)\b", outcome.text.lower()) else set()
    said |= {float(outcome.n)} if outcome.n and re.search(r"\ball\b", outcome.text.lower()) else set()
    meant = {number for number in (outcome.value, outcome.sd) if number is not None}
    loose = re.search(r"one third|cut-off|afterwards", outcome.text) or outcome.unit in (
        "courses",
        "sessions",
    )
    assert meant <= said or loose, f"{outcome.id}: {meant - said} not in {outcome.text!r}"


def test_as_of_is_the_year_of_the_reference() -> None:
    for outcome in BASE.outcomes:
        year = references()[outcome.source].fields.get("year")
        if outcome.as_of and year:
            assert str(outcome.as_of) == year, outcome.id


def test_an_unknown_year_is_unknown_in_the_references_too() -> None:
    for outcome in BASE.outcomes:
        if outcome.as_of is None:
            assert "year" not in references()[outcome.source].fields, outcome.id


def test_every_treatment_has_an_outcome_and_a_group() -> None:
    with_outcome = {item.treatment for item in BASE.outcomes}
    assert {item.id for item in BASE.treatments} == with_outcome - {DISEASE}
    assert {item.group for item in BASE.treatments} == set(GROUPS)


def test_general_knowledge_is_marked_as_such() -> None:
    for entry in entries().values():
        if entry.source == "GeneralKnowledge" and entry.kind == "outcome":
            assert entry.certainty.startswith("general") or entry.certainty == "computed", entry.id


@pytest.mark.parametrize(
    ("identifier", "value", "low", "high", "unit", "n", "events", "certainty"),
    [
        ("P-05", 16.4, None, None, "percent", 311, 51, "computed"),
        ("P-06", 66.8, None, None, "percent", 311, None, "read"),
        ("P-09", 62, None, None, "percent", 31, None, "read"),
        ("O-DZX-01", 59, None, None, "percent", 40, None, "read"),
        ("O-DZX-05", 9, None, None, "patients", 20, 9, "read"),
        ("O-DZX-10", 71, 50, 93, "percent", 1142, None, "read"),
        ("O-OCT-01", 67, None, None, "percent", 21, 14, "read"),
        ("O-EVE-02", 0.35, 0.27, 0.45, "ratio", 410, None, "read"),
        ("O-EVE-06", 6.5, 1, 35, "months", 12, None, "general medium"),
        ("O-PRT-01", 93, None, None, "percent", 15, 14, "read"),
        ("O-PRT-04", 17.7, 7.6, 48.3, "months", 7, None, "read"),
        ("O-TAE-01", None, 64, 93, "percent", None, None, "read"),
        ("O-TAE-02", None, 1, 18, "months", None, None, "read"),
        ("O-TAE-24", None, 14, 31, "months", 4, None, "read"),
        ("O-STZ-01", 69, None, None, "percent", 105, None, "read"),
        ("O-CAP-03", 40, None, None, "percent", 144, None, "general medium"),
        ("O-EP-01", 12.5, 10.3, 15.7, "months", 170, None, "read"),
        ("O-EP-08", 15, None, None, "percent", 305, None, "general high"),
        ("O-RFA-01", 96, 75, 100, "percent", 61, None, "read"),
    ],
)
def test_numbers_as_reported(identifier, value, low, high, unit, n, events, certainty) -> None:
    got = OUTCOMES[identifier]
    assert (got.value, got.low, got.high, got.unit, got.n, got.events, got.certainty) == (
        value,
        low,
        high,
        unit,
        n,
        events,
        certainty,
    )


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    copy = tmp_path / "evidence"
    shutil.copytree(Path(str(resource("evidence"))), copy)
    return copy


def _change(tables: Path, name: str, row: int, **cells: str) -> None:
    path = tables / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _faults(tables: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(tables)
    return [str(fault) for fault in caught.value.faults]


def test_a_copy_of_the_tables_is_read_without_faults(tables: Path) -> None:
    assert load(tables) == BASE


def test_all_unreadable_cells_are_told_at_once(tables: Path) -> None:
    _change(tables, "outcomes", 0, n="forty", as_of="19", certainty="red")
    _change(tables, "claims", 3, status="stand")
    faults = _faults(tables)
    assert len(faults) == 4
    assert any(fault.startswith("outcomes.csv:2 certainty: 'red' is not known") for fault in faults)
    assert any("Did you mean 'stands'?" in fault for fault in faults)


@pytest.mark.parametrize(
    ("name", "cells", "said"),
    [
        ("outcomes", {"source": "Gil1997"}, "Did you mean 'Gill1997'"),
        ("outcomes", {"treatment": "diazoxid"}, "Did you mean 'diazoxide'"),
        ("outcomes", {"value": "99", "low": "93", "high": "98"}, "low <= value <= high"),
        ("outcomes", {"low": "93", "high": "130"}, "0 to 100 percent"),
        ("outcomes", {"unit": ""}, "a number without a unit"),
        ("outcomes", {"interval": ""}, "the kind of interval"),
        ("outcomes", {"events": "4", "n": "3"}, "no more events than patients"),
        ("outcomes", {"value": "95", "low": "", "high": "", "events": "14", "n": "15"}, "14/15 is 93.3 %"),
        ("claims", {"corrections": "X99"}, "'X99' is not known"),
        ("claims", {"status": "error"}, "names no correction"),
        ("claims", {"id": "S1-053"}, "already used in claims.csv"),
        ("cautions", {"when": "portal_infiltraton"}, "Did you mean 'portal_infiltration'"),
        ("conflict_sides", {"evidence": "S9-001"}, "'S9-001' is not known"),
        ("conflict_sides", {"evidence": ""}, "a side without evidence"),
        ("guidelines", {"treatments": "surgeri"}, "Did you mean 'surgery'"),
    ],
)
def test_a_breach_is_told_with_its_line(tables: Path, name: str, cells: dict[str, str], said: str) -> None:
    _change(tables, name, 0, **cells)
    faults = _faults(tables)
    assert any(said in fault and re.match(rf"{name}\.csv:\d+ ", fault) for fault in faults), faults


def test_a_missing_table_and_a_missing_column_are_faults(tables: Path) -> None:
    (tables / "claims.csv").unlink()
    text = (tables / "conflicts.csv").read_text(encoding="utf-8")
    (tables / "conflicts.csv").write_text(text.replace("decides", "decided", 1), encoding="utf-8")
    faults = _faults(tables)
    assert any(fault.startswith("claims.csv: the table cannot be read") for fault in faults)
    assert any("missing or unknown columns: decided, decides" in fault for fault in faults)


def test_a_spreadsheet_may_write_a_byte_order_mark_and_dos_lines(tables: Path) -> None:
    path = tables / "outcomes.csv"
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert load(tables) == BASE


def test_no_reference_is_there_twice() -> None:
    keys = re.findall(r"^@\w+\{([^,]+),", read_text("references.bib"), re.MULTILINE)
    assert sorted(keys) == sorted(set(keys)) == sorted(references())
