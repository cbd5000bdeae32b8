"""A polynomial of the model, fitted to the lanes that were evaluated.

The logarithms of the readings, in the form in which the target links them, are linear in all coordinates and
quadratic in those that move them most; readings of the same quantity share these. What the polynomial misses widens
the likelihood under it, so that it is never too sure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.target import IMPOSSIBLE, Target

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int_]
_BLUNT, _FAINTEST = 6.0, -6.0
_STIFFNESS, _WEAKEST = 0.3, 0.02
_LANES_A_TERM, _FEWEST, _MOST, _MOST_PAIRS = 6, 4, 28, 10_000
_MOST_LANES, _JUDGED = 3072, 200
# What a polynomial says far from the lanes stays a logarithm of a number.
_FARTHEST = 300.0
# So few lanes at a time that their products stay in the cache of a core.
_AT_ONCE = 256


@dataclass(frozen=True)
class Bend:
    """A quadratic form in some coordinates (`active`) for each of the columns of one quantity."""

    columns: Columns
    active: Columns
    forms: npt.NDArray[np.float32]

    def at(self, acting: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The value of each form (columns, lanes) at coordinates (names, lanes)."""
        part, count = acting[self.active], len(self.columns)
        found: npt.NDArray[np.float32] = np.einsum(
            "cil,il->cl", (self.forms @ part).reshape(count, len(part), -1), part
        )
        return found


@dataclass(frozen=True)
class Emulator:
    """A fitted polynomial of the features of a target: `straight` (1 + names, columns), a bend for each quantity.

    `misses` (lanes, readings) is by how much it missed what the facts speak of.
    """

    target: Target
    straight: Floats
    bends: tuple[Bend, ...]
    misses: Floats

    def linked(self, z: Floats) -> Floats:
        """The fitted features (lanes, columns), linked."""
        acting = self.target.acting(z)
        found: Floats = self.straight[0] + acting @ self.straight[1:]
        for begin in range(0, len(z), _AT_ONCE):
            rows = slice(begin, begin + _AT_ONCE)
            part = np.ascontiguousarray(acting[rows].T, dtype=np.float32)
            for bend in self.bends:
                found[rows, bend.columns] += bend.at(part).T
        return np.clip(found, -_FARTHEST, _FARTHEST)

    def total(self, z: Floats) -> Floats:
        """The log-likelihood under the fit, its error taken into account."""
        return self.target.total_of(self.target.logs_of(z, self.linked(z)), self.misses)


def fitted(target: Target, z: Floats, features: Floats, total: Floats, drawn: int) -> Emulator:
    """The emulator of evaluated lanes (lanes, names); the likelier a lane, the more it counts.

    The last `drawn` of them are draws; by these it is judged.
    """
    fine = np.isfinite(features).all(axis=1) & (total > IMPOSSIBLE / 2)
    # The latest lanes are from the best proposals.
    rows = np.flatnonzero(fine)[-_MOST_LANES:]
    judged = np.flatnonzero(rows >= len(z) - drawn)
    judged = judged[np.argsort(-total[rows[judged]], kind="stable")[: 2 * _JUDGED : 2]]
    acting, linked, total = target.acting(z[rows]), target.linked(z[rows], features[rows]), total[rows]
    weights = np.exp(np.maximum((total - total.max()) / _BLUNT, _FAINTEST))
    line = np.concatenate([np.ones((len(acting), 1)), acting], axis=1)
    slopes = _Ridge.of(line, np.ones(line.shape[1]), weights).coefficients(linked)
    straight, guess, bends = np.zeros_like(slopes), linked[judged], []
    for columns in target.alike:
        size = np.sqrt((slopes[1:, columns] ** 2).mean(axis=1))
        bend, straight[:, columns], guess[:, columns] = _bent(
            line, linked[:, columns], weights, size, columns, judged, _MOST_PAIRS / len(target.alike)
        )
        bends.append(bend)
    seen = z[rows[judged]]
    misses = target.logs_of(seen, linked[judged]) - target.logs_of(seen, guess)
    return Emulator(target, straight, tuple(bends), misses)


def _bent(
    line: Floats,
    readings: Floats,
    weights: Floats,
    size: Floats,
    columns: Columns,
    judged: Columns,
    most_pairs: float,
) -> tuple[Bend, Floats, Floats]:
    """A fit that bends along the coordinates of the largest `size` (names,): its bend and its straight part.

    And what it says of the readings of judged lanes, as if each were left out.
    """
    names, pairs = len(size), min(len(line) / _LANES_A_TERM, most_pairs)
    active = np.argsort(-size)[: int(np.clip(np.sqrt(2 * pairs), _FEWEST, min(_MOST, names)))]
    strength = np.maximum(size / max(float(size.max()), 1e-12), _WEAKEST)
    # A coordinate that moves little bends little as well.
    rows, others = np.triu_indices(len(active))
    bent = strength[active[rows]] * strength[active[others]]
    penalty = _STIFFNESS / np.concatenate([[1.0], strength, bent])
    terms = np.concatenate([line, _products(line[:, 1 + active])], axis=1)
    ridge = _Ridge.of(terms, penalty, weights)
    coefficients = ridge.coefficients(readings)
    leverage = ridge.leverage(judged)
    misses = (readings[judged] - terms[judged] @ coefficients) / np.maximum(1 - leverage, 0.05)[:, None]
    bend = Bend(columns, active, _forms(coefficients[1 + names :], len(active)))
    return bend, coefficients[: 1 + names], readings[judged] - misses


@dataclass(frozen=True)
class _Ridge:
    """Weighted least squares with a penalty for each of `terms` (lanes, terms); the first, a constant, is free."""

    heavy: Floats
    root: Floats
    factor: Floats

    @classmethod
    def of(cls, terms: Floats, penalty: Floats, weights: Floats) -> _Ridge:
        """That of some weights (lanes,), its matrix factored once."""
        root = np.sqrt(weights)[:, None]
        heavy = terms * root
        single = heavy.astype(np.float32)
        gram = (single.T @ single).astype(np.float64)
        gram[np.diag_indices(len(gram))] += np.concatenate([[1e-6], penalty[1:]])
        return cls(heavy, root, np.asarray(np.linalg.cholesky(gram), dtype=np.float64))

    def coefficients(self, readings: Floats) -> Floats:
        """The coefficients (terms, columns) of readings (lanes, columns)."""
        from scipy.linalg import cho_solve

        return np.asarray(cho_solve((self.factor, True), self.heavy.T @ (readings * self.root)), dtype=np.float64)

    def leverage(self, rows: Columns) -> Floats:
        """How much of the readings of some lanes is their own."""
        from scipy.linalg import solve_triangular

        found: Floats = (solve_triangular(self.factor, self.heavy[rows].T, lower=True) ** 2).sum(axis=0)
        return found


def _products(active: Floats) -> Floats:
    """Each product of two coordinates, squares included, (lanes, pairs)."""
    rows, others = np.triu_indices(active.shape[1])
    return active[:, rows] * active[:, others]


def _forms(coefficients: Floats, count: int) -> npt.NDArray[np.float32]:
    """The coefficients (pairs, columns) of products as triangular matrices, one below the other."""
    found = np.zeros((coefficients.shape[1], count, count), np.float32)
    found[:, *np.triu_indices(count)] = coefficients.T
    return found.reshape(-1, count)
