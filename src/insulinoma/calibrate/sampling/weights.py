"""Weights of particles: how far a temperature may rise, and draws of equal weight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.noise import generator

Floats = npt.NDArray[np.float64]


def increment(logs: Floats, temperature: float) -> float:
    """The step of temperature that leaves half of the particles effective, at most what is left to 1."""
    low, high = 0.0, 1.0 - temperature
    if _share(logs, high) >= 0.5:
        return high
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _share(logs, middle) >= 0.5 else (low, middle)
    return max(low, 1e-6)


def _share(logs: Floats, step: float) -> float:
    scaled = step * logs
    weights = np.exp(scaled - np.logaddexp.reduce(scaled))
    return float(1 / (weights**2).sum() / len(logs))


def resampled(weights: Floats, count: int, seed: int) -> npt.NDArray[np.int_]:
    """Indices of so many draws of equal weight, by systematic resampling.

    >>> resampled(np.array([0.0, 1.0]), 3, seed=0).tolist()
    [1, 1, 1]
    """
    start = generator(seed, 7).random()
    found = np.searchsorted(np.cumsum(weights), (start + np.arange(count)) / count)
    return np.minimum(found, len(weights) - 1)
