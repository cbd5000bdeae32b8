"""A proposal for importance sampling: Student-t around each mode where data inform, the prior elsewhere.

A component is a Student-t in the informed directions of a mode and the prior across them, so that the
density of the proposal by that of the prior depends on the informed directions alone. One component is
the prior itself: the weights are bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.modes import Mode
from insulinoma.calibrate.sampling.noise import generator

Floats = npt.NDArray[np.float64]
_DEGREES = 7.0


@dataclass(frozen=True)
class Component:
    """Student-t with `mean` and `scale` matrix in the directions `basis` (names, rank), the prior across them.

    `mode` is the one around which it lies.
    """

    basis: Floats
    mean: Floats
    scale: Floats
    mode: Mode

    @cached_property
    def _root(self) -> Floats:
        return np.asarray(np.linalg.cholesky(self.scale), dtype=np.float64)

    def draw(self, normal: Floats, chi_square: Floats) -> Floats:
        """Coordinates (lanes, names) from standard normal noise and chi-square numbers of the degrees."""
        rank = len(self.mean)
        inside = normal @ self.basis
        stretched = inside[:, :rank] * np.sqrt(_DEGREES / chi_square)[:, None]
        wanted = self.mean + stretched @ self._root.T
        found: Floats = normal + (wanted - inside) @ self.basis.T
        return found

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of its density by that of the prior, by lane."""
        from scipy.special import gammaln

        rank = len(self.mean)
        inside = z @ self.basis
        white = np.linalg.solve(self._root, (inside - self.mean).T)
        squares = (white**2).sum(axis=0)
        constant = gammaln((_DEGREES + rank) / 2) - gammaln(_DEGREES / 2) - 0.5 * rank * np.log(_DEGREES * np.pi)
        constant -= np.log(np.diag(self._root)).sum()
        student = constant - 0.5 * (_DEGREES + rank) * np.log1p(squares / _DEGREES)
        prior = -0.5 * (inside**2).sum(axis=1) - 0.5 * rank * np.log(2 * np.pi)
        found: Floats = student - prior
        return found


@dataclass(frozen=True)
class Mixture:
    """Components with their shares; what is left of 1 is the prior itself."""

    components: tuple[Component, ...]
    shares: tuple[float, ...]

    @cached_property
    def basis(self) -> Floats:
        """The informed directions of all components (names, rank), orthonormal."""
        every = np.concatenate([component.basis for component in self.components], axis=1)
        return np.asarray(np.linalg.qr(every)[0], dtype=np.float64)

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""
        random = generator(seed, stream)
        normal = random.standard_normal((lanes, names))
        chi_square = random.chisquare(_DEGREES, lanes)
        which = np.searchsorted(np.cumsum(self.shares), (np.arange(lanes) + random.random()) / lanes)
        z = normal.copy()
        for index, component in enumerate(self.components):
            chosen = which == index
            z[chosen] = component.draw(normal[chosen], chi_square[chosen])
        found: Floats = random.permutation(z)
        return found

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density of the mixture by that of the prior, by lane."""
        parts = [np.full(len(z), np.log(max(1 - sum(self.shares), 1e-12)))]
        for component, share in zip(self.components, self.shares, strict=True):
            parts.append(np.log(share) + component.log_ratio(z))
        found: Floats = np.logaddexp.reduce(np.stack(parts))
        return found


def around(modes: Sequence[Mode], *, prior_share: float = 0.1, inflation: float = 1.2) -> Mixture:
    """The mixture around modes, each with a share by its mass in Laplace's approximation."""
    masses = np.array([-mode.objective + 0.5 * np.linalg.slogdet(mode.covariance)[1] for mode in modes])
    # A flatter share: Laplace's mass is rough, and a mode too many costs less than one too few.
    shares = np.exp(0.5 * (masses - masses.max()))
    shares = (1 - prior_share) * shares / shares.sum()
    components = tuple(Component(mode.basis, mode.mean, inflation * mode.covariance, mode) for mode in modes)
    return Mixture(components, tuple(float(share) for share in shares))


def refitted(mixture: Mixture, z: Floats, weights: Floats, *, prior_share: float = 0.1) -> Mixture:
    """The mixture with means, scales and shares of weighted draws, shrunk to what they were.

    Weights sum to 1. A component keeps its directions.
    """
    ratios = np.stack([component.log_ratio(z) for component in mixture.components]) + np.log(mixture.shares)[:, None]
    belongs = np.exp(ratios - np.logaddexp.reduce(ratios))
    found, shares = [], []
    for component, belonging in zip(mixture.components, belongs, strict=True):
        part = weights * belonging
        share = float(part.sum())
        size = share**2 / max(float((part**2).sum()), 1e-300)
        inside = z @ component.basis
        mean = (part[:, None] * inside).sum(axis=0) / max(share, 1e-300)
        spread = ((part[:, None] * (inside - mean)).T @ (inside - mean)) / max(share, 1e-300)
        trust = size / (size + 2 * len(component.mean) + 1)
        center = trust * mean + (1 - trust) * component.mean
        scale = trust * 1.1 * spread + (1 - trust) * component.scale
        found.append(Component(component.basis, center, scale + 1e-9 * np.eye(len(center)), component.mode))
        shares.append(0.8 * share + 0.2 / len(mixture.components))
    total = sum(shares)
    return Mixture(tuple(found), tuple((1 - prior_share) * share / total for share in shares))
