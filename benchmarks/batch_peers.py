"""Other solvers on the same equations, each at the loosest tolerance that keeps glucose within the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.batch_work import LIMIT, Floats, Work, worst
from benchmarks.jax_equations import JaxEquations
from insulinoma.model.export.sbml import sbml
from insulinoma.simulate.batch.numeric import values
from insulinoma.simulate.batch.scalar import function
from insulinoma.simulate.schedule import changes, schedule

EVERY, SAVES = 30.0, 12
TOLERANCES = (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5, 1e-6)


@dataclass(frozen=True)
class Peer:
    """A solver on some patients: what runs them, how many patient-days that is, and its error (mg/dL)."""

    name: str
    run: Callable[[], Any]
    patient_days: int
    error: float


def loosest(name: str, solve: Callable[[float], Floats], work: Work, exact: Floats) -> Peer:
    """The peer at the loosest tolerance within the limit."""
    for tolerance in TOLERANCES:
        error = worst(solve(tolerance), exact)
        if error <= LIMIT:
            return Peer(f"{name}, rtol {tolerance:g}", partial(solve, tolerance), work.patient_days, error)
    raise SystemExit(f"{name}: no tolerance down to {TOLERANCES[-1]:g} keeps glucose within {LIMIT} mg/dL")


def roadrunner(work: Work) -> Peer:
    """libroadrunner on the exported SBML, one patient after the other."""
    import roadrunner as other

    grid = np.arange(0.0, work.end + 1, EVERY)
    plan = changes(work.who.model, schedule(work.who.model, work.orders, work.end))
    start = dict(work.who.begin)
    runners = []
    for patient in range(work.patients):
        text = sbml(work.who.model, changes=plan, parameters=work.one(patient), start=start)
        runners.append(other.RoadRunner(text))

    def solve(rtol: float) -> Floats:
        found = []
        for runner in runners:
            runner.resetAll()
            runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = rtol, rtol * 1e-3
            runner.timeCourseSelections = ["glucose__G"]
            found.append(np.array(runner.simulate(0, work.end, len(grid)))[:, 0])
        return np.array(found)

    return loosest(f"libroadrunner {other.__version__}", solve, work, work.exact(grid))


@dataclass(frozen=True)
class Parts:
    """The days between meals, with what is known of the patients: states and the kernel's numbers, by patient."""

    edges: list[float]
    amounts: list[float]
    start: Floats
    patient: Floats
    volume: Floats

    @property
    def moments(self) -> Floats:
        """Some moments between each two edges."""
        return np.concatenate([self.inside(row) for row in range(len(self.edges) - 1)])

    def inside(self, row: int) -> Floats:
        left, right = self.edges[row : row + 2]
        return np.linspace(left, right, SAVES + 1)[1:] - 1e-3


def parts(work: Work) -> Parts:
    """The work for a solver that is called from meal to meal."""
    plan = schedule(work.who.model, work.orders, work.end)
    meal = list(work.who.model.events).index("absorption.meal")
    amounts = [float(row[meal]) if np.isfinite(row[meal]) else 0.0 for row in plan.amounts]
    parameters = work.who.model.parameter_values(work.table)
    known = {**parameters, **work.who.model.at_rest(parameters), **dict(work.who.begin)}
    rows, wide = work.rows, np.ones(work.patients)
    start = np.array([np.asarray(known[name], float) * wide for name in rows.states]).T
    patient = np.array([np.asarray(value, float) * wide for value in values(rows.patient, known)]).T
    return Parts([float(edge) for edge in plan.edges], amounts, start, patient, parameters["glucose.V_G"] * wide)


def scipy(work: Work) -> Peer:
    """LSODA of scipy, restarted at each meal; the right-hand side compiled by numba."""
    import numba
    from scipy.integrate import solve_ivp

    given, rows = parts(work), work.rows
    rates = numba.njit(function(work.traced.rates, rows, float, 500.0))
    eat = numba.njit(function(work.traced.events["absorption.meal"], rows, float, 500.0))
    where = [rows.states.index(name) for name in work.traced.events["absorption.meal"]]
    out, none, glucose = np.zeros(len(rows.states)), np.zeros(1), rows.states.index("glucose.G_p")

    def solve(rtol: float) -> Floats:
        found = []
        for patient in range(work.patients):
            p, y = given.patient[patient].reshape(-1, 1), given.start[patient].copy()

            def field(t: float, y: Floats, p: Floats = p) -> Floats:
                rates(y, none, p, 0, 0.0, out)
                return out.copy()

            line: list[float] = []
            for row, amount in enumerate(given.amounts[: len(given.edges) - 1]):
                if amount:
                    eat(y, none, p, 0, amount, out)
                    y[where] = out[: len(where)]
                left, right = given.edges[row : row + 2]
                times = np.append(given.inside(row), right)
                course = solve_ivp(field, (left, right), y, method="LSODA", rtol=rtol, atol=rtol * 1e-2, t_eval=times)
                y = course.y[:, -1].copy()
                line.extend(course.y[glucose, :-1] / given.volume[patient])
            found.append(line)
        return np.array(found)

    return loosest("scipy LSODA, right-hand side by numba", solve, work, work.exact(given.moments))


def diffrax(work: Work) -> Iterator[Peer]:
    """Solvers of diffrax under `vmap`, compiled by XLA, in 64 bits and the fastest kind in 32 bits."""
    import diffrax as other

    given = parts(work)
    exact = work.exact(given.moments)
    solvers = {"Tsit5": other.Tsit5(), "Bosh3": other.Bosh3()}
    for name, bits in (("Tsit5", 64), ("Bosh3", 64), ("Bosh3", 32)):
        solve = _vmapped(work, given, solvers[name], f"float{bits}")
        yield loosest(f"diffrax {name} under vmap, {bits} bits", solve, work, exact)


def _vmapped(work: Work, given: Parts, solver: Any, kind: str) -> Callable[[float], Floats]:
    import diffrax as other
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    equations = JaxEquations(work.traced)

    def one(y: Any, p: Any, bounds: Any, times: Any, amount: Any, rtol: Any) -> Any:
        y = jnp.where(amount > 0, equations.after("absorption.meal", y, p, amount), y)
        control = other.PIDController(rtol=rtol, atol=rtol * 1e-2)
        found = other.diffeqsolve(
            other.ODETerm(lambda t, y, p: equations.rates(y, p)),
            solver,
            bounds[0],
            bounds[1],
            None,
            y,
            args=p,
            saveat=other.SaveAt(ts=times, t1=True),
            stepsize_controller=control,
            max_steps=None,
        )
        return found.ys

    several = jax.jit(jax.vmap(one, in_axes=(0, 0, None, None, None, None)))
    start, patient = given.start.astype(kind), given.patient.astype(kind)
    glucose = work.rows.states.index("glucose.G_p")

    def solve(rtol: float) -> Floats:
        y, found = jnp.asarray(start), []
        for row, amount in enumerate(given.amounts[: len(given.edges) - 1]):
            left, right = given.edges[row : row + 2]
            # Clocks begin anew at each meal: in 32 bits minutes of days have no room for short steps.
            bounds, times = np.array([0.0, right - left], kind), (given.inside(row) - left).astype(kind)
            course = several(y, patient, bounds, times, np.array(amount, kind), np.array(rtol, kind))
            y = course[:, -1]
            found.append(np.asarray(course[:, :-1, glucose], float) / given.volume[:, None])
        return np.concatenate(found, axis=1)

    return solve
