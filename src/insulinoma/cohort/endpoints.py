"""Endpoints of a trial, each computed from the days that a patient spent in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.design import Endpoint
from insulinoma.cohort.draw import Floats
from insulinoma.cohort.engine import DayTable
from insulinoma.cohort.fate import Fate
from insulinoma.cohort.response import TumorResponse

Kind = Literal["number", "share", "time"]
_BELOW = {"54 mg/dL": "minutes_below_54", "70 mg/dL": "minutes_below_70"}


@dataclass(frozen=True)
class Seen:
    """What a trial has seen of its patients in one arm."""

    table: DayTable
    fate: Fate
    response: TumorResponse
    fasting: Floats

    def lived(self, endpoint: Endpoint) -> npt.NDArray[np.bool_]:
        """Patients by days: the whole days in the window that a patient spent in the trial."""
        days = np.arange(self.table["glucose_mean"].shape[1])
        last = np.inf if endpoint.last is None else endpoint.last
        return (days >= endpoint.first) & (days + 1 <= last) & (days + 1 <= self.fate.day[:, None])

    def low(self, endpoint: Endpoint) -> npt.NDArray[np.bool_]:
        """Patients by days: any time below the limit of the endpoint."""
        return self.table[_BELOW[endpoint.below]] > 0


@dataclass(frozen=True)
class Outcome:
    """An endpoint by patient: a value, or the day of an event and what it was (empty: censored)."""

    value: Floats
    event: npt.NDArray[np.str_] | None = None


@dataclass(frozen=True)
class Measure:
    """A kind of endpoint: its unit and meaning, which side is better, and how it is computed.

    `event` names what a time runs to; whatever else ends it competes. Where it is empty every end of
    life or of control counts.
    """

    kind: Kind
    unit: str
    meaning: str
    better: Literal["high", "low"]
    of: Callable[[Seen, Endpoint], Outcome]
    event: str = ""


def _share_of_time(column: str) -> Callable[[Seen, Endpoint], Outcome]:
    def of(seen: Seen, endpoint: Endpoint) -> Outcome:
        lived = seen.lived(endpoint)
        minutes = np.where(lived, seen.table[column], 0.0).sum(axis=1)
        with np.errstate(invalid="ignore"):
            return Outcome(100 * minutes / (1440.0 * lived.sum(axis=1)))

    return of


def _counted(good: npt.NDArray[np.bool_], seen: Seen, endpoint: Endpoint) -> Outcome:
    """Days in the window; absent where a patient dropped out before its end, and none after death."""
    days = seen.table["glucose_mean"].shape[1]
    last = days if endpoint.last is None else min(days, endpoint.last)
    left = (seen.fate.cause == "dropout") & (seen.fate.day < last)
    return Outcome(np.where(left, np.nan, (seen.lived(endpoint) & good).sum(axis=1).astype(float)))


def _free_days(seen: Seen, endpoint: Endpoint) -> Outcome:
    return _counted(~seen.low(endpoint), seen, endpoint)


def _dextrose_free_days(seen: Seen, endpoint: Endpoint) -> Outcome:
    return _counted(seen.table["dextrose_g"] == 0, seen, endpoint)


def _fasting_glucose(seen: Seen, endpoint: Endpoint) -> Outcome:
    """The mean of what was read at the visits in the window; absent where there was none."""
    read = seen.lived(endpoint) & np.isfinite(seen.fasting)
    with np.errstate(invalid="ignore"):
        return Outcome(np.where(read, seen.fasting, 0.0).sum(axis=1) / read.sum(axis=1))


def _first(days: npt.NDArray[Any], shift: float = 0.0) -> Floats:
    """The first of some days by patient, infinite where there is none."""
    return np.where(days.any(axis=1), days.argmax(axis=1) + shift, np.inf)


def _until(day: Floats, event: str, seen: Seen, origin: float) -> Outcome:
    """The event or what came before it, in days from the origin; those who left before the origin are absent."""
    happened = day <= seen.fate.day
    names = np.where(happened, event, np.where(seen.fate.died, seen.fate.cause, ""))
    time = np.where(happened, day, seen.fate.day) - origin
    return Outcome(np.where(time < 0, np.nan, time), names)


def _recurrence(seen: Seen, endpoint: Endpoint) -> Outcome:
    return _until(_first(np.asarray(seen.lived(endpoint) & seen.low(endpoint))), "hypoglycemia", seen, endpoint.first)


def _control(seen: Seen, endpoint: Endpoint) -> Outcome:
    free = seen.lived(endpoint) & ~seen.low(endpoint)
    length = int(endpoint.days)
    whole = np.lib.stride_tricks.sliding_window_view(free, length, axis=1).all(axis=2)
    return _until(_first(np.asarray(whole), shift=float(length)), "control", seen, endpoint.first)


def _response(seen: Seen, endpoint: Endpoint) -> Outcome:
    answers = np.array([{"NE": np.nan}.get(best, float(best in ("CR", "PR"))) for best in seen.response.best])
    return Outcome(answers)


def _progression(seen: Seen, endpoint: Endpoint) -> Outcome:
    return _until(seen.response.progression, "progression", seen, 0.0)


def _survival(seen: Seen, endpoint: Endpoint) -> Outcome:
    return _until(np.full(len(seen.fate.day), np.inf), "", seen, 0.0)


MEASURES = {
    "time_below_54": Measure("number", "%", "time below 54 mg/dL (level 2)", "low", _share_of_time("minutes_below_54")),
    "time_below_70": Measure("number", "%", "time below 70 mg/dL", "low", _share_of_time("minutes_below_70")),
    "free_days": Measure("number", "d", "days alive without hypoglycemia", "high", _free_days),
    "dextrose_free_days": Measure("number", "d", "days alive without dextrose", "high", _dextrose_free_days),
    "fasting_glucose": Measure("number", "mg/dL", "glucose before breakfast at visits", "high", _fasting_glucose),
    "days_to_recurrence": Measure("time", "d", "time to hypoglycemia", "high", _recurrence, "hypoglycemia"),
    "days_to_control": Measure("time", "d", "time to days on end without hypoglycemia", "low", _control, "control"),
    "recist_response": Measure("share", "1", "complete or partial response (RECIST 1.1)", "high", _response),
    "progression_free": Measure("time", "d", "time to progression (RECIST 1.1) or death", "high", _progression),
    "survival": Measure("time", "d", "time to death", "high", _survival),
}
