"""Properties of the twin for random people, five standard deviations wide, and random regimens."""

import re
from dataclasses import replace

import numpy as np
import pytest

from insulinoma.model.patient import patient
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.draws import drawn as drawn_person
from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import subject
from insulinoma.simulate.validation.people import TYPICAL
from tests.simulate.people import drawn, orders

FINE = Solver(rtol=1e-6, atol=1e-9)
FAILURE = re.compile(
    r"The integration failed at (\S+) min, where (\S+) was [^;]+; "
    r"the parameter farthest from its prior is (.+)\."
)


def lowest(found: Solution, names: object) -> float:
    """The lowest value of any of these states."""
    return min(float(found[name].min()) for name in names)


@pytest.mark.parametrize("seed", range(300))
def test_constants_are_positive_and_every_person_rests(seed: int) -> None:
    model = patient()
    values = drawn(seed, free=0.0)
    rest = model.at_rest(values)
    assert all(rest[name] > 0 for name in model.constants)
    assert all(rest[name] >= 0 for name in model.states)
    rates, outputs = model.evaluate({**values, **rest, **model.input_values()})
    assert max(abs(rate) / max(1.0, abs(rest[name])) for name, rate in rates.items()) < 1e-10
    assert outputs["glucose.G"] == pytest.approx(values["glucose.G_b"], rel=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_rest_lasts_24_hours(seed: int) -> None:
    found = simulate(patient(), end=1440, every=120, parameters=drawn(seed, free=0.0))
    for name in patient().states:
        series = found[name].values
        assert np.max(np.abs(series - series[0])) <= 1e-6 * max(1.0, abs(series[0])), name


@pytest.mark.parametrize("seed", range(60))
def test_no_state_goes_negative_under_any_regimen(seed: int) -> None:
    values = drawn(seed, free=1.0) | {"tumor.sigma": float(np.random.default_rng(seed).uniform(0, 50))}
    found = simulate(patient(), orders(seed), end=1440, every=20, parameters=values, solver=FINE)
    assert found.ending.status == "completed", found.ending.message
    assert lowest(found, patient().states) >= 0
    assert lowest(found, ["glucose.G_p"]) > 0


@pytest.mark.parametrize("seed", range(40))
def test_glucose_stays_above_zero_with_ten_times_the_secretion(seed: int) -> None:
    sigma = 10 * TYPICAL.patient.values["tumor.sigma"]
    found = simulate(patient(), end=4320, every=30, parameters=drawn(seed, free=1.0) | {"tumor.sigma": sigma})
    assert found.ending.status == "completed"
    assert lowest(found, patient().states) >= 0
    assert lowest(found, ["glucose.G_p"]) > 0


def test_a_benign_tumor_with_ten_times_the_secretion_brings_deep_hypoglycemia_and_no_failure() -> None:
    model = patient_with_tumor(sites=("primary",), treatments=("dextrose", "glucagon"), markers=False)
    sigma = 10 * model.parameters["tumor_secretion.sigma"].value
    found = simulate(model, end=4320, every=30, parameters={"tumor_secretion.sigma": sigma})
    assert found.ending.status == "completed"
    assert 0 < float(found["glucose.G"].min()) < 55
    assert lowest(found, model.states) >= 0


@pytest.mark.parametrize("seed", range(40))
def test_half_the_tolerance_changes_glucose_by_less_than_a_thousandth(seed: int) -> None:
    values = drawn(seed, free=1.0) | {"tumor.sigma": 5.0}
    usual, finer = (
        simulate(patient(), orders(seed), end=1440, every=20, parameters=values, solver=Solver(rtol=rtol, atol=atol))
        for rtol, atol in ((1e-8, 1e-9), (5e-9, 5e-10))
    )
    assert np.abs(usual["glucose.G"].values - finer["glucose.G"].values).max() < 1e-3


@pytest.mark.parametrize("seed", range(20))
def test_a_failing_run_names_time_state_and_the_parameter_farthest_from_its_prior(seed: int) -> None:
    declared = {name: item for name, item in patient().parameters.items() if item.log_spread}
    noise = np.random.default_rng(seed)
    far = str(noise.choice(list(declared)))
    scores = {name: 6.0 if name == far else noise.uniform(-5, 5) for name in declared}
    values = {name: item.value * float(np.exp(scores[name] * item.log_spread)) for name, item in declared.items()}
    found = simulate(patient(), orders(seed), end=1440, parameters=values, solver=Solver(max_steps=20))
    told = FAILURE.fullmatch(found.ending.message)
    assert told, found.ending.message
    when, state, suspect = told.groups()
    assert float(when) == pytest.approx(found.ending.minutes, rel=1e-5)
    assert state in patient().states
    assert suspect.startswith(f"{far} = ")
    assert suspect.endswith("(6.0 standard deviations)")
    assert ". " not in found.ending.message


def test_healthy_people_stay_above_55_in_a_fast_of_a_day() -> None:
    who = subject("healthy-woman")
    test = replace(protocol("fast-72h"), minutes=1440.0, rules=())
    lowest = [float(test.run(drawn_person(who, number, seed=8), solver=FINE)["glucose.G"].min()) for number in range(8)]
    assert min(lowest) > 55
