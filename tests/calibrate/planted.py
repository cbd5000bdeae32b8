"""Posteriors whose truth is known without any sampler."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.observation import Scores

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

    def total_of(self, features: Floats, errors: Floats) -> Floats:
        sd = np.hypot(self.sd, errors)
        return (-0.5 * ((features - self.seen) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))).sum(axis=1)

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
