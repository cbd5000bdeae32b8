"""What a CGM file gives: the readings of one person, and the options that decide what a file leaves open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class CgmOptions:
    """What the reader may be told: the format, the unit, the date of the first row, the order of day and month,
    and the time zone of the clock.
    """

    vendor: str | None = None
    unit: str | None = None
    start_date: date | None = None
    day_first: bool | None = None
    timezone: str | None = None


@dataclass(frozen=True, eq=False)
class CgmReadings:
    """The readings of one person in the order of time, as a file reports them.

    `minutes` is elapsed time from the first reading, `clock` local minutes from the midnight before it; they
    part at a change of the clock. `values` are in `unit`; a reading beyond `floor` or `ceiling` is flagged
    and stands at the limit. `session` changes with the sensor where the file shows it.
    """

    file: str
    vendor: str
    subject: str
    unit: str
    start: datetime | None
    minutes: Floats
    clock: Floats
    values: Floats
    below: Flags
    above: Flags
    session: NDArray[np.int64]
    floor: float | None
    ceiling: float | None
    notes: tuple[str, ...]


@dataclass
class RawTable:
    """The cells of a file that hold readings, before they are understood.

    `limits` are the sensor's lowest and highest number in `unit`. Times are `stamps` (texts), or
    `epochs` (milliseconds) with `offsets` (minutes, NaN where the file has none), or `elapsed` (minutes).
    A list that a format does not have is empty.
    """

    vendor: str
    unit: str | None
    lines: list[int]
    cells: list[str]
    stamps: list[str] = field(default_factory=list)
    epochs: Floats | None = None
    offsets: Floats | None = None
    elapsed: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    limits: tuple[float, float] | None = None
    dated_hints: tuple[str, ...] = ()
    blank_is_gap: bool = True
    notes: tuple[str, ...] = ()
