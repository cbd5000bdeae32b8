"""Quantities that facts speak of, and the readings of a predicted course from which they follow.

Each gives an array (lanes, readings): one column for every time at which the fact may have been seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course

Floats = npt.NDArray[np.float64]
AT_MOMENTS = ("glucose", "insulin", "c_peptide")


class Quantity(Protocol):
    """Something that a fact speaks of."""

    @property
    def read(self) -> tuple[Reading, ...]:
        """The readings from which it follows."""

    @property
    def width(self) -> int:
        """How many readings there are."""

    def log(self, *read: Floats) -> Floats:
        """Its logarithm from those of what is read, (lanes, readings)."""


class Reading(Quantity, Protocol):
    """Something that is read from a course as it is."""

    @property
    def times(self) -> tuple[float, ...]:
        """The record days at which glucose or hormones must be kept."""

    @property
    def follows(self) -> tuple[str, ...]:
        """The names that must be followed day by day."""

    def predict(self, course: Course) -> Floats:
        """What is read, (lanes, readings)."""

    @property
    def read(self) -> tuple[Reading, ...]:
        """It alone."""
        return (self,)

    def log(self, *read: Floats) -> Floats:
        """Its logarithm."""
        return read[0]


@dataclass(frozen=True)
class AtTime(Reading):
    """A quantity at one of some record days: its source does not say which."""

    name: str
    readings: tuple[float, ...]

    @property
    def times(self) -> tuple[float, ...]:
        """Those of the readings, for glucose and hormones."""
        return self.readings if self.name in AT_MOMENTS else ()

    @property
    def follows(self) -> tuple[str, ...]:
        """What is read at the end of a day."""
        return () if self.name in AT_MOMENTS else (self.name,)

    @property
    def width(self) -> int:
        """How many readings there are."""
        return len(self.readings)

    def predict(self, course: Course) -> Floats:
        """The quantity at each reading, (lanes, readings)."""
        return course.at(self.name, self.readings)


@dataclass(frozen=True)
class OfDays(Reading):
    """A daily quantity in a window of record days: that of the day of some rank.

    `rank` 1 is the lowest day, 2 the second lowest, -1 the highest. The bounds move with the unknown days
    `with_first` and `with_last`, where these are named.
    """

    name: str
    first: float
    last: float
    rank: int = 1
    times: tuple[float, ...] = ()
    follows: tuple[str, ...] = ()
    width: int = 1
    with_first: str = ""
    with_last: str = ""

    def predict(self, course: Course) -> Floats:
        """The value of the day of that rank, (lanes, 1)."""
        daily = course.days[self.name]
        begin, end = course.window(self.first, self.last, self.with_first, self.with_last)
        days = np.arange(daily.shape[1])
        inside = (days >= begin) & (days < end)
        ordered = np.sort(np.where(inside, daily, np.inf), axis=1)
        count = inside.sum(axis=1)
        column = np.minimum(self.rank, count) - 1 if self.rank > 0 else count + self.rank
        found: Floats = np.take_along_axis(ordered, column[:, None], axis=1)
        return np.where(np.isfinite(found), found, np.nan)


@dataclass(frozen=True)
class Ratio:
    """A quantity at later record days by its mean over earlier ones."""

    name: str
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def read(self) -> tuple[Reading, ...]:
        """The quantity at the earlier and at the later record days."""
        return AtTime(self.name, self.before), AtTime(self.name, self.after)

    @property
    def width(self) -> int:
        """How many readings there are."""
        return len(self.after)

    def log(self, *read: Floats) -> Floats:
        """The logarithm of the ratio at each later reading, (lanes, readings)."""
        before, after = read
        found: Floats = after - np.log(np.exp(before).mean(axis=1, keepdims=True))
        return found


@dataclass(frozen=True)
class ShareOf(Reading):
    """The sum of some quantities by another, at later record days: a share of a volume."""

    parts: tuple[str, ...]
    whole: str
    readings: tuple[float, ...]
    times: tuple[float, ...] = ()

    @property
    def follows(self) -> tuple[str, ...]:
        """What is read at the end of a day."""
        return (*self.parts, self.whole)

    @property
    def width(self) -> int:
        """How many readings there are."""
        return len(self.readings)

    def predict(self, course: Course) -> Floats:
        """The share at each reading, (lanes, readings)."""
        parts = np.stack([course.at(part, self.readings) for part in self.parts]).sum(axis=0)
        found: Floats = parts / np.maximum(course.at(self.whole, self.readings), 1e-9)
        return found


def all_times(quantities: Iterator[Quantity]) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """The moments and the followed names that some quantities need."""
    times: set[float] = set()
    follows: dict[str, None] = {}
    for part in (part for quantity in quantities for part in quantity.read):
        times.update(part.times)
        follows.update(dict.fromkeys(part.follows))
    return tuple(sorted(times)), tuple(follows)
