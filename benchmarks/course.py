"""The 157-day course of the index case: our reference solver beside libroadrunner on the exported SBML, at equal error.

Both are run at the loosest tolerance that keeps glucose within 0.01 mg/dL of a much tighter run, at every hour;
compilation is not counted. libroadrunner goes day by day: once a drug that was eliminated underflows its solver
fails, so that such states are set to zero at midnight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.measure import Row, median_seconds
from insulinoma.model.export.sbml import sbml
from insulinoma.record.load import load_case
from insulinoma.simulate.case_regimen import course
from insulinoma.simulate.program import Solver
from insulinoma.simulate.schedule import changes, schedule
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import habitual_state, subject

Floats = npt.NDArray[np.float64]
ERROR, DAY, GONE = 0.01, 1440, 1e-20
TOLERANCES = (1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 3e-8, 1e-8)


def rows() -> Iterator[Row]:
    """Seconds for one course, ours and theirs."""
    import roadrunner

    test, who = course(load_case()), subject("muro-2014")
    regimen, days = test.regimen(who), round(test.minutes / DAY)
    start = habitual_state(who, hours_fasted=test.hours(who))
    given: dict[str, Any] = {"parameters": dict(who.parameters), "start": start}
    text = sbml(who.model, changes=changes(who.model, schedule(who.model, regimen, test.minutes)), **given)
    runner = roadrunner.RoadRunner(text)
    runner.integrator.maximum_num_steps = 1_000_000
    runner.timeCourseSelections = ["time", "glucose__G"]
    states = [name.replace(".", "__") for name in who.model.states]

    def ours(tolerance: float) -> Floats:
        solver = Solver(rtol=tolerance, atol=tolerance / 100)
        found = simulate(who.model, regimen, end=test.minutes, every=60.0, solver=solver, **given).require()
        return np.asarray(found["glucose.G"].values[:-1])

    def theirs(tolerance: float) -> Floats:
        runner.resetAll()
        runner.integrator.relative_tolerance = tolerance
        runner.integrator.absolute_tolerance = tolerance / 100
        found = []
        for day in range(days):
            found.append(np.asarray(runner.simulate(DAY * day, DAY * (day + 1), 25))[:-1, 1])
            for name in states:
                if 0 < abs(runner[name]) < GONE:
                    runner[name] = 0.0
        return np.concatenate(found)

    true = ours(1e-11)
    mine, other = _loosest(ours, true), _loosest(theirs, true)
    yield Row(
        f"course: 157 days, glucose within {ERROR} mg/dL (rtol {mine:g})",
        median_seconds(lambda: ours(mine)),
        f"libroadrunner {roadrunner.__version__} (rtol {other:g})",
        median_seconds(lambda: theirs(other)),
    )


def _loosest(run: Callable[[float], Floats], true: Floats) -> float:
    """The loosest tolerance at which every hour's glucose is within the error."""
    for tolerance in TOLERANCES:
        try:
            if np.max(np.abs(run(tolerance) - true)) <= ERROR:
                return tolerance
        except (RuntimeError, ValueError):
            continue
    raise SystemExit(f"no tolerance down to {TOLERANCES[-1]:g} keeps glucose within {ERROR} mg/dL")
