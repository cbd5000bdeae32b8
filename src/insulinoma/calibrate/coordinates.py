"""Parameters as independent standard normal coordinates, so that every prior is the same unit ball."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insulinoma.model.subsystem import Parameter

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Anywhere(Parameter):
    """A number that may lie anywhere between its bounds, such as the day of something undated."""


@dataclass(frozen=True)
class Coordinates:
    """The uncertain parameters of a problem, by name, each with its prior.

    A parameter is log-normal within its bounds, or anywhere between them; a trait is 1 in a share of people.
    Coordinate z is standard normal: the parameter is value * exp(log_spread * z), cut at the bounds, or as far
    between them as z is between the quantiles, and the trait is 1 where z lies below the quantile of its share.
    """

    priors: Mapping[str, Parameter]

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the columns."""
        return tuple(self.priors)

    def __len__(self) -> int:
        return len(self.priors)

    def values(self, z: Floats) -> dict[str, Floats]:
        """The parameters at coordinates of shape (lanes, names)."""
        from scipy.special import ndtr

        found = {}
        for column, (name, prior) in enumerate(self.priors.items()):
            if prior.share is not None:
                found[name] = (ndtr(z[:, column]) < prior.share).astype(float)
            elif isinstance(prior, Anywhere):
                found[name] = prior.low + (prior.high - prior.low) * ndtr(z[:, column])
            else:
                found[name] = np.clip(prior.value * np.exp(prior.log_spread * z[:, column]), prior.low, prior.high)
        return found

    def acting(self, z: Floats) -> Floats:
        """The coordinates (lanes, names) as they act, those that do not act as z does standardized.

        They are cut where the parameter is; what lies anywhere between bounds is uniform, and a trait 0 or 1.
        """
        from scipy.special import ndtr, ndtri

        found = np.clip(z, *self._bounds)
        found[:, self._anywhere] = np.sqrt(12.0) * (ndtr(z[:, self._anywhere]) - 0.5)
        for column in np.flatnonzero(self.traits):
            share = float(self._shares[column])
            found[:, column] = ((z[:, column] < ndtri(share)) - share) / np.sqrt(share * (1 - share))
        return found

    @cached_property
    def _bounds(self) -> tuple[Floats, Floats]:
        """The coordinates at which the bounds of each parameter are reached."""
        limits = []
        for prior in self.priors.values():
            cut = prior.share is None and not isinstance(prior, Anywhere)
            pair = (prior.low, prior.high) if cut else (0.0, math.inf)
            limits.append([_coordinate(prior, bound) for bound in pair])
        low, high = np.array(limits).T
        return low, high

    @cached_property
    def _anywhere(self) -> list[int]:
        return [column for column, prior in enumerate(self.priors.values()) if isinstance(prior, Anywhere)]

    @cached_property
    def _shares(self) -> Floats:
        return np.array([math.nan if prior.share is None else prior.share for prior in self.priors.values()])

    @property
    def traits(self) -> npt.NDArray[np.bool_]:
        """Which coordinates are traits, along which nothing is differentiable."""
        return np.array([prior.share is not None for prior in self.priors.values()])


def _coordinate(prior: Parameter, bound: float) -> float:
    if not 0 < bound < math.inf or prior.value <= 0:
        return -math.inf if bound <= 0 else math.inf
    return math.log(bound / prior.value) / float(prior.log_spread)


def uncertain(priors: Mapping[str, Parameter], fixed: Mapping[str, float]) -> Coordinates:
    """The coordinates of all parameters that have a spread and are not fixed.

    >>> table = {"a": Parameter(1.0, "1", "", cv=0.2), "b": Parameter(1.0, "1", "")}
    >>> uncertain(table, {}).names
    ('a',)
    """
    spread = {name: prior for name, prior in priors.items() if _varies(prior)}
    return Coordinates({name: prior for name, prior in spread.items() if name not in fixed})


def _varies(prior: Parameter) -> bool:
    if isinstance(prior, Anywhere):
        return prior.low < prior.high
    if prior.share is not None:
        return 0.0 < prior.share < 1.0
    return bool(prior.log_spread) and prior.value != 0
