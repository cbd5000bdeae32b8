from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from insulinoma.assessment.patterns import COLUMNS, match_patterns, patterns
from insulinoma.assessment.verdict import Verdict

ROWS = {
    "normal": ("no", "<", "<", "<", ">", "<", "negative", "negative"),
    "exogenous insulin": ("yes", ">=", "<", "<", "<=", ">=", "negative", "negative"),
    "insulinoma / NIPHS / PGBH": ("yes", ">=", ">=", ">=", "<=", ">=", "negative", "negative"),
    "oral agent (SU, glinide)": ("yes", ">=", ">=", ">=", "<=", ">=", "positive", "negative"),
    "insulin autoimmune": ("yes", ">=", ">=", ">=", "<=", ">=", "negative", "positive"),
    "insulin-receptor antibody": ("yes", "<", "<", "<", "<=", ">=", "negative", "positive"),
    "IGF-mediated": ("yes", "<", "<", "<", "<=", ">=", "negative", "negative"),
    "not insulin/IGF mediated": ("yes", "<", "<", "<", ">", "<", "negative", "negative"),
}
MET_SYMBOLS = {"yes", "negative"}


def verdicts_of(row: tuple[str, ...]) -> dict[str, Verdict]:
    found = {}
    for column, cell in zip(COLUMNS, row, strict=True):
        met = cell in MET_SYMBOLS or cell == ("<=" if column == "beta_hydroxybutyrate" else ">=")
        found[column] = Verdict.MET if met else Verdict.NOT_MET
    return found


@pytest.mark.parametrize("name", ROWS)
def test_each_row_of_the_table_leads_to_itself(name: str) -> None:
    expected = {name}
    if name in ("insulin-receptor antibody", "IGF-mediated"):
        expected = {"insulin-receptor antibody", "IGF-mediated"} if name == "IGF-mediated" else {name}
    if name == "exogenous insulin":
        expected |= {"insulin-receptor antibody"}
    assert set(match_patterns(verdicts_of(ROWS[name])).possible) == expected


def test_high_insulin_leaves_the_receptor_antibody_possible_and_says_why() -> None:
    found = match_patterns({"insulin": Verdict.MET, "c_peptide": Verdict.NOT_MET, "proinsulin": Verdict.NOT_MET})
    assert set(found.possible) == {"exogenous insulin", "insulin-receptor antibody"}
    assert any("type B insulin resistance" in note for note in found.notes)


def test_nothing_measured_excludes_nothing() -> None:
    unknown = dict.fromkeys(COLUMNS, Verdict.NOT_MEASURED)
    assert len(match_patterns(unknown).possible) == len(patterns()) == 8
    assert len(match_patterns(dict.fromkeys(COLUMNS, Verdict.INFERRED)).possible) == 8


@pytest.mark.parametrize("name", [name for name in ROWS if name != "normal"])
def test_each_row_from_a_record(name: str, judged: Callable[..., dict[str, Any]]) -> None:
    _, insulin, c_peptide, proinsulin, ketones, rise, screen, antibody = ROWS[name]
    numbers = [
        ("glucose", 40, "mg/dL"),
        ("insulin", 10 if insulin == ">=" else 1, "uU/mL"),
        ("c_peptide", 2 if c_peptide == ">=" else 0.1, "ng/mL"),
        ("proinsulin", 20 if proinsulin == ">=" else 1, "pmol/L"),
        ("beta_hydroxybutyrate", 1 if ketones == "<=" else 4, "mmol/L"),
        ("glucagon_response", 40 if rise == ">=" else 10, "mg/dL"),
    ]
    measurements: list[dict[str, Any]] = [
        {"analyte": analyte, "value": value, "unit": unit, "sample": "fast", "condition": "symptoms"}
        for analyte, value, unit in numbers
    ]
    measurements.append({"analyte": "sulfonylurea_screen", "statement": screen})
    measurements.append({"analyte": "insulin_antibody", "statement": antibody})
    found = judged(measurements=measurements, findings=[{"finding": "confusion"}])
    assert name in found["criteria"]["endocrine_society_2009"]["pattern"]
