"""Visits: their days, and glucose before breakfast as a laboratory, a meter or a sensor reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from insulinoma.cohort.design import Trial
from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import DayTable
from insulinoma.data import read_table
from insulinoma.simulate.draws import noise

MORNING = 6.5 * 60
_MEASURES = ("fasting_glucose",)


@dataclass(frozen=True)
class Device:
    """How glucose is read: the standard deviation is a share of the value, and not below `least` (mg/dL)."""

    cv: float
    least: float
    ref: str
    note: str

    def read(self, glucose: Floats, noise: Floats) -> Floats:
        """Glucose in mg/dL as the device shows it: a whole number, not below zero."""
        shown = glucose + noise * np.maximum(self.cv * glucose, self.least)
        return np.asarray(np.maximum(np.round(shown), 0.0))


@cache
def devices() -> dict[str, Device]:
    """The devices by name.

    >>> sorted(devices())
    ['laboratory', 'meter', 'sensor']
    """
    rows = read_table("trials", "glucose_devices.csv")
    return {row["device"]: Device(float(row["cv"]), float(row["least"]), row["ref"], row["note"]) for row in rows}


def visit_days(trial: Trial) -> list[int]:
    """The days of visits; the first is the last day before treatment, -1. Images are taken at the end of the day."""
    step = int(np.ceil(trial.visits.every))
    return [-1, *range(step - 1, trial.days, step)]


def mornings(trial: Trial) -> list[int]:
    """The days on whose morning glucose is measured; none where no endpoint asks for it."""
    asked = any(item.measure in _MEASURES for item in trial.endpoints)
    return visit_days(trial)[1:] if asked else []


def fasting_glucose(trial: Trial, patients: Patients, table: DayTable) -> Floats:
    """Glucose before breakfast as read at the visits, patients by days, NaN on other days; the error is that of a
    patient and day, the same in every arm."""
    shape = table["glucose_mean"].shape
    true = table.get("glucose_morning", np.full(shape, np.nan))
    days = mornings(trial)
    error = np.full(shape, np.nan)
    error[:, days] = _errors(trial.seed, patients, days)
    return devices()[trial.visits.glucose].read(true, error)


def _errors(seed: int, patients: Patients, days: Iterable[int]) -> Floats:
    columns = [noise(seed, f"glucose on day {day}", patients.numbers) for day in days]
    return np.array(columns).reshape(-1, len(patients)).T
