"""What a fact says of a predicted quantity, as a density on the logarithm of the prediction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_FLOOR = 1e-300


@dataclass(frozen=True)
class Measured:
    """A value read with a log-normal error of standard deviation `sd` (of the logarithm)."""

    value: float
    sd: float

    def widened(self, error: float) -> Measured:
        """The same with an independent error more."""
        return replace(self, sd=math.hypot(self.sd, error))

    def log_density(self, log_predicted: Floats) -> Floats:
        """Of the logarithm of the value, given that of the prediction."""
        return -0.5 * self.residual(log_predicted) ** 2 - math.log(self.sd * math.sqrt(2 * math.pi))

    def residual(self, log_predicted: Floats) -> Floats:
        """How many errors the value lies from the prediction."""
        found: Floats = (log_predicted - math.log(self.value)) / self.sd
        return found

    def repeated(self, log_predicted: Floats, normal: Floats) -> Floats:
        """What the same measurement would give again, with standard normal noise."""
        found: Floats = np.exp(log_predicted + self.sd * normal)
        return found

    def drawn(self, log_predicted: float, normal: float) -> Measured:
        """The same measurement of a patient in whom the quantity is known."""
        return replace(self, value=math.exp(log_predicted + self.sd * normal))


def of_values(numbers: Sequence[Measured], log_predicted: Floats, misses: Floats) -> Floats:
    """The joint log-density (lanes,) of values given the logarithms of their predictions (lanes, values).

    Those are in error as other predictions were, by `misses` (others, values): many of them together.
    """
    if not numbers:
        return np.zeros(len(log_predicted))
    covariance = misses.T @ misses / len(misses) + np.diag([item.sd**2 for item in numbers])
    root = np.linalg.cholesky(covariance)
    white = (log_predicted - np.log([item.value for item in numbers])) @ np.linalg.inv(root).T
    found: Floats = -0.5 * (white**2).sum(axis=1) - np.log(np.diag(root) * math.sqrt(2 * math.pi)).sum()
    return found


@dataclass(frozen=True)
class Inside:
    """The quantity lies between `low` and `high`, as a bound, an interval or a statement says.

    `sd` is the error (of the logarithm) with which the source saw it; `reliability` is the
    probability that the source is right, 1 for a laboratory's bound. Where it is `denied`, the source
    says that the quantity lies outside.
    """

    low: float
    high: float
    sd: float
    reliability: float = 1.0
    denied: bool = False

    def widened(self, error: float) -> Inside:
        """The same with an independent error more."""
        return replace(self, sd=math.hypot(self.sd, error))

    def probability(self, log_predicted: Floats) -> Floats:
        """That a source which is right, with its error, would say what this one says."""
        from scipy.special import ndtr

        upper = ndtr((_log(self.high) - log_predicted) / self.sd)
        lower = ndtr((_log(self.low) - log_predicted) / self.sd)
        found: Floats = 1 - (upper - lower) if self.denied else upper - lower
        return found

    def log_density(self, log_predicted: Floats) -> Floats:
        """The logarithm of the probability that the source says so."""
        right = self.probability(log_predicted)
        found: Floats = np.log(self.reliability * right + (1 - self.reliability) * (1 - right) + _FLOOR)
        return found

    def residual(self, log_predicted: Floats) -> Floats:
        """The square root of twice the loss, were the source always right: it leads a search back from afar."""
        from scipy.special import log_ndtr

        upper = (_log(self.high) - log_predicted) / self.sd
        lower = (log_predicted - _log(self.low)) / self.sd
        with np.errstate(invalid="ignore"):
            outside = np.logaddexp(log_ndtr(-upper), log_ndtr(-lower))
        loss = outside if self.denied else log_ndtr(upper) + log_ndtr(lower)
        found: Floats = np.sqrt(np.maximum(-2 * loss, 0.0))
        return found

    def repeated(self, log_predicted: Floats, normal: Floats) -> Floats:
        """1 where a source with the same error would say so again, else 0."""
        from scipy.special import ndtr

        found: Floats = (ndtr(normal) < self.probability(log_predicted)).astype(float)
        return found

    def drawn(self, log_predicted: float, normal: float) -> Inside:
        """What a source as reliable would say of a patient in whom the quantity is known: so, or the opposite."""
        from scipy.special import ndtr

        says = float(ndtr(normal)) < float(np.exp(self.log_density(np.array(log_predicted))))
        return self if says else replace(self, denied=not self.denied)


def _log(bound: float) -> float:
    if bound <= 0:
        return -math.inf
    return math.log(bound) if math.isfinite(bound) else math.inf
