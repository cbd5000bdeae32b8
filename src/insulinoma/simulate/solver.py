"""One patient through the reference solver: regimen in, solution out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma import __version__
from insulinoma.errors import UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Output, State
from insulinoma.simulate.failure import explain
from insulinoma.simulate.program import STOPPED, Course, Segments, Solver, program
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.schedule import Floats, Schedule, schedule
from insulinoma.simulate.solution import Ending, Solution
from insulinoma.simulate.stopping import StopRule

if TYPE_CHECKING:
    import xarray

_SAVES = 64


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
) -> Solution:
    """The course of a model under a regimen from 0 to `end` minutes, saved `every` so many minutes.

    It starts at rest; `start` replaces initial states or constants by name. A failed run is a
    solution too: its ending says when, where and which parameter is farthest from its prior.
    """
    if unknown := [name for name in start or {} if name not in {**model.states, **model.constants}]:
        hint = did_you_mean(unknown[0], {**model.states, **model.constants})
        raise UsageError(f"{unknown[0]!r} is neither a state nor a constant of {model.name}. {hint}".strip())
    chosen = solver or Solver()
    values = model.parameter_values(parameters)
    grid = np.arange(0.0, end, every)
    plan = _split(schedule(model, regimen or Regimen(), end), grid)
    segments, kept = _segments(plan, grid)
    run = program(model, rules, chosen.method, chosen.max_steps)
    begin = {**dict.fromkeys((*model.states, *model.constants), math.nan), **(start or {})}
    course = run(_scalars(values), _scalars(begin), segments, (chosen.rtol, chosen.atol))
    ending, count = _ending(model, values, course, rules, plan)
    data = _dataset(model, course, kept, ending, count)
    origin = {
        "model": model.name,
        "version": __version__,
        "solver": chosen,
        "changed": dict(parameters or {}),
    }
    return Solution(data, ending, {**origin, "steps": int(np.sum(course.steps))})


def _scalars(values: Mapping[str, float]) -> dict[str, np.float64]:
    return {name: np.float64(value) for name, value in values.items()}


def _split(plan: Schedule, grid: Floats) -> Schedule:
    """The schedule with further edges, so that no segment has more than `_SAVES` times to save."""
    within = [grid[(grid > left) & (grid < right)] for left, right in pairwise(plan.edges)]
    edges = np.unique(np.concatenate([plan.edges, *(times[_SAVES - 1 :: _SAVES] for times in within)]))
    old = np.searchsorted(plan.edges, edges[:-1], side="right") - 1
    amounts = np.where(np.isin(edges[:-1], plan.edges)[:, None], plan.amounts[old], np.nan)
    return Schedule(edges, plan.inputs[old], amounts)


def _segments(plan: Schedule, grid: Floats) -> tuple[Segments, list[Floats]]:
    """The rows of the program, padded to a power of four so that similar regimens share one compilation."""
    t0, t1 = plan.edges[:-1], plan.edges[1:]
    kept = [grid[(grid >= left) & (grid < right)] for left, right in zip(t0, t1, strict=True)]
    rows = 4 ** math.ceil(math.log(len(t0), 4)) if len(t0) > 4 else 4
    saves = np.full((rows, _SAVES), plan.edges[-1])
    for row, times in enumerate(kept):
        saves[row] = t1[row]
        saves[row, : len(times)] = times

    def padded(values: Floats, fill: float) -> Floats:
        return np.concatenate([values, np.full((rows - len(values), *values.shape[1:]), fill)])

    used = np.arange(rows) < len(t0)
    end = float(plan.edges[-1])
    return Segments(
        padded(t0, end), padded(t1, end), padded(plan.inputs, 0.0), padded(plan.amounts, np.nan), saves, used
    ), kept


def _ending(
    model: Model, values: Mapping[str, Any], course: Course, rules: tuple[StopRule, ...], plan: Schedule
) -> tuple[Ending, int]:
    """How it ended, and how many segments were run."""
    status = np.asarray(course.status)[: len(plan.edges) - 1]
    if not status.any():
        return Ending("completed", float(plan.edges[-1])), len(status)
    row = int(np.argmax(status > 0))
    when = float(course.end[row])
    if status[row] == STOPPED:
        rule = rules[int(course.rule[row])]
        return Ending("stopped", when, rule.name, rule.text), row + 1
    last = dict(zip(model.states, np.asarray(course.states[row, -1]), strict=True))
    inputs = dict(zip(model.inputs, plan.inputs[row], strict=True))
    known = {**values, **{name: float(course.rest[name]) for name in model.constants}, **inputs, **last}
    return Ending("failed", when, "failed", explain(model, known, when)), row + 1


def _dataset(model: Model, course: Course, kept: list[Floats], ending: Ending, count: int) -> xarray.Dataset:
    import xarray

    times, states, outputs = [], [], []
    for row in range(count):
        use = kept[row][kept[row] < ending.minutes]
        times.append(use)
        states.append(np.asarray(course.states[row, : len(use)]))
        outputs.append(np.asarray(course.outputs[row, : len(use)]))
    times.append(np.array([ending.minutes]))
    states.append(np.asarray(course.states[count - 1, -1:]))
    outputs.append(np.asarray(course.outputs[count - 1, -1:]))
    table = np.concatenate([np.concatenate(states), np.concatenate(outputs)], axis=1)
    declared: dict[str, State | Output] = {**model.states, **model.outputs}
    series = {
        name: (
            "time",
            table[:, column],
            {"units": item.unit, "long_name": item.meaning, "analyte": item.analyte},
        )
        for column, (name, item) in enumerate(declared.items())
    }
    time = ("time", np.concatenate(times), {"units": "min", "long_name": "time"})
    return xarray.Dataset(series, coords={"time": time})
