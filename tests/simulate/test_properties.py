"""Properties of the twin for random people, five standard deviations wide, and random regimens."""

import math
from dataclasses import replace

import numpy as np
import pytest

from insulinoma.model.patient import patient
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.draws import drawn as drawn_person
from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import subject
from insulinoma.simulate.validation.cohort import cohort

FINE = Solver(rtol=1e-6, atol=1e-9)


def drawn(seed: int, *, free: float) -> dict[str, float]:
    """A person whose every parameter lies anywhere within five standard deviations, in its bounds."""
    noise = np.random.default_rng(seed)
    found = {}
    for name, declared in patient().parameters.items():
        value = declared.value * math.exp(declared.log_spread * noise.uniform(-5, 5))
        found[name] = min(max(value, declared.low), declared.high) if declared.log_spread else declared.value
    return {**found, "liver.free": free}


def orders(seed: int) -> Regimen:
    """Meals, insulin, glucagon and glucose at random times and in large amounts."""
    noise = np.random.default_rng(seed)
    regimen = Regimen()
    for what, unit, most in (
        ("meal", "g", 150), ("insulin_bolus", "U", 10), ("glucagon_bolus", "mg", 1), ("dextrose_bolus", "g", 50),
    ):  # fmt: skip
        regimen += give(what, f"{noise.uniform(0, most)} {unit}", at=f"{noise.uniform(0, 1000)} min")
    start = noise.uniform(0, 500)
    for what, unit, most in (("insulin_infusion", "mU/kg/min", 5), ("dextrose", "mg/kg/min", 15)):
        regimen += give(what, f"{noise.uniform(0, most)} {unit}", start=f"{start} min", stop=f"{start + 400} min")
    return regimen


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


@pytest.mark.parametrize("seed", range(10))
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
    for name in patient().states:
        series = found[name].values
        assert np.isfinite(series).all(), name
        assert series.min() >= -1e-6 * max(1.0, series.max()), name
    assert float(found["glucose.G"].min()) > 0


def test_glucose_stays_above_zero_with_ten_times_the_secretion() -> None:
    model = patient_with_tumor(sites=("primary",), treatments=("dextrose", "glucagon"), markers=False)
    sigma = 10 * model.parameters["tumor_secretion.sigma"].value
    found = simulate(model, end=4320, every=30, parameters={"tumor_secretion.sigma": sigma})
    assert found.ending.status == "completed"
    assert 0 < float(found["glucose.G"].min()) < 55
    for name in model.states:
        assert float(found[name].min()) >= -1e-9 * max(1.0, float(found[name].max())), name


@pytest.mark.parametrize("seed", range(6))
def test_half_the_tolerance_changes_glucose_by_less_than_a_thousandth(seed: int) -> None:
    values = drawn(seed, free=1.0) | {"tumor.sigma": 5.0}
    usual, finer = (
        simulate(patient(), orders(seed), end=1440, every=20, parameters=values, solver=Solver(rtol=rtol, atol=atol))
        for rtol, atol in ((1e-8, 1e-9), (5e-9, 5e-10))
    )
    assert np.abs(usual["glucose.G"].values - finer["glucose.G"].values).max() < 1e-3


def test_long_after_food_a_population_of_insulinomas_makes_less_glucose_and_takes_up_no_more() -> None:
    rest = patient().at_rest(patient().parameter_values())
    known = {**patient().parameter_values(), **rest, **patient().input_values()}
    healthy = patient().evaluate(known)[1]
    ends = [one.fast for one in cohort("benign", 24) if one.hours > 5]
    assert len(ends) > 12
    uptake, production = (np.array([float(end[name][-1]) for end in ends]) for name in ("glucose.U_t", "liver.EGP"))
    assert uptake.mean() < healthy["glucose.U_t"]
    assert np.mean(uptake <= healthy["glucose.U_t"]) > 0.75, "0.96 of the 256 patients of the validation"
    assert production.max() < healthy["liver.EGP"]


def test_healthy_people_stay_above_55_in_a_fast_of_a_day() -> None:
    who = subject("healthy-woman")
    test = replace(protocol("fast-72h"), minutes=1440.0, rules=())
    lowest = [float(test.run(drawn_person(who, number, seed=8), solver=FINE)["glucose.G"].min()) for number in range(8)]
    assert min(lowest) > 55
