"""What a sampler needs to know of a problem, whatever it is."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.observation import Scores

Floats = npt.NDArray[np.float64]


class Target(Protocol):
    """A posterior whose prior is standard normal: its dimension, where it is smooth, and its likelihood."""

    @property
    def smooth(self) -> npt.NDArray[np.bool_]:
        """Which coordinates have derivatives."""

    def score(self, z: Floats) -> Scores:
        """The likelihood of every fact at coordinates (lanes, names)."""

    def total_of(self, features: Floats, errors: Floats) -> Floats:
        """The joint log-likelihood (lanes,) of features that are in error by `errors` (columns)."""


def objective(z: Floats, total: Floats) -> Floats:
    """Minus the logarithm of the posterior, but for a constant, by lane."""
    found: Floats = 0.5 * (z**2).sum(axis=1) - total
    return found
