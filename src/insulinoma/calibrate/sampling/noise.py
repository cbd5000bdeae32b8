"""Random numbers that are the same on any machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def generator(seed: int, stream: int) -> np.random.Generator:
    """Random numbers by (seed, stream), the same on any machine (Philox)."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, stream], dtype=np.uint64)))


def noise(seed: int, stream: int, shape: tuple[int, ...]) -> Floats:
    """Standard normal numbers by (seed, stream), the same on any machine (Philox)."""
    return generator(seed, stream).standard_normal(shape)
