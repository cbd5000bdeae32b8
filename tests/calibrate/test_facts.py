"""What the facts of a record say of the model."""

from __future__ import annotations

import math

import pytest

from insulinoma.calibrate.facts.likelihood import Inside, Measured
from insulinoma.calibrate.facts.quantity import AtTime, OfDays, Ratio
from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.record.facts import Finding, Measurement
from insulinoma.record.load import load_case


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(load_case())


def observed(problem: Problem, fact: str):  # type: ignore[no-untyped-def]
    return next(item for item in problem.facts.observations if item.fact == fact)


def test_the_laboratory_values_of_the_index_case_are_read_in_the_units_of_the_model(problem: Problem) -> None:
    values = {
        item.fact: (round(item.likelihood.value, 1), item.unit)
        for item in problem.facts.observations
        if isinstance(item.likelihood, Measured)
    }
    assert values == {
        "glucose-emergency": (20.0, "mg/dL"),
        "glucose-second-hospital": (54.0, "mg/dL"),
        "insulin-second-hospital": (405.0, "pmol/L"),
        "c-peptide-second-hospital": (2085.9, "pmol/L"),
        "ca19-9-second-hospital": (53.7, "U/mL"),
        "nse-second-hospital": (169.9, "ng/mL"),
        "dupan-2-second-hospital": (235.0, "U/mL"),
        "span-1-second-hospital": (36.1, "U/mL"),
        "primary-size": (2.7, "cm"),
    }


def test_a_sample_is_one_draw_of_unknown_time_before_the_first_embolization(problem: Problem) -> None:
    sample = [item for item in problem.facts.observations if item.sample.startswith("second-hospital")]
    assert len(sample) == 7
    readings = {item.quantity.readings for item in sample if isinstance(item.quantity, AtTime)}
    assert len(readings) == 1
    assert all(1 <= day < 12 for day in readings.pop())


def test_statements_over_windows(problem: Problem) -> None:
    free = observed(problem, "no-hypoglycemia")
    assert isinstance(free.quantity, OfDays)
    assert (free.quantity.name, free.quantity.first, free.quantity.last) == ("glucose_min", 13, 62)
    assert (free.likelihood.low, free.likelihood.high) == (54, math.inf)
    again = observed(problem, "hypoglycemia-recurred").quantity
    assert (again.first, again.last, again.rank) == (62, 157, 2)
    normal = observed(problem, "glucose-after-tae").quantity
    assert (normal.first, normal.last) == (13, 62), "an open window ends where hypoglycemia came back"


def test_a_direction_compares_with_the_value_before(problem: Problem) -> None:
    item = observed(problem, "nse-after-tae")
    assert isinstance(item.quantity, Ratio)
    assert isinstance(item.likelihood, Inside)
    assert max(item.quantity.before) < 12 < min(item.quantity.after)
    assert item.likelihood.high == 1.0
    shrunk = observed(problem, "metastases-decreased").quantity
    assert {math.floor(day) for day in shrunk.after} == {40, 50}, "four weeks after either embolization"


def test_every_measurement_and_finding_is_used_or_says_why_not(problem: Problem) -> None:
    used = {item.fact for item in problem.facts.observations}
    for _, fact in load_case().facts():
        if isinstance(fact, Measurement | Finding):
            assert (fact.id in used) != (fact.id in problem.facts.unused), fact.id
    assert "Ki-67" in problem.facts.unused["ki67"]


def test_priors_are_those_of_the_kind_and_not_of_the_case(problem: Problem) -> None:
    assert problem.who.name == "malignant-insulinoma"
    priors = problem.coordinates.priors
    assert priors["tumor_secretion.sigma"].value == 2.3
    assert priors["tumor.d_primary"].value == 3.3
    assert not {"person.age", "person.woman"} & set(priors), "covariates are known"
    assert "amount.high-calorie-infusion" in priors, "a rate that no source states"
