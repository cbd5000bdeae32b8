"""The 157-day course of the index case: our reference solver beside libroadrunner on the exported SBML, at equal error.

Both are run at the loosest tolerance that keeps glucose within 0.01 mg/dL of a much tighter run, at every hour;
compilation and loading are not counted. libroadrunner goes day by day: its solver fails once a drug that was
eliminated underflows, so that such states are set to zero at midnight. It is loaded anew for every run, as its
events do not happen again after a reset.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Row
from insulinoma.model.export.sbml import sbml
from insulinoma.record.load import load_case
from insulinoma.simulate.case_regimen import course
from insulinoma.simulate.program import Solver
from insulinoma.simulate.schedule import changes, schedule
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import habitual_state, subject

Floats = npt.NDArray[np.float64]
Timed = tuple[Floats, float]
ERROR, DAY, GONE, RUNS = 0.01, 1440, 1e-20, 3
TOLERANCES = (1e-4, 3e-5, 1e-5, 1e-6, 1e-7)


def rows() -> Iterator[Row]:
    """Seconds for one course, ours and theirs."""
    import roadrunner

    test, who = course(load_case()), subject("muro-2014")
    regimen, days = test.regimen(who), round(test.minutes / DAY)
    start = habitual_state(who, hours_fasted=test.hours(who))
    given: dict[str, Any] = {"parameters": dict(who.parameters), "start": start}
    text = sbml(who.model, changes=changes(who.model, schedule(who.model, regimen, test.minutes)), **given)
    states = [name.replace(".", "__") for name in who.model.states]

    def ours(tolerance: float) -> Timed:
        solver, begun = Solver(rtol=tolerance, atol=tolerance), time.perf_counter()
        found = simulate(who.model, regimen, end=test.minutes, every=60.0, solver=solver, **given).require()
        return np.asarray(found["glucose.G"].values[:-1]), time.perf_counter() - begun

    def theirs(tolerance: float) -> Timed:
        runner = roadrunner.RoadRunner(text)
        runner.integrator.maximum_num_steps = 1_000_000
        runner.integrator.relative_tolerance = runner.integrator.absolute_tolerance = tolerance
        runner.timeCourseSelections = ["time", "glucose__G"]
        found, begun = [], time.perf_counter()
        for day in range(days):
            found.append(np.asarray(runner.simulate(DAY * day, DAY * (day + 1), 25))[:-1, 1])
            for name in states:
                if 0 < abs(runner[name]) < GONE:
                    runner[name] = 0.0
        return np.concatenate(found), time.perf_counter() - begun

    true, _ = ours(1e-10)
    (mine, our_seconds), (other, their_seconds) = _loosest(ours, true), _loosest(theirs, true)
    name = f"course: 157 days, glucose to {ERROR} mg/dL (rtol {mine:g})"
    yield Row(name, our_seconds, f"libroadrunner {roadrunner.__version__} (rtol {other:g})", their_seconds)


def _loosest(run: Callable[[float], Timed], true: Floats) -> tuple[float, float]:
    """The loosest tolerance at which every hour's glucose is within the error, and the median seconds there."""
    for tolerance in TOLERANCES:
        try:
            if np.max(np.abs(run(tolerance)[0] - true)) <= ERROR:
                return tolerance, statistics.median(run(tolerance)[1] for _ in range(RUNS))
        except RuntimeError:
            continue
    raise SystemExit(f"no tolerance down to {TOLERANCES[-1]:g} keeps glucose within {ERROR} mg/dL")
