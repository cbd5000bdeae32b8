"""All engines on every subject: reference, lanes of 64 and 32 bits, the kernel of a GPU, and libroadrunner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from insulinoma.model.export.sbml import sbml
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import draws
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.schedule import changes, schedule
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject, daily_meals, parameter_sets, subject

SUBJECTS = sorted(parameter_sets())
GRID = np.arange(0.0, 1441.0, 60.0)
PATIENTS, SEED = 2, 17


def orders(who: Subject) -> Regimen:
    found = daily_meals(who, days=1) + give("dextrose_bolus", "25 g", at="day 0 03:00")
    found += give("dextrose", "1 mg/kg/min", start="day 0 20:00", stop="day 0 22:00")
    if "right_lobe" in who.model.parts:
        found += give("right_lobe.embolize", "1", at="day 0 09:00") + give("etoposide_cisplatin", "1", at="day 0 10:00")
    if "diazoxide" in who.model.parts:
        found += give("diazoxide", "100 mg", at="day 0 08:00") + give("octreotide", "100 ug", at="day 0 12:00")
    return found


def drawn(who: Subject, patients: int = PATIENTS) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in draws(who, range(patients), seed=SEED).items()}


def in_lanes(name: str, patients: int = PATIENTS, **how: str) -> np.ndarray:
    who = subject(name)
    asked = {"days": 1, "parameters": drawn(who, patients), "start": dict(who.begin), "moments": GRID, **how}
    return np.asarray(simulate_batch(who.model, orders(who), **asked).moments["glucose"])


@cache
def reference(name: str) -> np.ndarray:
    who, found = subject(name), []
    for patient in range(PATIENTS):
        one = {key: values[patient] for key, values in drawn(who).items()}
        course = simulate(who.model, orders(who), end=1440.0, every=60.0, parameters=one, start=dict(who.begin))
        found.append(course["glucose.G"].values)
    return np.array(found)


@pytest.fixture(scope="module")
def on_a_gpu() -> dict[str, list[list[float]]]:
    program = f"import sys, json; sys.path.insert(0, {os.path.dirname(__file__)!r}); import test_engines as t\n"
    program += "print(json.dumps({name: t.in_lanes(name, 1, device='cuda').tolist() for name in t.SUBJECTS}))"
    asked = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize(("precision", "largest"), [("float64", 0.005), ("float32", 0.05)])
def test_lanes_agree_with_the_reference_solver(name: str, precision: str, largest: float) -> None:
    assert np.abs(in_lanes(name, precision=precision) - reference(name)).max() < largest


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_kernel_of_a_gpu_agrees_with_the_lanes(name: str, on_a_gpu: dict[str, list[list[float]]]) -> None:
    assert np.abs(np.array(on_a_gpu[name]) - in_lanes(name, 1)).max() < 0.05


@pytest.mark.parametrize("name", SUBJECTS)
def test_lanes_agree_with_another_simulator_on_the_exported_model(name: str) -> None:
    roadrunner = pytest.importorskip("roadrunner")
    who = subject(name)
    plan = changes(who.model, schedule(who.model, orders(who), 1440.0))
    found = in_lanes(name, precision="float64")
    for patient in range(PATIENTS):
        one = {key: values[patient] for key, values in drawn(who).items()}
        runner = roadrunner.RoadRunner(sbml(who.model, changes=plan, parameters=one, start=dict(who.begin)))
        runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-8, 1e-9
        runner.timeCourseSelections = ["glucose__G"]
        theirs = np.asarray(runner.simulate(0, 1440, len(GRID)))[:, 0]
        assert np.abs(found[patient] - theirs).max() < 0.005
