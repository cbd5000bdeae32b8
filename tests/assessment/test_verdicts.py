from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.assessment.thresholds import compare, threshold, thresholds
from insulinoma.assessment.verdict import Verdict, all_of, any_of
from insulinoma.citations import references
from insulinoma.quantities import analyte
from insulinoma.record.schema import Measurement

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_MEASURED


def measured(name: str, unit: str, **value: object) -> Measurement:
    return Measurement.model_validate({"analyte": name, "unit": unit, "source": "chart", **value})


def verdict(name: str, analyte_name: str, unit: str, **value: object) -> str:
    return compare(measured(analyte_name, unit, **value), name).verdict.value


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (54, "mg/dL", "not_met"),
        (53.9, "mg/dL", "met"),
        (3.0, "mmol/L", "not_met"),
        (2.997, "mmol/L", "met"),
        (0.54, "g/L", "not_met"),
        (0.539, "g/L", "met"),
    ],
)
def test_level_2_is_judged_in_the_reported_unit(value: float, unit: str, expected: str) -> None:
    assert verdict("level_2", "glucose", unit, value=value) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(55, "mg/dL", "not_met"), (54, "mg/dL", "met"), (3.0, "mmol/L", "not_met"), (2.997, "mmol/L", "met")],
)
def test_glucose_of_the_endocrine_society(value: float, unit: str, expected: str) -> None:
    assert verdict("es_glucose", "glucose", unit, value=value) == expected


@pytest.mark.parametrize(
    ("name", "analyte_name", "unit", "edge", "sign"),
    [
        ("es_insulin", "insulin", "uU/mL", 3.0, ">="),
        ("es_insulin", "insulin", "pmol/L", 18, ">="),
        ("es_insulin", "insulin", "mU/L", 3.0, ">="),
        ("es_c_peptide", "c_peptide", "ng/mL", 0.6, ">="),
        ("es_c_peptide", "c_peptide", "nmol/L", 0.2, ">="),
        ("es_c_peptide", "c_peptide", "pmol/L", 200, ">="),
        ("es_proinsulin", "proinsulin", "pmol/L", 5.0, ">="),
        ("es_beta_hydroxybutyrate", "beta_hydroxybutyrate", "mmol/L", 2.7, "<="),
        ("es_beta_hydroxybutyrate", "beta_hydroxybutyrate", "umol/L", 2700, "<="),
        ("es_glucagon_response", "glucagon_response", "mg/dL", 25, ">="),
        ("es_glucagon_response", "glucagon_response", "mmol/L", 1.4, ">="),
    ],
)
def test_every_printed_edge_is_included(name: str, analyte_name: str, unit: str, edge: float, sign: str) -> None:
    beyond = edge * 1.01 if sign == "<=" else edge * 0.99
    assert verdict(name, analyte_name, unit, value=edge) == "met"
    assert verdict(name, analyte_name, unit, value=beyond) == "not_met"


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"below": 5}, "not_evaluable"),
        ({"below": 3}, "not_met"),
        ({"below": 2}, "not_met"),
        ({"above": 3}, "met"),
        ({"above": 2}, "not_evaluable"),
        ({"between": (3, 9)}, "met"),
        ({"between": (2.9, 9)}, "not_evaluable"),
        ({"between": (1, 2.9)}, "not_met"),
        ({"between": (1, 3)}, "not_evaluable"),
    ],
)
def test_bounds_and_intervals_decide_only_from_one_side(bounds: dict[str, object], expected: str) -> None:
    assert verdict("es_insulin", "insulin", "uU/mL", **bounds) == expected


def test_a_statement_is_not_compared() -> None:
    low = Measurement.model_validate({"analyte": "glucose", "statement": "low", "source": "chart"})
    assert compare(low, "es_glucose").verdict is Verdict.NOT_EVALUABLE


def test_a_unit_that_is_not_printed_is_converted_and_says_so() -> None:
    result = compare(measured("beta_hydroxybutyrate", "mg/dL", value=10), "es_beta_hydroxybutyrate")
    assert result.verdict is MET
    assert "converted to mmol/L" in (result.note or "")


def test_thresholds_name_units_of_their_analyte_and_a_reference() -> None:
    for limit in thresholds().values():
        assert limit.citation in references()
        for unit, _ in limit.limits:
            assert analyte(limit.analyte).unit(unit).symbol == unit
    assert threshold("es_insulin").text == ">= 3.0 uU/mL (18 pmol/L)"


@given(value=st.floats(min_value=10, max_value=400, allow_nan=False))
def test_the_unit_changes_no_verdict_away_from_the_printed_edges(value: float) -> None:
    mmol = value / 18.016
    for name in ("es_glucose", "level_1", "level_2", "ctcae_grade_3", "ctcae_grade_4"):
        edges = [float(edge) * (18.016 if unit == "mmol/L" else 1) for unit, edge in threshold(name).printed]
        if min(edges) - 0.01 <= value <= max(edges) + 0.01:
            continue
        assert verdict(name, "glucose", "mg/dL", value=value) == verdict(name, "glucose", "mmol/L", value=mmol)


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1))
def test_rules_do_not_depend_on_the_order_of_their_parts(verdicts: list[Verdict]) -> None:
    assert all_of(verdicts) is all_of(reversed(verdicts))
    assert any_of(verdicts) is any_of(reversed(verdicts))


def test_three_valued_logic() -> None:
    for one, two in itertools.product((MET, NOT_MET, UNKNOWN), repeat=2):
        both = {one, two}
        assert all_of((one, two)) is (NOT_MET if NOT_MET in both else UNKNOWN if UNKNOWN in both else MET)
        assert any_of((one, two)) is (MET if MET in both else UNKNOWN if UNKNOWN in both else NOT_MET)
