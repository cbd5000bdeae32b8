"""What a fact says of a predicted quantity, as a density on the logarithm of the prediction."""

from __future__ import annotations

import math
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


@dataclass(frozen=True)
class Inside:
    """The quantity lies between `low` and `high`, as a bound, an interval or a statement says.

    `sd` is the error (of the logarithm) with which the source saw it; `reliability` is the
    probability that the source is right, 1 for a laboratory's bound.
    """

    low: float
    high: float
    sd: float
    reliability: float = 1.0

    def widened(self, error: float) -> Inside:
        """The same with an independent error more."""
        return replace(self, sd=math.hypot(self.sd, error))

    def probability(self, log_predicted: Floats) -> Floats:
        """That the source, with its error, would see the quantity inside."""
        from scipy.special import ndtr

        upper = ndtr((_log(self.high) - log_predicted) / self.sd)
        lower = ndtr((_log(self.low) - log_predicted) / self.sd)
        found: Floats = upper - lower
        return found

    def log_density(self, log_predicted: Floats) -> Floats:
        """The logarithm of the probability that the source says so."""
        inside = self.probability(log_predicted)
        found: Floats = np.log(self.reliability * inside + (1 - self.reliability) * (1 - inside) + _FLOOR)
        return found

    def residual(self, log_predicted: Floats) -> Floats:
        """The square root of twice the loss, were the source always right: it leads a search back from afar."""
        from scipy.special import log_ndtr

        upper = log_ndtr((_log(self.high) - log_predicted) / self.sd)
        lower = log_ndtr((log_predicted - _log(self.low)) / self.sd)
        found: Floats = np.sqrt(np.maximum(-2 * (upper + lower), 0.0))
        return found

    def repeated(self, log_predicted: Floats, normal: Floats) -> Floats:
        """1 where a source with the same error would say so again, else 0."""
        from scipy.special import ndtr

        found: Floats = (ndtr(normal) < self.probability(log_predicted)).astype(float)
        return found


def _log(bound: float) -> float:
    if bound <= 0:
        return -math.inf
    return math.log(bound) if math.isfinite(bound) else math.inf
