from __future__ import annotations

import numpy as np
import pytest

from insulinoma.errors import UsageError
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.population import drawn
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject, daily_meals, subject

WHO = subject("healthy-man")
DAYS = 2
GRID = np.arange(0.0, DAYS * 1440.0 + 1, 30.0)


def drawn_parameters(who: Subject, patients: int) -> dict[str, np.ndarray]:
    people = [drawn(who, number, seed=5).values for number in range(patients)]
    changed = [name for name in people[0] if len({values[name] for values in people}) > 1]
    return {name: np.array([values[name] for values in people]) for name in changed}


def regimen(who: Subject) -> Regimen:
    drip = give("dextrose", "1.5 mg/kg/min", start="23 h", stop="31 h")
    return daily_meals(who, days=DAYS) + drip + give("dextrose_bolus", "25 g", at="20 h")


@pytest.mark.parametrize(("precision", "largest"), [("float32", 0.05), ("float64", 0.005)])
def test_glucose_is_that_of_the_reference_solver(precision: str, largest: float) -> None:
    table = drawn_parameters(WHO, 3)
    orders = daily_meals(WHO, days=DAYS)
    batch = simulate_batch(WHO.model, orders, days=DAYS, parameters=table, moments=GRID, precision=precision)
    for patient in range(3):
        one = {name: float(values[patient]) for name, values in table.items()}
        exact = simulate(WHO.model, orders, end=DAYS * 1440.0, every=30.0, parameters=one)
        assert np.abs(batch.moments["glucose"][patient] - exact["glucose.G"].values).max() < largest
        assert np.allclose(batch.moments["insulin"][patient], exact["insulin.I"].values, rtol=1e-3)
        fine = simulate(WHO.model, orders, end=DAYS * 1440.0, every=1.0, parameters=one)["glucose.G"].values[:-1]
        for day, part in enumerate(fine.reshape(DAYS, 1440)):
            row = batch.days.isel(patient=patient, day=day)
            assert float(row["glucose_min"]) == pytest.approx(part.min(), abs=0.1)
            assert float(row["glucose_mean"]) == pytest.approx(part.mean(), abs=0.1)
            assert float(row["minutes_above_180"]) == pytest.approx((part > 180).sum(), abs=4)


def test_dextrose_is_what_was_ordered() -> None:
    days = simulate_batch(WHO.model, regimen(WHO), days=DAYS, parameters={"person.weight": [60.0, 90.0]}).days
    by_hour = np.array([60.0, 90.0]) * 1.5 * 60 / 1000
    assert np.allclose(days["dextrose_g"].values, np.stack([25 + by_hour, 7 * by_hour], axis=1), rtol=1e-4)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_patient_has_the_same_numbers_in_any_batch(precision: str) -> None:
    table = drawn_parameters(WHO, 37)
    meals = [daily_meals(WHO, days=1 + number % 2) for number in range(37)]
    moments = np.random.default_rng(3).uniform(0, 1440 * DAYS, (37, 5))

    def run(chosen: list[int], threads: int) -> list[np.ndarray]:
        found = simulate_batch(
            WHO.model,
            [meals[number] for number in chosen],
            days=DAYS,
            parameters={name: values[chosen] for name, values in table.items()},
            moments=moments[chosen],
            follow=["liver.Gc"],
            precision=precision,
            threads=threads,
        )
        return [part.values for part in (*found.days.data_vars.values(), *found.moments.data_vars.values())]

    everyone = list(range(37))
    whole = run(everyone, 1)
    assert all(np.isfinite(part).all() for part in whole)
    for chosen in (everyone[::-1], everyone[30:33], [17]):
        for threads in (1, 2):
            for part, again in zip(whole, run(chosen, threads), strict=True):
                assert np.array_equal(part[chosen], again)


def test_one_patient_fails_and_the_others_go_on() -> None:
    alone = simulate_batch(WHO.model, regimen(WHO), days=DAYS, parameters={"insulin.m_1": [0.3, 0.35]})
    table = {"insulin.m_1": [0.3, float("nan"), 0.35]}
    batch = simulate_batch(WHO.model, regimen(WHO), days=DAYS, parameters=table)
    assert [failure.patient for failure in batch.failures] == [1]
    assert np.isnan(batch.failures[0].parameters["insulin.m_1"])
    assert np.isnan(batch.days["glucose_mean"][1]).all()
    assert np.array_equal(batch.days["glucose_mean"][[0, 2]], alone.days["glucose_mean"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"follow": ["liver.Gx"]}, "'liver.Gx' is neither a state nor an output"),
        ({"start": {"liver.x": 1.0}}, "'liver.x' is neither a state nor a constant"),
        ({"parameters": {"liver.x": 1.0}}, "'liver.x' is not a parameter"),
        ({"parameters": {"person.weight": [1.0, 2.0], "person.height": [1.0]}}, "'person.height' has the shape"),
        ({"moments": [3000.0]}, "outside the 2 days"),
        ({"precision": "float16"}, "'float16' is not a precision"),
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        simulate_batch(WHO.model, Regimen(), **{"days": DAYS, "parameters": {}, **asked})
