"""An arm against another: the difference of an endpoint with its 95 % interval and a p value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.analysis.frame import Sample
from insulinoma.cohort.analysis.survival import logrank, restricted_mean

Floats = npt.NDArray[np.float64]


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


def contrast(first: Sample, second: Sample, *, time: bool, paired: bool, until: float) -> Contrast | None:
    """The contrast of two arms; None where an arm has fewer than two patients.

    Paired arms are compared patient by patient, so that what differs between patients cancels out.
    """
    if paired:
        common = np.intersect1d(first.patient, second.patient)
        first, second = (one.taken(np.isin(one.patient, common)) for one in (first, second))
    if min(len(first), len(second)) < 2:
        return None
    if time:
        return _times(first, second, paired=paired, until=until)
    return _paired(first, second) if paired else _welch(first, second)


def _paired(first: Sample, second: Sample) -> Contrast:
    found = second.value - first.value
    error = float(found.std(ddof=1) / np.sqrt(len(found)))
    return _made(first.value.mean(), second.value.mean(), error, len(found) - 1, first, second, "paired t")


def _welch(first: Sample, second: Sample) -> Contrast:
    parts = [one.value.var(ddof=1) / len(one) for one in (first, second)]
    error = float(np.sqrt(sum(parts)))
    total = sum(part**2 / (len(one) - 1) for part, one in zip(parts, (first, second), strict=True))
    freedom = error**4 / total if total > 0 else float(len(first) + len(second) - 2)
    return _made(first.value.mean(), second.value.mean(), error, freedom, first, second, "Welch t")


def _made(a: float, b: float, error: float, freedom: float, first: Sample, second: Sample, method: str) -> Contrast:
    from scipy.stats import t

    difference, half = float(b - a), float(t.ppf(0.975, freedom)) * error
    p = float(2 * t.sf(abs(difference) / error, freedom)) if error > 0 else float(difference == 0)
    counts = (len(first), len(second))
    return Contrast(float(a), float(b), difference, difference - half, difference + half, p, counts, method)


def _times(first: Sample, second: Sample, *, paired: bool, until: float) -> Contrast:
    """Restricted mean times; the p value is that of the log-rank test, of paired arms that of the difference."""
    from scipy.stats import norm

    until = min(until, float(first.value.max()), float(second.value.max()))
    (a, moved_a), (b, moved_b) = (restricted_mean(one.value, one.event, until) for one in (first, second))
    if paired:
        error = float((moved_b - moved_a).std(ddof=1) / np.sqrt(len(first)))
        p = float(2 * norm.sf(abs(b - a) / error)) if error > 0 else float(a == b)
        method = "restricted mean, paired"
    else:
        error = float(np.sqrt(moved_a.var(ddof=1) / len(first) + moved_b.var(ddof=1) / len(second)))
        time, event = (np.concatenate([getattr(one, name) for one in (first, second)]) for name in ("value", "event"))
        p = logrank(time, event, np.arange(len(time)) >= len(first))[1]
        method = "restricted mean; log-rank"
    half = 1.959963984540054 * error
    difference = b - a
    counts = (len(first), len(second))
    return Contrast(a, b, difference, difference - half, difference + half, p, counts, method, until)
