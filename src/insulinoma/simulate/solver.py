"""One patient through the reference solver: regimen in, solution out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from insulinoma import __version__
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Output, Parameter, State
from insulinoma.simulate.failure import explain
from insulinoma.simulate.prepare import Prepared, prepare
from insulinoma.simulate.program import STOPPED, Course, Solver, program
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.solution import Ending, Solution
from insulinoma.simulate.stopping import StopRule

if TYPE_CHECKING:
    import xarray


def simulate(
    model: Model,
    regimen: Regimen | None = None,
    *,
    end: float,
    every: float = 5.0,
    parameters: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
    rules: tuple[StopRule, ...] = (),
    solver: Solver | None = None,
    priors: Mapping[str, Parameter] | None = None,
) -> Solution:
    """The course of a model under a regimen from 0 to `end` minutes, saved `every` so many minutes.

    It starts at rest; `start` replaces initial states or constants by name. A failed run is a
    solution too: its ending says when, where and which parameter is farthest from its prior, that of
    the model or of `priors`.
    """
    chosen = solver or Solver()
    given = prepare(model, regimen, end=end, every=every, parameters=parameters, start=start)
    run = program(model, rules, chosen.method, chosen.max_steps)
    found = run(given.parameters, given.start, given.segments, (chosen.rtol, chosen.atol))
    course = Course(*(part if isinstance(part, dict) else np.asarray(part) for part in found))
    ending, count = _ending(model, given, course, rules, priors)
    data = _dataset(model, course, given, ending, count)
    origin = {"model": model.name, "version": __version__, "solver": chosen, "changed": dict(parameters or {})}
    return Solution(data, ending, {**origin, "steps": int(np.sum(course.steps))})


def _ending(
    model: Model,
    given: Prepared,
    course: Course,
    rules: tuple[StopRule, ...],
    priors: Mapping[str, Parameter] | None,
) -> tuple[Ending, int]:
    """How it ended, and how many segments were run."""
    status = course.status[: len(given.times)]
    if not status.any():
        return Ending("completed", float(given.plan.edges[-1])), len(status)
    row = int(np.argmax(status > 0))
    when = float(course.end[row])
    if status[row] == STOPPED:
        rule = rules[int(course.rule[row])]
        return Ending("stopped", when, rule.name, rule.text), row + 1
    last = dict(zip(model.states, course.states[row, -1], strict=True))
    inputs = dict(zip(model.inputs, given.plan.inputs[row], strict=True))
    constants = {name: float(course.rest[name]) for name in model.constants}
    known = {**given.parameters, **constants, **inputs, **last}
    return Ending("failed", when, "failed", explain(model, known, when, priors)), row + 1


def _dataset(model: Model, course: Course, given: Prepared, ending: Ending, count: int) -> xarray.Dataset:
    """The saved moments, and the moment at which it ended."""
    import xarray

    used = [times[times < ending.minutes] for times in given.times[:count]]
    tables = [
        np.concatenate([*(part[row, : len(times)] for row, times in enumerate(used)), part[count - 1, -1:]])
        for part in (course.states, course.outputs)
    ]
    table = np.concatenate(tables, axis=1)
    declared: dict[str, State | Output] = {**model.states, **model.outputs}
    series = {
        name: ("time", table[:, column], {"units": item.unit, "long_name": item.meaning, "analyte": item.analyte})
        for column, (name, item) in enumerate(declared.items())
    }
    time = ("time", np.concatenate([*used, [ending.minutes]]), {"units": "min", "long_name": "time"})
    return xarray.Dataset(series, coords={"time": time})
