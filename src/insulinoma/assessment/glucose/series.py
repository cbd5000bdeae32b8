"""One person's glucose over time: sensor readings, simulated glucose, or laboratory values."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from insulinoma.assessment.glucose.compression import compression_lows
from insulinoma.assessment.glucose.thresholds import MG_DL, glucose_unit, mg_dl_factor
from insulinoma.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from insulinoma.record.io.cgm import CgmReadings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WARM_UP_MINUTES = 60.0
MINUTES_A_DAY = 1440
LONGEST_REGULAR_STEP = 60.0
_EXCLUDABLE = {"warm-up": "warm_up", "compression": "compression_suspected"}
_GRID_STEPS = np.array([1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 30, 32, 36, 40, 45, 48, 60])


@dataclass(frozen=True, eq=False)
class GlucoseSeries:
    """Glucose of one person, ordered in time, with what is known of each reading.

    `minutes` is elapsed time; `clock` is the local clock, in minutes from the midnight before `start` (None where
    there is no date, as in a simulation). `reported` keeps the numbers in `unit`, in which they are compared; a
    reading beyond the sensor's range stands at the limit and is flagged.
    """

    minutes: Floats
    reported: Floats
    unit: str
    clock: Floats
    below_floor: Flags
    above_ceiling: Flags
    warm_up: Flags
    compression_suspected: Flags
    start: datetime | None = None
    floor: float | None = None
    ceiling: float | None = None
    source: str = ""
    subject: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def from_arrays(
        cls,
        minutes: ArrayLike,
        glucose: ArrayLike,
        *,
        unit: str = MG_DL,
        start: datetime | None = None,
        floor: float | None = None,
        ceiling: float | None = None,
        source: str = "",
    ) -> GlucoseSeries:
        """A series from times in minutes and glucose in `unit`; UsageError if they do not fit together.

        `start` is the stamp of minute 0; without one, minute 0 is midnight. `floor` and `ceiling` are the limits
        of a sensor in the same unit; a simulation has none.

        >>> GlucoseSeries.from_arrays([0, 5, 10], [62, 53, 71]).interval
        5
        """
        times = np.asarray(minutes, dtype=np.float64)
        values = np.asarray(glucose, dtype=np.float64)
        _check(times, values)
        clock = times + (0.0 if start is None else _minute_of_day(start))
        early = math.ceil(-float(clock[0]) / MINUTES_A_DAY) if len(clock) and clock[0] < 0 else 0
        none = np.zeros(len(times), dtype=np.bool_)
        series = cls(
            minutes=times,
            reported=values,
            unit=glucose_unit(unit),
            clock=clock + early * MINUTES_A_DAY,
            below_floor=none if floor is None else values <= floor,
            above_ceiling=none if ceiling is None else values >= ceiling,
            warm_up=none,
            compression_suspected=none,
            start=None if start is None else start - timedelta(days=early),
            floor=floor,
            ceiling=ceiling,
            source=source,
        )
        return series._with_compression()

    @classmethod
    def from_readings(cls, readings: CgmReadings, *, warm_up_minutes: float = WARM_UP_MINUTES) -> GlucoseSeries:
        """A series from the readings of a CGM file.

        The first `warm_up_minutes` after a change of sensor that the file shows are flagged as warm-up.
        """
        series = cls(
            minutes=readings.minutes,
            reported=readings.values,
            unit=readings.unit,
            clock=readings.clock,
            below_floor=readings.below,
            above_ceiling=readings.above,
            warm_up=_warm_up(readings.minutes, readings.session, warm_up_minutes),
            compression_suspected=np.zeros(len(readings.minutes), dtype=np.bool_),
            start=readings.start,
            floor=readings.floor,
            ceiling=readings.ceiling,
            source=readings.file,
            subject=readings.subject,
            notes=readings.notes,
        )
        return series._with_compression()

    def __len__(self) -> int:
        return len(self.minutes)

    @cached_property
    def glucose(self) -> Floats:
        """Glucose in mg/dL."""
        factor = mg_dl_factor(self.unit)
        return self.reported if factor == 1.0 else self.reported * factor

    @cached_property
    def axis(self) -> Floats:
        """Elapsed minutes counted from the midnight before the first reading; the clock where it is never changed."""
        return self.minutes - self.minutes[0] + self.clock[0] if len(self) else self.minutes

    @cached_property
    def step(self) -> float | None:
        """The median time between readings in minutes, None below two readings."""
        return float(np.median(np.diff(self.minutes))) if len(self) > 1 else None

    @cached_property
    def interval(self) -> int | None:
        """The sampling interval in whole minutes that divide a day, None if the readings are too far apart."""
        if self.step is None or self.step > LONGEST_REGULAR_STEP:
            return None
        place = int(np.searchsorted(_GRID_STEPS, round(self.step), side="right"))
        return int(_GRID_STEPS[max(0, place - 1)])

    @cached_property
    def coverage(self) -> float | None:
        """Readings present in percent of those expected from the first to the last at the sampling interval."""
        if self.interval is None:
            return None
        expected = np.rint(self.span_days * MINUTES_A_DAY / self.interval) + 1
        return float(min(100.0, 100.0 * len(self) / expected))

    @property
    def span_days(self) -> float:
        """Days from the first to the last reading."""
        return float(self.minutes[-1] - self.minutes[0]) / MINUTES_A_DAY if len(self) else 0.0

    def stamp(self, clock: float) -> str:
        """The local date and time of a clock minute, or 'day N, HH:MM' where the series has no date.

        >>> GlucoseSeries.from_arrays([0, 5], [80, 81]).stamp(1445)
        'day 2, 00:05'
        """
        if self.start is None:
            day, minute = divmod(round(clock), MINUTES_A_DAY)
            return f"day {day + 1}, {minute // 60:02d}:{minute % 60:02d}"
        midnight = datetime(self.start.year, self.start.month, self.start.day)
        return (midnight + timedelta(seconds=round(clock * 60))).isoformat(sep=" ", timespec="minutes")

    def day_name(self, day: int) -> str:
        """A day by its number from the first, 0: '31 May', or 'day 1' where the series has no date.

        >>> GlucoseSeries.from_arrays([0, 5], [80, 81]).day_name(0)
        'day 1'
        """
        if self.start is None:
            return f"day {day + 1}"
        return (self.start + timedelta(days=day)).strftime("%d %b")

    def without(self, kinds: Iterable[str]) -> GlucoseSeries:
        """The series without flagged readings; kinds are 'warm-up' and 'compression'.

        >>> len(GlucoseSeries.from_arrays([0, 5], [80, 81]).without(["warm-up"]))
        2
        """
        keep = np.ones(len(self), dtype=np.bool_)
        for kind in kinds:
            if kind not in _EXCLUDABLE:
                hint = did_you_mean(kind, _EXCLUDABLE)
                raise UsageError(f"{kind!r} cannot be excluded. Expected warm-up or compression. {hint}".strip())
            keep &= ~getattr(self, _EXCLUDABLE[kind])
        return self.take(keep)

    def take(self, keep: Flags) -> GlucoseSeries:
        """The readings of a mask, on the same clock."""
        if bool(keep.all()):
            return self
        changed = {
            field.name: getattr(self, field.name)[keep]
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return replace(self, **changed)

    def _with_compression(self) -> GlucoseSeries:
        step = self.step
        if step is None or step > 15:
            return self
        suspected = compression_lows(self.minutes, self.clock, self.glucose)
        return replace(self, compression_suspected=suspected)


def _check(times: Floats, values: Floats) -> None:
    if times.ndim != 1 or times.shape != values.shape:
        raise UsageError(f"Times and glucose must be two lists of one length, got {times.shape} and {values.shape}.")
    if not (np.isfinite(times).all() and np.isfinite(values).all()):
        raise UsageError("Times and glucose must be finite numbers: leave a missing reading out.")
    if len(times) > 1 and not (np.diff(times) > 0).all():
        raise UsageError("Times must increase: sort the readings and keep one for each time.")
    if len(values) and float(values.min()) < 0:
        raise UsageError("Glucose cannot be negative.")


def _minute_of_day(stamp: datetime) -> float:
    return stamp.hour * 60 + stamp.minute + stamp.second / 60


def _warm_up(minutes: Floats, session: NDArray[np.int64], length: float) -> Flags:
    flags = np.zeros(len(minutes), dtype=np.bool_)
    starts = np.nonzero(np.diff(session) != 0)[0] + 1
    for start in starts:
        flags |= (minutes >= minutes[start]) & (minutes < minutes[start] + length) & (session == session[start])
    return flags
