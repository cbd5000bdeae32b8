"""Curves of times to events by arm, with the people at risk, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from insulinoma.cohort.analysis.frame import measure_of
from insulinoma.cohort.analysis.survival import Curve, aalen_johansen, at_risk, kaplan_meier
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.analysis.tally import Grid
from insulinoma.cohort.design import Endpoint, Trial

_MOST_STEPS = 400
_TICKS = 6


def curve_rows(endpoint: Endpoint, grids: Mapping[str, Grid]) -> NumberTable:
    """Free of any event (Kaplan-Meier), and the cumulative incidence of each event (Aalen-Johansen), by arm."""
    rows: list[tuple[Any, ...]] = []
    for arm, grid in grids.items():
        if len(grid.value):
            rows += _rows(arm, "free of any", kaplan_meier(grid.value, grid.cause != "", grid.count))
            codes = grid.codes(grid.causes)
            for number, cause in enumerate(grid.causes, start=1):
                rows += _rows(arm, cause, aalen_johansen(grid.value, codes, number, grid.count))
    columns = ("arm", "event", "day", "share", "low", "high", "at risk", "events")
    caption = f"{endpoint.name}, {measure_of(endpoint).meaning}: share with 95 % interval at each event, by whole days."
    return NumberTable(caption, columns, tuple(rows))


def risk_rows(trial: Trial, endpoint: Endpoint, grids: Mapping[str, Grid]) -> NumberTable:
    """How many are at risk at regular times, by arm."""
    ticks = ticks_of(trial.follow_up - endpoint.first)
    rows = [(arm, *at_risk(grid.value, ticks, grid.count).tolist()) for arm, grid in grids.items()]
    columns = ("arm", *(f"day {tick:g}" for tick in ticks))
    return NumberTable(f"Patients at risk, {measure_of(endpoint).meaning}.", columns, tuple(rows))


def ticks_of(length: float) -> list[float]:
    """Round times along a follow-up.

    >>> ticks_of(120.0)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0]
    """
    steps = [step * factor for factor in (1, 10, 100, 1000) for step in (1, 2, 5, 7)]
    step = next(step for step in sorted(steps) if length / step <= _TICKS)
    return [float(tick) for tick in np.arange(0, length + 1e-9, step)]


def _rows(arm: str, event: str, curve: Curve) -> list[tuple[Any, ...]]:
    """The steps of a curve, thinned evenly where there are very many."""
    steps = np.arange(len(curve.time))
    if len(steps) > _MOST_STEPS:
        steps = np.unique(np.linspace(0, len(steps) - 1, _MOST_STEPS).astype(int))
    columns = (curve.time, curve.value, curve.low, curve.high, curve.at_risk, curve.events)
    return [(arm, event, *(column[step].item() for column in columns)) for step in steps]
