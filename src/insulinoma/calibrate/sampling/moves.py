"""A Markov proposal that knows the shape of the particles: autoregression to their normal distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_LENGTHS = (0.15, 0.4, 1.0)


@dataclass(frozen=True)
class Autoregression:
    """Steps that keep a normal distribution in the directions of `basis` (names, rank), and the prior across them."""

    basis: Floats
    mean: Floats
    root: Floats
    whiten: Floats

    @classmethod
    def of(cls, z: Floats, basis: Floats) -> Autoregression:
        """That to the normal distribution of particles (lanes, names)."""
        inside = z @ basis
        spread = np.atleast_2d(np.cov(inside.T)) + 1e-9 * np.eye(basis.shape[1])
        root = np.asarray(np.linalg.cholesky(spread), dtype=np.float64)
        return cls(basis, inside.mean(axis=0), root, np.asarray(np.linalg.inv(root), dtype=np.float64))

    def step(self, z: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
        """A step of every particle, long or short.

        With it the logarithm of the density of the kept distribution by that of the prior, after less before.
        """
        inside, fresh = z @ self.basis, random.standard_normal(z.shape)
        length, change = random.choice(_LENGTHS), random.choice(_LENGTHS)
        noise, kept = fresh @ self.basis, np.sqrt(1 - change**2)
        moved = self.mean + np.sqrt(1 - length**2) * (inside - self.mean) + length * noise @ self.root.T
        found = kept * z + change * fresh + (moved - kept * inside - change * noise) @ self.basis.T
        return found, self._excess(moved) - self._excess(inside)

    def _excess(self, inside: Floats) -> Floats:
        """Minus the logarithm of the density of the kept distribution by that of the prior, but for a constant."""
        white = (inside - self.mean) @ self.whiten.T
        found: Floats = 0.5 * ((white**2).sum(axis=1) - (inside**2).sum(axis=1))
        return found
