"""Posteriors whose truth is known without any sampler."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.likelihood import Inside
from insulinoma.calibrate.sampling.target import Scores

Floats = npt.NDArray[np.float64]


class Linear:
    """A standard normal prior, and linear features read with a normal error: the posterior is normal."""

    def __init__(self, names: int = 60, facts: int = 8, sd: float = 0.2, seed: int = 0) -> None:
        random = np.random.default_rng(seed)
        self.matrix = random.normal(size=(facts, names)) / 4
        self.sd = np.full(facts, sd)
        self.seen = self.matrix @ random.normal(size=names) + sd * random.normal(size=facts)
        self.smooth = np.ones(names, bool)
        self.alike = np.arange(facts)[:, None]

    def acting(self, z: Floats) -> Floats:
        return z

    def features(self, z: Floats) -> Floats:
        return z @ self.matrix.T

    def linked(self, z: Floats, features: Floats) -> Floats:
        return features

    def logs_of(self, z: Floats, linked: Floats) -> Floats:
        return linked

    def total_of(self, logs: Floats, misses: Floats) -> Floats:
        sd = np.hypot(self.sd, np.sqrt((misses**2).mean(axis=0)))
        return (-0.5 * ((logs - self.seen) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))).sum(axis=1)

    def score(self, z: Floats) -> Scores:
        features = self.features(z)
        residuals = (features - self.seen) / self.sd
        each = -0.5 * residuals**2 - np.log(self.sd * np.sqrt(2 * np.pi))
        return Scores(each, each.sum(axis=1), residuals, features, features)

    @property
    def _total_covariance(self) -> Floats:
        return self.matrix @ self.matrix.T + np.diag(self.sd**2)

    @property
    def mean(self) -> Floats:
        return self.matrix.T @ np.linalg.solve(self._total_covariance, self.seen)

    @property
    def covariance(self) -> Floats:
        names = len(self.smooth)
        return np.eye(names) - self.matrix.T @ np.linalg.solve(self._total_covariance, self.matrix)

    @property
    def log_evidence(self) -> float:
        spread = self._total_covariance
        squares = self.seen @ np.linalg.solve(spread, self.seen)
        return float(-0.5 * squares - 0.5 * np.linalg.slogdet(2 * np.pi * spread)[1])


class TwoModes(Linear):
    """The distance of the first coordinate from zero is read, so that both signs fit alike."""

    def __init__(self, names: int = 30) -> None:
        super().__init__(names, 2, 0.1)
        self.seen = np.array([2.0, 1.0])

    def features(self, z: Floats) -> Floats:
        return np.stack([np.abs(z[:, 0]), z[:, 1] + z[:, 2]], axis=1)


class Doubted(Linear):
    """A source says that the first coordinate lies above 2.5, which the prior hardly believes; it may be wrong."""

    def __init__(self, names: int = 30) -> None:
        super().__init__(names, 2)
        self.sd, self.seen = self.sd[:1], self.seen[:1]
        self.statement = Inside(float(np.exp(2.5)), np.inf, sd=0.2, reliability=0.98)

    def features(self, z: Floats) -> Floats:
        return np.stack([z[:, 0], z[:, 1:].sum(axis=1) / 4], axis=1)

    def total_of(self, logs: Floats, misses: Floats) -> Floats:
        doubted = self.statement.widened(float(np.sqrt((misses[:, 0] ** 2).mean()))).log_density(logs[:, 0])
        return doubted + super().total_of(logs[:, 1:], misses[:, 1:])

    def score(self, z: Floats) -> Scores:
        features = self.features(z)
        gap = (features[:, 1] - self.seen[0]) / self.sd[0]
        each = np.stack([self.statement.log_density(z[:, 0]), -0.5 * gap**2], axis=1)
        residuals = np.stack([self.statement.residual(z[:, 0]), gap], axis=1)
        return Scores(each, each.sum(axis=1), residuals, features, features)

    @property
    def share_above(self) -> float:
        """How much of the posterior believes the source."""
        grid = np.linspace(-6, 6, 12_001)
        density = np.exp(self.statement.log_density(grid) - 0.5 * grid**2)
        return float(density[grid > 2].sum() / density.sum())


class Marker(Linear):
    """A background and what a tumor adds to it, read together: the logarithm of a sum.

    Coordinates 0 to 2 are the background, the slope and the volume, which is read as well.
    """

    def __init__(self, names: int = 40, *, known: bool) -> None:
        super().__init__(names, 2, 0.2)
        self.sd[0] = 0.1
        self.seen = np.array([np.log(3.0), 0.0])
        self.known = known

    def background(self, z: Floats) -> Floats:
        return np.exp(0.6 * z[:, 0])

    def features(self, z: Floats) -> Floats:
        level = self.background(z) + 2.5 * np.exp(1.5 * z[:, 1] + 0.5 * z[:, 2])
        return np.stack([np.log(level), 0.5 * z[:, 2]], axis=1)

    def linked(self, z: Floats, features: Floats) -> Floats:
        """The features, the background taken off where it is `known`."""
        found = features.copy()
        if self.known:
            found[:, 0] = np.log(np.maximum(np.exp(features[:, 0]) - self.background(z), 1e-9))
        return found

    def logs_of(self, z: Floats, linked: Floats) -> Floats:
        found = linked.copy()
        if self.known:
            found[:, 0] = np.log(self.background(z) + np.exp(linked[:, 0]))
        return found

    def share_below(self, slope: float) -> float:
        """How much of the posterior lies below a slope, by the sum over the cells of a grid."""
        middles = np.arange(-4.95, 5, 0.1)
        grid = np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), axis=-1).reshape(-1, 3)
        gaps = (self.features(grid) - self.seen) / self.sd
        weights = np.exp(-0.5 * (grid**2).sum(axis=1) - 0.5 * (gaps**2).sum(axis=1))
        return float(weights[grid[:, 1] < slope].sum() / weights.sum())
