"""The arguments of the compiled program: parameters, start, and the rows of the schedule.

Whoever wants derivatives calls the program itself with what `prepare` gives.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.simulate.program import Segments
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.schedule import Floats, Schedule, schedule

_SAVES = 64
_ROWS = 16


@dataclass(frozen=True)
class Prepared:
    """Parameters; states and constants that replace those at rest (NaN: none); segments.

    `times` are the saved times of every row of `plan`.
    """

    parameters: dict[str, np.float64]
    start: dict[str, np.float64]
    segments: Segments
    plan: Schedule
    times: list[Floats]


def prepare(
    model: Model,
    regimen: Regimen | None = None,
    *,
    end: float,
    every: float = 5.0,
    parameters: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> Prepared:
    """The arguments for a course from 0 to `end` minutes, saved `every` so many minutes.

    UsageError for an unknown parameter, state or constant; InputError for faults of the regimen.
    """
    begin = dict.fromkeys((*model.states, *model.constants), math.nan)
    for name in start or {}:
        if name not in begin:
            hint = did_you_mean(name, begin)
            raise UsageError(f"{name!r} is neither a state nor a constant of {model.name}. {hint}".strip())
    grid = np.arange(0.0, end, every)
    plan = _split(schedule(model, regimen or Regimen(), end), grid)
    times = [grid[(grid >= left) & (grid < right)] for left, right in pairwise(plan.edges)]
    values = model.parameter_values(parameters)
    return Prepared(_scalars(values), _scalars({**begin, **(start or {})}), _segments(plan, times), plan, times)


def _scalars(values: Mapping[str, float]) -> dict[str, np.float64]:
    return {name: np.float64(value) for name, value in values.items()}


def _split(plan: Schedule, grid: Floats) -> Schedule:
    """The schedule with further edges, so that no segment has more than `_SAVES` times to save."""
    within = [grid[(grid > left) & (grid < right)] for left, right in pairwise(plan.edges)]
    edges = np.unique(np.concatenate([plan.edges, *(times[_SAVES - 1 :: _SAVES] for times in within)]))
    old = np.searchsorted(plan.edges, edges[:-1], side="right") - 1
    amounts = np.where(np.isin(edges[:-1], plan.edges)[:, None], plan.amounts[old], np.nan)
    return Schedule(edges, plan.inputs[old], amounts)


def _segments(plan: Schedule, times: list[Floats]) -> Segments:
    """The rows of the program, padded to a power of 16 so that many regimens share one compilation."""
    count, end = len(times), plan.edges[-1]
    rows = _ROWS ** max(1, math.ceil(math.log(count, _ROWS)))
    t1 = np.append(plan.edges[1:], np.full(rows - count, end))
    saves = np.tile(t1[:, None], _SAVES)
    for row, saved in enumerate(times):
        saves[row, : len(saved)] = saved

    def padded(values: Floats) -> Floats:
        return np.concatenate([values, np.full((rows - count, *values.shape[1:]), np.nan)])

    t0 = np.append(plan.edges[:-1], np.full(rows - count, end))
    return Segments(t0, t1, padded(plan.inputs), padded(plan.amounts), saves, np.arange(rows) < count)
