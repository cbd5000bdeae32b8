"""Numbers of many patients in little memory: counts, moments and grids that add up, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
DECIMALS = 2


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations; those of two groups add up to those of both."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    @staticmethod
    def of(values: Floats, count: Integers | None = None) -> Moments:
        """The moments of values, each so many times; once where nothing is said."""
        weights = np.ones(len(values), np.int64) if count is None else count
        if not (total := int(weights.sum())):
            return Moments()
        mean = float(weights @ values) / total
        return Moments(total, mean, float(weights @ (values - mean) ** 2))

    def __add__(self, other: Moments) -> Moments:
        if not self.count or not other.count:
            return other if other.count else self
        total, apart = self.count + other.count, other.mean - self.mean
        between = apart**2 * self.count * other.count / total
        return Moments(total, self.mean + apart * other.count / total, self.squares + other.squares + between)

    @property
    def variance(self) -> float:
        """Between patients; NaN with fewer than two."""
        return self.squares / (self.count - 1) if self.count > 1 else float("nan")

    @property
    def sd(self) -> float:
        """The standard deviation between patients."""
        return float(np.sqrt(self.variance))

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return float(np.sqrt(self.variance / self.count)) if self.count else float("nan")


def _nothing() -> npt.NDArray[np.str_]:
    return np.zeros(0, "<U1")


@dataclass(frozen=True)
class Grid:
    """How many patients have each value with each cause, sorted by value; of times an empty cause is censored."""

    value: Floats = field(default_factory=lambda: np.zeros(0))
    cause: npt.NDArray[np.str_] = field(default_factory=_nothing)
    count: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    @staticmethod
    def of(value: Floats, cause: npt.NDArray[np.str_], count: Integers | None = None) -> Grid:
        """The grid of values in hundredths."""
        names, codes = np.unique(cause, return_inverse=True)
        steps = np.rint(value * 10**DECIMALS).astype(np.int64)
        found, place = np.unique(steps * max(len(names), 1) + codes, return_inverse=True)
        number = np.bincount(place, weights=count, minlength=len(found)).astype(np.int64)
        steps, codes = np.divmod(found, max(len(names), 1))
        return Grid(steps / 10**DECIMALS, names[codes], number)

    def __add__(self, other: Grid) -> Grid:
        if not len(self.value) or not len(other.value):
            return other if len(other.value) else self
        parts = [np.concatenate([getattr(one, name) for one in (self, other)]) for name in ("value", "cause", "count")]
        return Grid.of(parts[0], parts[1], parts[2])

    def quantile(self, share: float) -> float:
        """As that of all values one by one, interpolated between neighbors."""
        place = share * (int(self.count.sum()) - 1)
        reached = np.cumsum(self.count)
        low, high = self.value[np.searchsorted(reached, [np.floor(place), np.ceil(place)], side="right")]
        return float(low + (high - low) * (place - np.floor(place)))

    def codes(self, causes: list[str]) -> Integers:
        """The cause of each row as a number from 1 on, in the order of `causes`; 0 where it is censored."""
        return np.array([causes.index(cause) + 1 if cause else 0 for cause in self.cause.tolist()], np.int64)

    @property
    def causes(self) -> list[str]:
        """What happened to any patient, sorted."""
        return sorted(set(self.cause.tolist()) - {""})


@dataclass(frozen=True)
class Tally:
    """An endpoint of a group of patients: exact moments, and the grid of its values."""

    moments: Moments = field(default_factory=Moments)
    grid: Grid = field(default_factory=Grid)

    @staticmethod
    def of(value: Floats, cause: npt.NDArray[np.str_]) -> Tally:
        """The tally of patients one by one."""
        return Tally(Moments.of(value), Grid.of(value, cause))

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.moments + other.moments, self.grid + other.grid)
