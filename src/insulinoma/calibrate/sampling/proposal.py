"""What samplers draw from and start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.noise import noise

Floats = npt.NDArray[np.float64]


class Proposal(Protocol):
    """Something that coordinates can be drawn from, with its density by that of the prior."""

    @property
    def basis(self) -> Floats:
        """The informed directions (names, rank), orthonormal; across them it is about the prior."""

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density by that of the prior, by lane."""


@dataclass(frozen=True)
class Prior:
    """The prior, where no region is missing; `basis` are the directions in which data are thought to inform."""

    basis: Floats

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""
        return noise(seed, stream, (lanes, names))

    def log_ratio(self, z: Floats) -> Floats:
        """Zeros."""
        return np.zeros(len(z))
