"""The endpoints of a scenario, one number a draw, from its course and from short runs at one day of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.model.compose import Model
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.regimen import Regimen, give

Floats = npt.NDArray[np.float64]
_RATES = (0.0, 2.0, 4.0, 8.0, 16.0)
_SAFE, _HELD = 55.0, 70.0
_FAST_DAYS = 3
_MARKERS = {"nse.M": "nse", "ca19_9.M": "ca19_9"}


@dataclass(frozen=True)
class Endpoint:
    """What is compared: its words and unit; whether less of it is better, None where neither is."""

    name: str
    meaning: str
    unit: str
    less_is_better: bool | None


ENDPOINTS = {
    item.name: item
    for item in (
        Endpoint("hours_below_54", "hours with glucose below 54 mg/dL, day 0 to the end", "h", True),
        Endpoint("hours_below_70", "hours with glucose below 70 mg/dL, day 0 to the end", "h", True),
        Endpoint(
            "days_to_recurrence", "days until glucose is below 54 mg/dL again, from the first procedure", "d", False
        ),
        Endpoint("dextrose_need", "glucose into a vein that holds a fast day above 70 mg/dL", "mg/kg/min", True),
        Endpoint("safe_fasting_hours", "hours of fasting until glucose is below 55 mg/dL, 72 at most", "h", False),
        Endpoint("tumor_volume", "viable tumor at the end", "mL", True),
        Endpoint("nse", "neuron-specific enolase at the end", "ng/mL", None),
        Endpoint("ca19_9", "CA19-9 at the end", "U/mL", None),
    )
}


def of_course(course: Course, first_procedure: float | None) -> dict[str, Floats]:
    """The endpoints that follow from the daily quantities of a course, (draws,) each."""
    start = -course.start
    found = {
        "hours_below_54": course.days["minutes_below_54"][:, start:].sum(axis=1) / 60,
        "hours_below_70": course.days["minutes_below_70"][:, start:].sum(axis=1) / 60,
        "tumor_volume": course.days["burden.V_tumor"][:, -1],
    }
    found |= {name: course.days[series][:, -1] for series, name in _MARKERS.items() if series in course.days}
    if first_procedure is not None:
        found["days_to_recurrence"] = days_to_recurrence(course, first_procedure)
    return found


def days_to_recurrence(course: Course, first_procedure: float) -> Floats:
    """Days from the first procedure until a later day with glucose below 54 mg/dL; to the end where there is none."""
    first = int(np.floor(first_procedure)) + 1
    lows = course.days["glucose_min"][:, first - course.start :] < 54
    ever = lows.any(axis=1)
    found: Floats = np.where(ever, lows.argmax(axis=1), lows.shape[1]) + 1.0
    return found


def at_landmark(model: Model, parameters: Mapping[str, Any], state: Mapping[str, Floats]) -> dict[str, Floats]:
    """Safe hours of fasting and the need of dextrose from the state at the end of one day, (draws,) each."""
    lanes = len(next(iter(state.values())))
    return {
        "safe_fasting_hours": _fasting(model, parameters, state),
        "dextrose_need": _need(model, parameters, state, lanes),
    }


def _fasting(model: Model, parameters: Mapping[str, Any], state: Mapping[str, Floats]) -> Floats:
    """Hours until glucose is below 55 mg/dL without any carbohydrate."""
    times = np.arange(30.0, _FAST_DAYS * 1440.0 + 1, 30.0)
    batch = simulate_batch(model, Regimen(), days=_FAST_DAYS, parameters=parameters, start=state, moments=times - 1e-3)
    low = np.asarray(batch.moments["glucose"].values) < _SAFE
    found: Floats = np.where(low.any(axis=1), times[low.argmax(axis=1)], times[-1]) / 60
    return found


def _need(model: Model, parameters: Mapping[str, Any], state: Mapping[str, Floats], lanes: int) -> Floats:
    """The lowest rate (mg/kg/min) that holds a day without food above 70 mg/dL, after a day to come there."""
    lowest = []
    for rate in _RATES:
        regimen = give("dextrose", f"{rate} mg/kg/min", start="0 d", stop="2 d") if rate else Regimen()
        batch = simulate_batch(model, regimen, days=2, parameters=parameters, start=state)
        lowest.append(np.asarray(batch.days["glucose_min"].values, float)[:, 1])
    table = np.fmax.accumulate(np.stack(lowest, axis=1), axis=1)
    found = np.empty(lanes)
    for lane, row in enumerate(table):
        # A rate at which a lane could not be computed is left out.
        fine = np.isfinite(row)
        found[lane] = np.interp(_HELD, row[fine], np.array(_RATES)[fine]) if fine.any() else np.nan
    return found
