"""Whipple's triad, the Endocrine Society's criteria, levels, ratios and CTCAE on made-up records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Judge = Callable[..., dict[str, Any]]
LOW = {"analyte": "glucose", "value": 40, "unit": "mg/dL"}


def measurement(analyte: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"analyte": analyte, "value": value, "unit": unit, **more}


def test_the_complete_criteria_of_a_published_case(judged: Judge) -> None:
    """K25: 2.0 mmol/L, insulin 7.8, C-peptide 1.5, proinsulin 12.1, BHB 1687, sulfonylurea negative."""
    found = judged(
        lesions=[{"id": "tumor", "role": "primary", "site": "pancreas"}],
        measurements=[
            measurement("glucose", 2.0, "mmol/L", sample="fast"),
            measurement("insulin", 7.8, "uU/mL", sample="fast"),
            measurement("c_peptide", 1.5, "ng/mL", sample="fast"),
            measurement("proinsulin", 12.1, "pmol/L", sample="fast"),
            measurement("beta_hydroxybutyrate", 1687, "umol/L", sample="fast"),
            {"analyte": "sulfonylurea_screen", "statement": "negative"},
            measurement("longest_diameter", 13, "mm", lesion="tumor"),
        ],
        treatments=[{"treatment": "resection"}],
    )
    criteria = found["criteria"]["endocrine_society_2009"]
    verdicts = {name: item["verdict"] for name, item in criteria.items() if name not in ("overall", "pattern")}
    assert verdicts == {
        "glucose": "met",
        "insulin": "met",
        "c_peptide": "met",
        "proinsulin": "met",
        "beta_hydroxybutyrate": "met",
        "glucagon_response": "not_measured",
        "sulfonylurea_screen": "met",
        "insulin_antibody": "not_measured",
    }
    assert criteria["overall"]["endogenous_hyperinsulinism"] == "met"
    assert criteria["pattern"] == ["insulinoma / NIPHS / PGBH", "insulin autoimmune"]
    assert found["hypoglycemia"]["max_level"] == 2
    assert found["toxicity"]["hypoglycemia"]["grade"] == 3
    assert found["stage"]["ajcc_8"]["stage"] is None
    assert found["stage"]["ajcc_8"]["t"] == "T1"
    asked = {item["fact"]: item["expected_patterns_eliminated"] for item in found["missing"]}
    assert asked["insulin_antibody"] == 1
    assert not {"insulin", "c_peptide", "proinsulin", "beta_hydroxybutyrate", "sulfonylurea_screen"} & set(asked)


def test_insulin_without_the_glucose_of_its_sample_is_not_evaluable(judged: Judge) -> None:
    criteria = judged(measurements=[LOW, measurement("insulin", 32, "mU/L")])["criteria"]["endocrine_society_2009"]
    assert criteria["insulin"]["verdict"] == "not_evaluable"
    assert "sample" in criteria["insulin"]["missing"][0]


@pytest.mark.parametrize(
    ("when", "value", "expected"),
    [
        ("day 3 08:30", 10, "met"),
        ("day 3 08:30", 1, "not_met"),
        ("day 3", 10, "inferred"),
        ("day 3", 1, "not_evaluable"),
    ],
)
def test_values_belong_together_by_clock_time_and_perhaps_by_day(
    judged: Judge, when: str, value: float, expected: str
) -> None:
    values = [{**LOW, "when": when}, measurement("insulin", value, "uU/mL", when=when)]
    assert judged(measurements=values)["criteria"]["endocrine_society_2009"]["insulin"]["verdict"] == expected


def test_insulin_at_a_normal_glucose_does_not_count(judged: Judge) -> None:
    values = [measurement("glucose", 77, "mg/dL", sample="fast"), measurement("insulin", 1, "uU/mL", sample="fast")]
    criteria = judged(measurements=values)["criteria"]["endocrine_society_2009"]
    assert criteria["glucose"]["verdict"] == "not_met"
    assert criteria["insulin"]["verdict"] == "not_evaluable"
    assert len(criteria["pattern"]) == 8


def test_a_censored_insulin_across_the_limit_is_not_evaluable(judged: Judge) -> None:
    insulin = {"analyte": "insulin", "below": 5, "unit": "uU/mL", "sample": "fast"}
    criteria = judged(measurements=[{**LOW, "sample": "fast"}, insulin])["criteria"]["endocrine_society_2009"]
    assert (criteria["insulin"]["verdict"], criteria["insulin"]["reported"]) == ("not_evaluable", "< 5 uU/mL")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"statement": "negative"}, "met"),
        ({"statement": "positive"}, "not_met"),
        ({"value": 12, "unit": "U/mL", "reference": {"upper": 0.4}}, "not_met"),
        ({"value": 0.4, "unit": "U/mL", "reference": {"upper": 0.4}}, "met"),
        ({"value": 12, "unit": "U/mL"}, "not_evaluable"),
    ],
)
def test_antibodies_by_the_limit_of_their_laboratory(judged: Judge, facts: dict[str, Any], expected: str) -> None:
    found = judged(measurements=[{"analyte": "insulin_antibody", **facts}])
    assert found["criteria"]["endocrine_society_2009"]["insulin_antibody"]["verdict"] == expected


def test_whipple_after_a_meal_with_relief(judged: Judge) -> None:
    found = judged(
        measurements=[measurement("glucose", 44, "mg/dL", condition="3 h after a meal, with symptoms")],
        findings=[{"finding": "symptoms_of_hypoglycemia"}, {"finding": "relief_with_glucose"}],
    )
    whipple = found["criteria"]["whipple"]
    assert {item["verdict"] for item in whipple.values()} == {"met"}


@pytest.mark.parametrize(
    ("glucose", "finding", "expected"),
    [
        ({**LOW, "condition": "confusion"}, {"finding": "confusion"}, "met"),
        ({**LOW, "condition": "no symptoms"}, {"finding": "confusion"}, "not_evaluable"),
        ({**LOW, "when": "day 2"}, {"finding": "confusion", "when": "day 2"}, "inferred"),
        ({**LOW, "when": "day 2 07:00"}, {"finding": "confusion", "when": "day 2 07:00"}, "met"),
        ({**LOW, "when": "day 2"}, {"finding": "confusion", "when": "day 3"}, "not_evaluable"),
        ({**LOW, "id": "g"}, {"finding": "confusion", "related_to": "g"}, "met"),
        (measurement("glucose", 80, "mg/dL", condition="confusion"), {"finding": "confusion"}, "not_met"),
        (measurement("glucose", 80, "mg/dL"), {"finding": "confusion"}, "not_measured"),
        ({"analyte": "glucose", "below": 60, "unit": "mg/dL"}, {"finding": "confusion"}, "not_evaluable"),
    ],
)
def test_low_glucose_at_the_time_of_symptoms(
    judged: Judge, glucose: dict[str, Any], finding: dict[str, Any], expected: str
) -> None:
    found = judged(measurements=[glucose], findings=[finding])
    assert found["criteria"]["whipple"]["low_glucose"]["verdict"] == expected


def test_a_glucose_called_low_without_a_number_is_not_evaluable(judged: Judge) -> None:
    found = judged(measurements=[{"id": "low", "analyte": "glucose", "statement": "low", "condition": "confusion"}])
    for criterion in (
        found["criteria"]["whipple"]["low_glucose"],
        found["criteria"]["endocrine_society_2009"]["glucose"],
    ):
        assert (criterion["verdict"], criterion["facts"]) == ("not_evaluable", ["low"])
    assert found["hypoglycemia"]["max_level"] is None


def test_nothing_is_taken_for_no(judged: Judge) -> None:
    found = judged()
    assert {item["verdict"] for item in found["criteria"]["whipple"].values()} == {"not_measured"}
    endocrine = found["criteria"]["endocrine_society_2009"]
    assert endocrine["overall"]["summary"] == "not measured"
    assert len(endocrine["pattern"]) == 8
    assert found["hypoglycemia"]["max_level"] is None
    assert {item["verdict"] for item in found["hypoglycemia"]["levels"].values()} == {"not_measured"}
    assert {found["grade"][edition]["grade"] for edition in ("who_2010", "who_2017", "who_2022")} == {None}
    assert {item["verdict"] for item in found["stage"].values()} == {"not_measured"}
    assert found["response"]["biochemical"]["verdict"] == "not_measured"
    assert found["toxicity"]["hypoglycemia"]["verdict"] == "not_measured"


@pytest.mark.parametrize(
    ("value", "unit", "level"),
    [
        (70, "mg/dL", None),
        (69, "mg/dL", 1),
        (54, "mg/dL", 1),
        (53.9, "mg/dL", 2),
        (3.9, "mmol/L", None),
        (3.0, "mmol/L", 1),
        (2.997, "mmol/L", 2),
    ],
)
def test_levels_at_their_edges(judged: Judge, value: float, unit: str, level: int | None) -> None:
    assert judged(measurements=[measurement("glucose", value, unit)])["hypoglycemia"]["max_level"] == level


def test_level_3_has_no_glucose_limit_and_is_inferred_without_a_tie(judged: Judge) -> None:
    tied = judged(measurements=[measurement("glucose", 62, "mg/dL", condition="needed help: unconsciousness")])
    assert (tied["hypoglycemia"]["max_level"], tied["hypoglycemia"]["levels"]["level_3"]["verdict"]) == (3, "met")
    loose = judged(measurements=[LOW], findings=[{"finding": "loss_of_consciousness"}])
    assert loose["hypoglycemia"]["levels"]["level_3"]["verdict"] == "inferred"
    alone = judged(findings=[{"finding": "loss_of_consciousness"}])
    assert alone["hypoglycemia"]["levels"]["level_3"]["verdict"] == "not_evaluable"
    seizure = judged(findings=[{"finding": "hypoglycemic_seizure"}])
    assert seizure["hypoglycemia"]["max_level"] == 3


def test_a_free_interval_with_a_low_glucose_in_it_is_denied(judged: Judge) -> None:
    found = judged(
        findings=[{"id": "free", "finding": "hypoglycemia", "present": False, "when": "days 13 to 61"}],
        measurements=[{**LOW, "id": "low", "when": "day 20"}],
    )
    (interval,) = found["hypoglycemia"]["free_intervals"]
    assert (interval["verdict"], interval["against"]) == ("not_met", ["low"])


@pytest.mark.parametrize(
    ("value", "unit", "grade"),
    [
        (70, "mg/dL", 0),
        (55, "mg/dL", 1),
        (54, "mg/dL", 2),
        (40, "mg/dL", 2),
        (39.9, "mg/dL", 3),
        (30, "mg/dL", 3),
        (29.9, "mg/dL", 4),
        (3.0, "mmol/L", 1),
        (2.2, "mmol/L", 2),
        (1.7, "mmol/L", 3),
        (1.69, "mmol/L", 4),
    ],
)
def test_ctcae_at_its_edges(judged: Judge, value: float, unit: str, grade: int) -> None:
    found = judged(measurements=[measurement("glucose", value, unit)])
    assert found["toxicity"]["hypoglycemia"]["grade"] == grade


def test_ctcae_is_4_with_a_seizure(judged: Judge) -> None:
    found = judged(measurements=[measurement("glucose", 50, "mg/dL", condition="seizure")])
    assert found["toxicity"]["hypoglycemia"]["grade"] == 4


@pytest.mark.parametrize(("glucose", "verdict"), [(30, "not_evaluable"), (20, "not_evaluable"), (31, "met")])
def test_the_amended_ratio_is_refused_at_or_below_30(judged: Judge, glucose: float, verdict: str) -> None:
    values = [measurement("glucose", glucose, "mg/dL", sample="s"), measurement("insulin", 10, "uU/mL", sample="s")]
    assert judged(measurements=values)["criteria"]["ratios"]["amended_insulin_glucose"]["verdict"] == verdict


@pytest.mark.parametrize(
    ("glucose", "condition", "value"),
    [(20, "fast", None), (63, "overnight fast", None), (90, None, None), (90, "overnight fast", 134.2)],
)
def test_homa_b_is_refused_outside_its_domain(
    judged: Judge, glucose: float, condition: str | None, value: float | None
) -> None:
    values = [
        measurement("glucose", glucose, "mg/dL", sample="s", condition=condition),
        measurement("insulin", 10.03, "uU/mL", sample="s"),
    ]
    found = judged(measurements=values)["criteria"]["ratios"]["homa_b"]
    assert found["value"] == (None if value is None else pytest.approx(value, rel=0.01))
    assert found["verdict"] == ("not_evaluable" if value is None else "met")


def test_insulin_at_the_laboratory_s_own_factor(judged: Judge) -> None:
    values = [
        measurement("insulin", 10, "uU/mL", sample="s", factor=6.945),
        measurement("c_peptide", 0.5, "nmol/L", sample="s"),
    ]
    found = judged(measurements=values)["criteria"]["ratios"]["insulin_to_c_peptide_molar"]
    assert found["value"] == pytest.approx(69.45 / 500, rel=1e-3)
