from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

from insulinoma.errors import UsageError
from insulinoma.model.tumor_course import tumor_course
from insulinoma.simulate.batch import Series, engine, simulate_batch
from insulinoma.simulate.draws import drawn
from insulinoma.simulate.protocol import protocol
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
    orders = regimen(WHO)
    batch = simulate_batch(WHO.model, orders, days=DAYS, parameters=table, moments=GRID, precision=precision)
    for patient in range(3):
        one = {name: float(values[patient]) for name, values in table.items()}
        exact = simulate(WHO.model, orders, end=DAYS * 1440.0, every=30.0, parameters=one)
        assert np.abs(batch.moments["glucose"][patient] - exact["glucose.G"].values).max() < largest
        assert np.allclose(batch.moments["insulin"][patient], exact["insulin.I"].values, rtol=2e-3)
        fine = simulate(WHO.model, orders, end=DAYS * 1440.0, every=1.0, parameters=one)["glucose.G"].values[:-1]
        for day, part in enumerate(fine.reshape(DAYS, 1440)):
            row = batch.days.isel(patient=patient, day=day)
            assert float(row["glucose_min"]) == pytest.approx(part.min(), abs=0.1)
            assert float(row["glucose_mean"]) == pytest.approx(part.mean(), abs=0.1)
            assert float(row["minutes_above_180"]) == pytest.approx((part > 180).sum(), abs=4)


def test_a_kernel_leaves_the_arithmetic_of_its_thread_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    here = SimpleNamespace(map=map)
    monkeypatch.setattr(engine, "ThreadPoolExecutor", lambda threads: nullcontext(here))
    simulate_batch(WHO.model, Regimen(), days=1, parameters={})
    assert np.array(1e-310) * 0.5 > 0


def test_dextrose_is_what_was_ordered() -> None:
    days = simulate_batch(WHO.model, regimen(WHO), days=DAYS, parameters={"person.weight": [60.0, 90.0]}).days
    by_hour = np.array([60.0, 90.0]) * 1.5 * 60 / 1000
    assert np.allclose(days["dextrose_g"].values, np.stack([25 + by_hour, 7 * by_hour], axis=1), rtol=1e-5)


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


def test_a_patient_has_the_same_summary_in_blocks_sorted_by_steps() -> None:
    table = drawn_parameters(WHO, 40)
    told: list[int] = []

    def run(chosen: slice) -> list[np.ndarray]:
        some = {name: values[chosen] for name, values in table.items()}
        found = simulate_batch(WHO.model, daily_meals(WHO, days=7), days=7, parameters=some, shown=told.append)
        return [column.values for column in found.days.data_vars.values()]

    whole = run(slice(None))
    assert told == sorted(told)
    assert told[-1] == 40 * 7
    for chosen in (slice(3, 5), slice(None, None, -1)):
        for part, again in zip(whole, run(chosen), strict=True):
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


def test_a_treated_tumor_is_that_of_the_reference_solver() -> None:
    model = tumor_course(sites=("right_lobe",), treatments=("etoposide_cisplatin",), markers=False)
    orders = give("right_lobe.embolize", "1", at="30 h") + give("etoposide_cisplatin", "1", at="10 h")
    table = {"tumor.V_liver": 300.0, "tumor.VDT": 40.0}
    names = ["right_lobe.V", "right_lobe.W", "right_lobe.N", "right_lobe.r", "burden.V_tumor"]
    exact = simulate(model, orders, end=10 * 1440.0, every=1440.0, parameters=table)
    batch = simulate_batch(model, orders, days=10, follow=names, parameters=table)
    assert list(batch.days.data_vars) == names
    for name in names:
        assert np.allclose(batch.days[name][0], exact[name].values[1:], rtol=1e-4, atol=1e-5), name


def test_a_clamp_runs_in_the_kernel() -> None:
    test = protocol("euglycemic-clamp")
    model, orders = test.model(WHO), test.regimen(WHO)
    moments = np.arange(0.0, 121.0, 20.0)
    batch = simulate_batch(model, orders, days=1, parameters={}, moments=moments)
    exact = simulate(model, orders, end=120.0, every=20.0)
    assert np.abs(batch.moments["glucose"][0] - exact["glucose.G"].values).max() < 0.05


def test_series_of_chosen_patients_have_the_values_of_the_moments() -> None:
    table = {"person.weight": [60.0, 75.0, 90.0]}
    given = {"days": 1, "parameters": table, "follow": ["liver.Gc"]}
    orders = daily_meals(WHO, days=1)
    found = simulate_batch(WHO.model, orders, series=Series([2, 0], every=30.0), **given).series
    moments = simulate_batch(WHO.model, orders, moments=np.arange(0.0, 1441.0, 30.0), **given).moments
    assert found["patient"].values.tolist() == [2, 0]
    for name in ("glucose", "insulin", "c_peptide", "liver.Gc"):
        assert np.array_equal(found[name], moments[name][[2, 0]])


def test_a_gpu_is_asked_for_where_there_is_none() -> None:
    with pytest.raises(UsageError, match="none is here"):
        simulate_batch(WHO.model, Regimen(), days=1, parameters={}, device="cuda")


ON_A_GPU = """
import numpy as np
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.regimen import give
from insulinoma.simulate.subject import subject
who = subject("healthy-man")
orders = give("meal", "60 g", at="7 h") + give("dextrose_bolus", "25 g", at="11 h")
orders += give("dextrose", "2 mg/kg/min", start="15 h", stop="18 h")
asked = {"days": 1, "parameters": {"person.weight": [60.0, 90.0]}, "moments": np.arange(0.0, 1441.0, 120.0)}
asked["follow"] = ["liver.Gc"]
cpu, gpu = (simulate_batch(who.model, orders, device=device, **asked) for device in ("cpu", "cuda"))
assert np.abs(cpu.moments["glucose"] - gpu.moments["glucose"]).max() < 0.05
for name in cpu.days:
    assert np.allclose(cpu.days[name], gpu.days[name], rtol=1e-3, atol=0.1), name
print("same")
"""


def test_the_kernel_of_the_gpu_does_the_same_in_the_simulator() -> None:
    pytest.importorskip("numba")
    asked = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    done = subprocess.run([sys.executable, "-c", ON_A_GPU], env=asked, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "same", done.stderr
