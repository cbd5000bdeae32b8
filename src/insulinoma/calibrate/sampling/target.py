"""What a sampler needs to know of a problem, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
IMPOSSIBLE = -1e9


@dataclass(frozen=True)
class Scores:
    """The logarithm of the likelihood of many lanes: `each` (lanes, facts) given the other facts, and `total`.

    `residuals` (lanes, facts) sum in squares to about -2 `total`; `predicted` is the quantity itself.
    `features` (lanes, columns) are the logarithms of all that is read, from which the likelihood follows.
    """

    each: Floats
    total: Floats
    residuals: Floats
    predicted: Floats
    features: Floats

    def at(self, rows: npt.NDArray[np.int_]) -> Scores:
        """Those of some lanes."""
        return Scores(*(getattr(self, item.name)[rows] for item in fields(self)))

    def put(self, row: int, other: Scores, place: int) -> None:
        """Replaces those of one lane by those of a lane of another."""
        for item in fields(self):
            getattr(self, item.name)[row] = getattr(other, item.name)[place]


class Target(Protocol):
    """A posterior whose prior is standard normal: its dimension, where it is smooth, and its likelihood."""

    @property
    def smooth(self) -> npt.NDArray[np.bool_]:
        """Which coordinates have derivatives."""

    @property
    def alike(self) -> Sequence[npt.NDArray[np.int_]]:
        """The columns of the features in groups, each of one quantity."""

    def acting(self, z: Floats) -> Floats:
        """The coordinates (lanes, names) in the form in which the features are smooth in them."""

    def score(self, z: Floats) -> Scores:
        """The likelihood of every fact at coordinates (lanes, names)."""

    def linked(self, z: Floats, features: Floats) -> Floats:
        """The features (lanes, columns) in the form in which they are smooth in the coordinates."""

    def logs_of(self, z: Floats, linked: Floats) -> Floats:
        """The logarithms of what the facts speak of, (lanes, readings), from linked features."""

    def total_of(self, logs: Floats, misses: Floats) -> Floats:
        """The joint log-likelihood (lanes,) of what the facts speak of, in error as by `misses` (lanes, readings)."""


class Remembered:
    """A target that keeps every lane that it was asked for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._kept: list[tuple[Floats, Floats, Floats]] = []
        self.smooth, self.alike = target.smooth, target.alike
        self.acting, self.linked = target.acting, target.linked
        self.logs_of, self.total_of = target.logs_of, target.total_of

    def score(self, z: Floats) -> Scores:
        """The likelihood of every fact at coordinates (lanes, names)."""
        found = self._target.score(z)
        self._kept.append((z.copy(), found.features, found.total))
        return found

    def remembered(self) -> tuple[Floats, Floats, Floats]:
        """Coordinates (lanes, names), features (lanes, columns) and log-likelihood of all lanes, the latest last."""
        z, features, total = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
        return z, features, total

    @property
    def lanes(self) -> int:
        """How many lanes there were."""
        return sum(len(z) for z, _, _ in self._kept)


def objective(z: Floats, total: Floats) -> Floats:
    """Minus the logarithm of the posterior, but for a constant, by lane."""
    found: Floats = 0.5 * (z**2).sum(axis=1) - total
    return found
