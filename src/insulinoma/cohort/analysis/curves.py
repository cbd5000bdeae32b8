"""Curves of times to events by arm, with the people at risk, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.cohort.analysis.frame import Sample, measure_of, sample
from insulinoma.cohort.analysis.survival import Curve, aalen_johansen, kaplan_meier
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.design import Endpoint, Trial

if TYPE_CHECKING:
    import polars

_MOST_STEPS = 400
_TICKS = 6


def curve_rows(trial: Trial, endpoint: Endpoint, table: polars.DataFrame) -> NumberTable:
    """Free of any event (Kaplan-Meier), and the cumulative incidence of each event (Aalen-Johansen)."""
    rows: list[tuple[Any, ...]] = []
    for arm in trial.arms:
        found = sample(table, arm.name, endpoint)
        if len(found):
            rows += _rows(arm.name, "free of any", kaplan_meier(found.value, found.cause != ""))
            for number, cause in enumerate(_causes(found), start=1):
                numbers = np.searchsorted(_causes(found), found.cause) + 1
                codes = np.where(found.cause == "", 0, numbers)
                rows += _rows(arm.name, cause, aalen_johansen(found.value, codes, number))
    columns = ("arm", "event", "day", "share", "low", "high", "at risk", "events")
    caption = f"{endpoint.name}, {measure_of(endpoint).meaning}: share with 95 % interval at each event."
    return NumberTable(caption, columns, tuple(rows))


def risk_rows(trial: Trial, endpoint: Endpoint, table: polars.DataFrame) -> NumberTable:
    """How many are at risk at regular times, by arm."""
    ticks = ticks_of(trial.follow_up - endpoint.first)
    rows = []
    for arm in trial.arms:
        ordered = np.sort(sample(table, arm.name, endpoint).value)
        rows.append((arm.name, *(len(ordered) - np.searchsorted(ordered, ticks, side="left")).tolist()))
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


def _causes(found: Sample) -> list[str]:
    return sorted(set(found.cause.tolist()) - {""})


def _rows(arm: str, event: str, curve: Curve) -> list[tuple[Any, ...]]:
    """The steps of a curve, thinned evenly where there are very many."""
    steps = np.arange(len(curve.time))
    if len(steps) > _MOST_STEPS:
        steps = np.unique(np.linspace(0, len(steps) - 1, _MOST_STEPS).astype(int))
    columns = (curve.time, curve.value, curve.low, curve.high, curve.at_risk, curve.events)
    return [(arm, event, *(column[step].item() for column in columns)) for step in steps]
