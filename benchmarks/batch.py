"""Patient-days by second of one core: the batch engine beside libroadrunner and scipy on the same equations.

Times are those of the processor, as cores may be shared; what is compiled once is not counted. Each engine is
shown with its largest difference from steps a thousandth of the error, over random patients of a subject.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from insulinoma.model.export.sbml import sbml
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.batch.expression import MOVING, in_order
from insulinoma.simulate.batch.layout import layout
from insulinoma.simulate.batch.numeric import values
from insulinoma.simulate.batch.scalar import function
from insulinoma.simulate.batch.trace import trace
from insulinoma.simulate.draws import draws
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.schedule import changes, schedule
from insulinoma.simulate.subject import Subject, daily_meals, subject

PATIENTS, OTHERS, DAYS, EVERY, LIMIT = 512, 6, 3, 30.0, 0.05
END = DAYS * 1440.0
GRID = np.arange(0.0, END + 1, EVERY)


@dataclass(frozen=True)
class Speed:
    """How fast an engine is, and how far off."""

    name: str
    by_second: float
    error: float
    reference: float

    def __str__(self) -> str:
        ratio = f"x {self.by_second / self.reference:.1f}" if self.reference else ""
        return f"{self.name:<52} {self.by_second:>10,.0f} patient-days/s   {self.error:>8.4f} mg/dL   {ratio}"


def rows() -> Iterator[str | Speed]:
    """The last column is the speed divided by that of libroadrunner at an error of 0.05 mg/dL."""
    for name in ("healthy-man", "insulinoma"):
        who = subject(name)
        table = _table(who)
        orders = daily_meals(who, days=DAYS)
        exact = _glucose(who, table, orders, precision="float64", tolerance=1e-6)
        traced = trace(who.model, orders=["absorption.meal"], observed=[], whole={}, moved=dict(who.begin))
        count = sum(item.level == MOVING for item in in_order(traced.rates.values()))
        yield f"{name}: {len(who.model.states)} states, {len(traced.rates)} of them move, {count} operations a stage"
        base = _roadrunner(who, table, orders, exact)
        yield Speed(f"libroadrunner, {OTHERS} patients, rtol {base[2]:g}", base[0], base[1], base[0])
        speed, error = _scipy(who, table, exact)
        yield Speed(f"scipy LSODA, right-hand side by numba, {OTHERS} patients", speed, error, base[0])
        for precision in ("float64", "float32"):
            found = _glucose(who, table, orders, precision=precision)
            speed = PATIENTS * DAYS / _seconds(partial(_days, who, table, orders, precision))
            yield Speed(
                f"batch engine, {precision}, {PATIENTS} patients", speed, float(np.abs(found - exact).max()), base[0]
            )


def _table(who: Subject) -> dict[str, Any]:
    return {**draws(who, range(PATIENTS), seed=11)}


def _glucose(who: Subject, table: dict[str, Any], orders: Regimen, **how: Any) -> np.ndarray:
    found = simulate_batch(
        who.model, orders, days=DAYS, parameters=table, start=dict(who.begin), moments=GRID, threads=1, **how
    )
    return np.asarray(found.moments["glucose"].values, float)


def _days(who: Subject, table: dict[str, Any], orders: Regimen, precision: Any) -> None:
    simulate_batch(
        who.model, orders, days=DAYS, parameters=table, start=dict(who.begin), precision=precision, threads=1
    )


def _seconds(call: Callable[[], object], runs: int = 3) -> float:
    call()
    times = []
    for _ in range(runs):
        begin = time.process_time()
        call()
        times.append(time.process_time() - begin)
    return min(times)


def _roadrunner(who: Subject, table: dict[str, Any], orders: Regimen, exact: np.ndarray) -> tuple[float, float, float]:
    """The loosest tolerance with which all patients are within the limit."""
    import roadrunner

    runners = []
    for patient in range(OTHERS):
        one = {name: float(column[patient]) for name, column in table.items()}
        plan = changes(who.model, schedule(who.model, orders, END))
        runners.append(roadrunner.RoadRunner(sbml(who.model, changes=plan, parameters=one, start=dict(who.begin))))
    for rtol in (1e-3, 1e-4, 1e-5, 1e-6):
        worst, spent = 0.0, 0.0
        for patient, runner in enumerate(runners):
            runner.resetAll()
            runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = rtol, rtol * 1e-3
            runner.timeCourseSelections = ["glucose__G"]
            begin = time.process_time()
            found = np.asarray(runner.simulate(0, END, len(GRID)))[:, 0]
            spent += time.process_time() - begin
            worst = max(worst, float(np.abs(found - exact[patient]).max()))
        if worst <= LIMIT:
            break
    return OTHERS * DAYS / spent, worst, rtol


def _scipy(who: Subject, table: dict[str, Any], exact: np.ndarray) -> tuple[float, float]:
    """LSODA with the traced equations compiled for one patient, restarted at each meal."""
    import numba
    from scipy.integrate import solve_ivp

    traced = trace(who.model, orders=["absorption.meal"], observed=[], whole={}, moved=dict(who.begin))
    rows_ = layout(traced)
    rates = numba.njit(function(traced.rates, rows_, float, 500.0))
    out, none = np.zeros(len(rows_.states)), np.zeros(1)
    plan = schedule(who.model, daily_meals(who, days=DAYS), END)
    spent = worst = 0.0
    for patient in range(OTHERS):
        parameters = who.model.parameter_values({name: float(column[patient]) for name, column in table.items()})
        known = {**parameters, **who.model.at_rest(parameters), **dict(who.begin)}
        p = np.array([values([item], known)[0] for item in rows_.patient], float).reshape(-1, 1)

        def field(t: float, y: np.ndarray, p: np.ndarray = p) -> np.ndarray:
            rates(y, none, p, 0, 0.0, out)
            return out.copy()

        y, found = np.array([known[name] for name in rows_.states], float), np.full(len(GRID), math.nan)
        field(0.0, y)
        begin = time.process_time()
        for row, (left, right) in enumerate(zip(plan.edges[:-1], plan.edges[1:], strict=True)):
            for name, amount in zip(who.model.events, plan.amounts[row], strict=True):
                if np.isfinite(amount):
                    changed = who.model.happen(name, {**known, **dict(zip(rows_.states, y, strict=True))}, amount)
                    y = np.array([changed.get(name, y[place]) for place, name in enumerate(rows_.states)])
            times = GRID[(left <= GRID) & (right >= GRID)]
            course = solve_ivp(field, (left, right), y, method="LSODA", rtol=1e-4, atol=1e-6, t_eval=times)
            y = course.y[:, -1]
            if len(times) and times[-1] != right:
                y = solve_ivp(field, (left, right), course.y[:, 0], method="LSODA", rtol=1e-4, atol=1e-6).y[:, -1]
            found[np.searchsorted(GRID, times)] = (
                course.y[rows_.states.index("glucose.G_p")] / parameters["glucose.V_G"]
            )
        spent += time.process_time() - begin
        worst = max(worst, float(np.abs(found - exact[patient]).max()))
    return OTHERS * DAYS / spent, worst
