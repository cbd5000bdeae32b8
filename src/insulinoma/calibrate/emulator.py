"""A polynomial of the model, fitted to the lanes that were evaluated.

The logarithms of the readings are linear in all coordinates and quadratic in those that move them most; readings
of the same quantity share these. What the polynomial misses widens the likelihood under it, so that it is never
too sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.observation import IMPOSSIBLE
from insulinoma.calibrate.target import Target

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int_]
_BLUNT, _FAINTEST = 6.0, -6.0
_STIFFNESS, _WEAKEST = 0.3, 0.02
_LANES_A_TERM, _FEWEST, _MOST, _MOST_PAIRS = 6, 4, 28, 10_000
_MOST_LANES, _JUDGED = 3072, 200
# So few lanes at a time that their products stay in the cache of a core.
_AT_ONCE = 256


@dataclass(frozen=True)
class Bend:
    """The products of some coordinates (`active`) and what each adds to the readings of one quantity (`columns`)."""

    columns: Columns
    active: npt.NDArray[np.int_]
    coefficients: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Emulator:
    """A fitted polynomial of the features of a target: `straight` (1 + names, columns), a bend for each quantity."""

    target: Target
    straight: Floats
    bends: tuple[Bend, ...]
    errors: Floats

    def features(self, z: Floats) -> Floats:
        """The fitted features (lanes, columns)."""
        acting = self.target.acting(z)
        found: Floats = self.straight[0] + acting @ self.straight[1:]
        for begin in range(0, len(z), _AT_ONCE):
            rows = slice(begin, begin + _AT_ONCE)
            part = acting[rows].astype(np.float32)
            for bend in self.bends:
                found[rows, bend.columns] += _products(part[:, bend.active]) @ bend.coefficients
        return found

    def total(self, z: Floats) -> Floats:
        """The log-likelihood under the fit, its error taken into account."""
        return self.target.total_of(self.features(z), self.errors)


def fitted(target: Target, z: Floats, features: Floats, total: Floats, drawn: int) -> Emulator:
    """The emulator of evaluated lanes (lanes, names); the likelier a lane, the more it counts.

    The last `drawn` of them are draws; by these its errors are judged.
    """
    fine = np.isfinite(features).all(axis=1) & (total > IMPOSSIBLE / 2)
    # The latest lanes are from the best proposals.
    rows = np.flatnonzero(fine)[-_MOST_LANES:]
    judged = np.flatnonzero(rows >= len(z) - drawn)
    judged = judged[np.argsort(-total[rows[judged]], kind="stable")[: 2 * _JUDGED : 2]]
    acting, features, total = target.acting(z[rows]), features[rows], total[rows]
    weights = np.exp(np.maximum((total - total.max()) / _BLUNT, _FAINTEST))
    line = np.concatenate([np.ones((len(acting), 1)), acting], axis=1)
    slopes = _ridge(line, features, np.ones(line.shape[1]), weights)[0]
    straight, errors = np.zeros_like(slopes), np.zeros(features.shape[1])
    bends = []
    for columns in target.alike:
        size = np.sqrt((slopes[1:, columns] ** 2).mean(axis=1))
        bend, straight[:, columns], errors[columns] = _bent(
            line, features[:, columns], weights, size, columns, judged, _MOST_PAIRS / len(target.alike)
        )
        bends.append(bend)
    return Emulator(target, straight, tuple(bends), errors)


def _bent(
    line: Floats,
    readings: Floats,
    weights: Floats,
    size: Floats,
    columns: Columns,
    judged: npt.NDArray[np.int_],
    most_pairs: float,
) -> tuple[Bend, Floats, Floats]:
    """A fit that bends along the coordinates of the largest `size` (names,): its bend, straight part and errors."""
    names, pairs = len(size), min(len(line) / _LANES_A_TERM, most_pairs)
    active = np.argsort(-size)[: int(np.clip(np.sqrt(2 * pairs), _FEWEST, min(_MOST, names)))]
    strength = np.maximum(size / max(float(size.max()), 1e-12), _WEAKEST)
    # A coordinate that moves little bends little as well.
    rows, others = np.triu_indices(len(active))
    bent = strength[active[rows]] * strength[active[others]]
    penalty = _STIFFNESS / np.concatenate([[1.0], strength, bent])
    terms = np.concatenate([line, _products(line[:, 1 + active])], axis=1)
    coefficients, gram = _ridge(terms, readings, penalty, weights)
    some, share = terms[judged], weights[judged]
    leverage = share * np.einsum("ij,ji->i", some, np.linalg.solve(gram, some.T))
    # As if each were left out.
    misses = (readings[judged] - some @ coefficients) / np.maximum(1 - leverage, 0.05)[:, None]
    bend = Bend(columns, active, coefficients[1 + names :].astype(np.float32))
    return bend, coefficients[: 1 + names], np.sqrt((misses**2).mean(axis=0))


def _ridge(terms: Floats, readings: Floats, penalty: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Coefficients (terms, columns) and the matrix that gave them; the first term, a constant, is free."""
    root = np.sqrt(weights)[:, None]
    heavy = (terms * root).astype(np.float32)
    gram = (heavy.T @ heavy).astype(np.float64)
    gram[np.diag_indices(len(gram))] += np.concatenate([[1e-6], penalty[1:]])
    found = np.asarray(np.linalg.solve(gram, (terms * root).T @ (readings * root)), dtype=np.float64)
    return found, np.asarray(gram, dtype=np.float64)


def _products(active: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each product of two coordinates, squares included, (lanes, pairs)."""
    count = active.shape[1]
    parts = [active[:, [row]] * active[:, row:] for row in range(count)]
    return np.concatenate(parts, axis=1)
