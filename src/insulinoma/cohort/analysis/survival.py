"""Times to events: Kaplan-Meier and Aalen-Johansen curves, the log-rank test, restricted mean time.

Events at a time come before censoring at that time. `cause` is 0 where a time is censored. `count` says how
many patients a row stands for, one where it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Causes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Curve:
    """An estimate at each event time, with its 95 % interval, the people at risk and the events then."""

    time: Floats
    value: Floats
    low: Floats
    high: Floats
    at_risk: Causes
    events: Causes

    def at(self, moments: npt.ArrayLike, *, before: float = 1.0) -> Floats:
        """The estimate at some moments; `before` holds until the first event."""
        index = np.searchsorted(self.time, moments, side="right") - 1
        return np.where(index >= 0, self.value[np.maximum(index, 0)] if len(self.value) else before, before)

    def median(self) -> float:
        """The first time at which half have had the event, infinite where it is not reached."""
        reached = np.flatnonzero(self.value <= 0.5)
        return float(self.time[reached[0]]) if len(reached) else float("inf")


@dataclass(frozen=True)
class _Steps:
    time: Floats
    at_risk: Causes
    events: Causes
    main: Causes


def kaplan_meier(time: Floats, event: npt.NDArray[np.bool_], count: Causes | None = None) -> Curve:
    """The share still free of the event [KaplanMeier1958]; log-log interval with Greenwood's variance.

    >>> kaplan_meier(np.array([1.0, 2.0, 3.0]), np.array([True, False, True])).value.round(3).tolist()
    [0.667, 0.0]
    """
    steps = _steps(time, event.astype(np.int64), 1, count)
    value = _product(steps)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(steps.events / (steps.at_risk * (steps.at_risk - steps.events)))
        spread = 1.959963984540054 * np.sqrt(greenwood) / np.abs(np.log(value))
        low, high = value ** np.exp(spread), value ** np.exp(-spread)
    ends = value == 0
    low, high = np.where(ends, 0.0, low), np.where(ends, np.nan, high)
    return Curve(steps.time, value, low, high, steps.at_risk, steps.events)


def aalen_johansen(time: Floats, cause: Causes, of: int, count: Causes | None = None) -> Curve:
    """The cumulative incidence of a cause where others compete [AalenJohansen1978].

    Its variance is that of the delta method; the interval is on the log-log scale, and there is none when
    the last people at risk all have an event.
    """
    steps = _steps(time, cause, of, count)
    free = _product(steps)
    before = np.concatenate([[1.0], free[:-1]])
    value: Floats = np.cumsum(before * steps.main / steps.at_risk)
    spread = np.sqrt(_incidence_variance(steps, before, value))
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = 1.959963984540054 * spread / (value * np.log(value))
        low, high = value ** np.exp(-exponent), value ** np.exp(exponent)
    return Curve(steps.time, value, low, high, steps.at_risk, steps.main)


def _product(steps: _Steps) -> Floats:
    return np.asarray(np.cumprod(1 - steps.events / steps.at_risk), float)


def _incidence_variance(steps: _Steps, before: Floats, value: Floats) -> Floats:
    """The variance of a cumulative incidence at each time, by the delta method."""
    n, d, m = (part.astype(float) for part in (steps.at_risk, steps.events, steps.main))
    with np.errstate(divide="ignore", invalid="ignore"):
        all_deaths = d / (n * (n - d))
    own = before**2 * m * (n - m) / n**3
    mixed = before * m / n**2
    sums = [np.cumsum(part) for part in (all_deaths, value * all_deaths, value**2 * all_deaths, own, mixed)]
    mixed_value = np.cumsum(mixed * value)
    with np.errstate(invalid="ignore"):
        found = value**2 * sums[0] - 2 * value * sums[1] + sums[2] + sums[3] - 2 * (value * sums[4] - mixed_value)
    return np.asarray(found).clip(0)


def logrank(
    time: Floats, event: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], count: Causes | None = None
) -> tuple[float, float]:
    """Chi-square of one degree of freedom and its p value, for those of the second group against the others."""
    from scipy.stats import chi2

    moments, number = np.unique(time[event]), _number(time, count)
    if not len(moments):
        return 0.0, 1.0
    at_risk, died = _at_risk(time, moments, number), _events(time[event], moments, number[event])
    at_risk_second = _at_risk(time[second], moments, number[second])
    died_second = _events(time[event & second], moments, number[event & second])
    expected = died * at_risk_second / at_risk
    share = at_risk_second / at_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.nan_to_num(died * share * (1 - share) * (at_risk - died) / (at_risk - 1)).sum()
    if variance == 0:
        return 0.0, 1.0
    statistic = float((died_second.sum() - expected.sum()) ** 2 / variance)
    return statistic, float(chi2.sf(statistic, 1))


@dataclass(frozen=True)
class RestrictedMean:
    """The mean time free of the event up to a moment, and what is needed to say how far a patient moves it."""

    mean: float
    until: float
    _time: Floats
    _step: Floats
    _compensator: Floats

    def influence(self, time: Floats, event: npt.NDArray[np.bool_]) -> Floats:
        """How far patients with these times move the mean.

        The standard deviation between patients by the root of their number is the standard error, and
        differences of pairs work alike.
        """
        jump = np.searchsorted(self._time, time)
        own = np.zeros(len(time))
        counts = event & (time < self.until)
        own[counts] = self._step[jump[counts]]
        return np.asarray(self._compensator[np.searchsorted(self._time, time, side="right")] - own)


def restricted_mean(
    time: Floats, event: npt.NDArray[np.bool_], until: float, count: Causes | None = None
) -> RestrictedMean:
    """The mean time free of the event up to a moment, and what moves it."""
    curve = kaplan_meier(time, event, count)
    kept = curve.time < until
    moments = np.concatenate([[0.0], curve.time[kept], [until]])
    level = np.concatenate([[1.0], curve.value[kept]])
    area = level * np.diff(moments)
    after = np.cumsum(area[::-1])[::-1][1:]
    hazard = curve.events[kept] / curve.at_risk[kept]
    share = curve.at_risk[kept] / int(_number(time, count).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(share > 0, after / share, 0.0)
    compensator = np.concatenate([[0.0], np.cumsum(step * hazard)])
    return RestrictedMean(float(area.sum()), until, curve.time[kept], step, compensator)


def at_risk(time: Floats, moments: npt.ArrayLike, count: Causes | None = None) -> Causes:
    """How many are still followed right before some moments."""
    return _at_risk(time, np.asarray(moments, float), _number(time, count))


def _number(time: Floats, count: Causes | None) -> Causes:
    return np.ones(len(time), np.int64) if count is None else count


def _steps(time: Floats, cause: Causes, of: int, count: Causes | None) -> _Steps:
    moments, number = np.unique(time[cause > 0]), _number(time, count)
    events, main = ((cause > 0), (cause == of))
    return _Steps(
        moments,
        _at_risk(time, moments, number),
        _events(time[events], moments, number[events]),
        _events(time[main], moments, number[main]),
    )


def _at_risk(time: Floats, moments: Floats, number: Causes) -> Causes:
    order = np.argsort(time, kind="stable")
    gone = np.concatenate([[0], np.cumsum(number[order])])
    return np.asarray(gone[-1] - gone[np.searchsorted(time[order], moments, side="left")], np.int64)


def _events(time: Floats, moments: Floats, number: Causes) -> Causes:
    """How many have an event at each of the moments; every time is one of them."""
    return np.bincount(np.searchsorted(moments, time), weights=number, minlength=len(moments)).astype(np.int64)
