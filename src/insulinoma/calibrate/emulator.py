"""A proposal that knows the likelihood: the posterior under a fitted polynomial of the model.

The logarithms of all readings are taken as a quadratic in the directions that the data inform, linear in
all others, with an error that the fit itself tells. What the polynomial misses is made good by importance
weights, so that it decides how many draws are needed and not what they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.mixture import Component, Mixture
from insulinoma.calibrate.target import Target

Floats = npt.NDArray[np.float64]
_CHEAP = 20_000
_STIFFNESS, _TRUSTED = 3.0, 60.0
_QUADRATIC = 10
_MOVES = 60


@dataclass(frozen=True)
class Emulator:
    """A fitted polynomial of the features of a target around `center`; `basis` are its quadratic directions.

    `coefficients` (terms, columns) of 1, of each coordinate, and of each product of two directions.
    """

    target: Target
    center: Floats
    basis: Floats
    coefficients: Floats
    errors: Floats

    def features(self, z: Floats) -> Floats:
        """The fitted features (lanes, columns)."""
        found: Floats = _terms(z - self.center, self.basis) @ self.coefficients
        return found

    def total(self, z: Floats) -> Floats:
        """The log-likelihood under the fit, its error taken into account."""
        return self.target.total_of(self.features(z), self.errors)


@dataclass(frozen=True)
class Guided:
    """The posterior under an emulator, mixed with a wider mixture; its density by that of the prior is known."""

    emulator: Emulator
    wide: Mixture
    log_evidence: float
    share: float = 0.9

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""
        guided = round(self.share * lanes)
        particles, _ = _posterior(self.emulator, self.wide, guided, names, seed, stream)
        found: Floats = np.concatenate([particles, self.wide.draw(lanes - guided, names, seed, stream + 500)])
        return found

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density by that of the prior, by lane."""
        near = np.log(self.share) + self.emulator.total(z) - self.log_evidence
        found: Floats = np.logaddexp(near, np.log1p(-self.share) + self.wide.log_ratio(z))
        return found


def guided(target: Target, mixture: Mixture, z: Floats, features: Floats, weights: Floats, seed: int) -> Guided:
    """The proposal of an emulator fitted to evaluated lanes (lanes, names), the heavier the more they weigh."""
    fine = np.isfinite(features).all(axis=1) & (weights > 0)
    deepest = mixture.components[int(np.argmax(mixture.shares))]
    fitted = _fit(target, z[fine], features[fine], weights[fine], deepest)
    _, evidence = _posterior(fitted, mixture, 2, z.shape[1], seed, 0)
    return Guided(fitted, mixture, evidence)


def _fit(target: Target, z: Floats, features: Floats, weights: Floats, component: Component) -> Emulator:
    """A ridge regression that departs from the derivatives at the mode as far as the lanes ask for it."""
    share = weights / weights.sum()
    mode = component.mode
    order = np.argsort(np.diag(component.scale))[:_QUADRATIC]
    basis = component.basis[:, order]
    terms = _terms(z - mode.z, basis)
    known = np.concatenate(
        [mode.features[None], mode.slopes, np.zeros((terms.shape[1] - z.shape[1] - 1, features.shape[1]))]
    )
    effective = 1 / (share**2).sum()
    weighted = (terms * (share * effective)[:, None]).T
    penalty = np.full(terms.shape[1], _STIFFNESS)
    penalty[: 1 + z.shape[1]] = _TRUSTED
    penalty[0] = 1e-6
    gram = weighted @ terms + np.diag(penalty)
    coefficients = known + np.linalg.solve(gram, weighted @ (features - terms @ known))
    leverage = np.einsum("ij,ji->i", terms, np.linalg.solve(gram, weighted))
    misses = (features - terms @ coefficients) / np.maximum(1 - leverage, 0.1)[:, None]
    errors = np.sqrt(share @ misses**2)
    return Emulator(target, mode.z, basis, coefficients, errors)


def _terms(shift: Floats, basis: Floats) -> Floats:
    """1, each coordinate, and the products of the quadratic directions, (lanes, terms)."""
    inside = shift @ basis
    rows, columns = np.triu_indices(basis.shape[1])
    products = inside[:, rows] * inside[:, columns]
    return np.concatenate([np.ones((len(shift), 1)), shift, 0.5 * products], axis=1)


def _posterior(
    emulator: Emulator, mixture: Mixture, lanes: int, names: int, seed: int, stream: int
) -> tuple[Floats, float]:
    """Draws of the posterior under the emulator and the logarithm of its evidence: importance, then Markov steps."""
    cheap = mixture.draw(_CHEAP, names, seed, 7000)
    logs = emulator.total(cheap) - mixture.log_ratio(cheap)
    evidence = float(np.logaddexp.reduce(logs) - np.log(_CHEAP))
    random = np.random.Generator(np.random.Philox(key=np.array([seed, 9000 + stream], dtype=np.uint64)))
    weights = np.exp(logs - np.logaddexp.reduce(logs))
    kept = np.minimum(np.searchsorted(np.cumsum(weights), random.random(lanes)), _CHEAP - 1)
    z, here = cheap[kept], emulator.total(cheap[kept])
    for _ in range(_MOVES):
        # An autoregression keeps the prior; its length varies, so that stiff and loose directions both move.
        length = random.choice([0.05, 0.15, 0.4])
        moved = np.sqrt(1 - length**2) * z + length * random.standard_normal(z.shape)
        there = emulator.total(moved)
        taken = np.log(random.random(lanes)) < there - here
        z[taken], here[taken] = moved[taken], there[taken]
    return z, evidence
