"""An arm against another: the difference of an endpoint with its 95 % interval and a p value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from insulinoma.cohort.analysis.frame import Sample, is_event, is_time
from insulinoma.cohort.analysis.survival import RestrictedMean, logrank, restricted_mean
from insulinoma.cohort.analysis.tally import Grid, Moments
from insulinoma.cohort.design import Endpoint

_95 = 1.959963984540054


@dataclass(frozen=True)
class Contrast:
    """A difference (second less first), its interval, the p value of no difference, and the numbers behind it.

    Of a time it is the difference of the mean time free of the event up to `until`.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    patients: tuple[int, int]
    method: str
    until: float | None = None


def number_contrast(first: Moments, second: Moments, difference: Moments | None = None) -> Contrast:
    """Means of two arms of two patients or more: Welch's t, or of the differences of pairs the paired t."""
    if difference is not None:
        return _made(first, second, difference.error, difference.count - 1, "paired t")
    error = math.hypot(first.error, second.error)
    total = sum((one.error**2) ** 2 / (one.count - 1) for one in (first, second))
    freedom = error**4 / total if total > 0 else float(first.count + second.count - 2)
    return _made(first, second, error, freedom, "Welch t")


def _made(first: Moments, second: Moments, error: float, freedom: float, method: str) -> Contrast:
    from scipy.stats import t

    difference, half = second.mean - first.mean, float(t.ppf(0.975, freedom)) * error
    p = float(2 * t.sf(abs(difference) / error, freedom)) if error > 0 else float(difference == 0)
    counts = (first.count, second.count)
    return Contrast(first.mean, second.mean, difference, difference - half, difference + half, p, counts, method)


@dataclass(frozen=True)
class TimeContrast:
    """Two arms of times, ready to say how far each patient moves the mean time of the own arm."""

    endpoint: Endpoint
    grids: tuple[Grid, Grid]
    means: tuple[RestrictedMean, RestrictedMean]

    def moved(self, first: Sample, second: Sample) -> Moments:
        """The moments of how far pairs of patients move the difference."""
        a, b = (
            mean.influence(one.value, is_event(self.endpoint, one.cause))
            for mean, one in zip(self.means, (first, second), strict=True)
        )
        return Moments.of(b - a)

    def made(self, difference: Moments | None = None) -> Contrast:
        """The contrast: log-rank test of independent arms, of pairs the test of their difference."""
        from scipy.stats import norm

        counts = (int(self.grids[0].count.sum()), int(self.grids[1].count.sum()))
        a, b = (mean.mean for mean in self.means)
        if difference is not None:
            error, method = difference.error, "restricted mean, paired"
            p = float(2 * norm.sf(abs(b - a) / error)) if error > 0 else float(a == b)
        else:
            error, method = math.hypot(*self._errors()), "restricted mean; log-rank"
            p = _logrank(self.endpoint, *self.grids)
        half = _95 * error
        return Contrast(a, b, b - a, b - a - half, b - a + half, p, counts, method, self.means[0].until)

    def _errors(self) -> list[float]:
        pairs = zip(self.means, self.grids, strict=True)
        return [
            Moments.of(mean.influence(grid.value, is_event(self.endpoint, grid.cause)), grid.count).error
            for mean, grid in pairs
        ]


def time_contrast(endpoint: Endpoint, first: Grid, second: Grid, until: float) -> TimeContrast:
    """Two arms up to a moment, at most as far as both are known."""
    until = min(until, *(_known_until(endpoint, grid) for grid in (first, second)))
    means = tuple(
        restricted_mean(grid.value, is_event(endpoint, grid.cause), until, grid.count) for grid in (first, second)
    )
    return TimeContrast(endpoint, (first, second), (means[0], means[1]))


def _known_until(endpoint: Endpoint, grid: Grid) -> float:
    """The last time of a curve; none where nobody is left without the event, as it stays at zero."""
    last = grid.value == grid.value.max()
    return math.inf if is_event(endpoint, grid.cause[last]).all() else float(grid.value.max())


def p_value(endpoint: Endpoint, first: Sample, second: Sample) -> float:
    """The p value of the test that a randomized trial would do: log-rank of times, Welch's t of numbers."""
    if is_time(endpoint):
        return _logrank(endpoint, first, second)
    return number_contrast(Moments.of(first.value), Moments.of(second.value)).p


def _logrank(endpoint: Endpoint, first: Grid | Sample, second: Grid | Sample) -> float:
    value, cause, count = (
        np.concatenate([getattr(one, name) for one in (first, second)]) for name in ("value", "cause", "count")
    )
    return logrank(value, is_event(endpoint, cause), np.arange(len(value)) >= len(first.value), count)[1]
