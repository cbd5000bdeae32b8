"""Properties of the twin for random people, five standard deviations wide, and random regimens."""

import math

import numpy as np
import pytest

from insulinoma.model.patient import patient
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

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
