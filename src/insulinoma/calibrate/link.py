"""The form in which readings are smooth in the coordinates: a marker less its background, by its slope.

The level of a marker is background + slope * S. What the tumor produces, S, depends on neither, and its logarithm
is close to linear in the coordinates, where that of the sum bends from the one to the other term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import Coordinates

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int_]
# What single precision leaves of a level when the background is taken off.
_LEAST = 1e-5


@dataclass(frozen=True)
class Link:
    """The columns of each marker among the features, and what is known of its background and slope.

    A parameter is one of the `coordinates` or among the `given`.
    """

    columns: Mapping[str, Columns]
    coordinates: Coordinates
    given: Mapping[str, float]

    @cached_property
    def _uncertain(self) -> tuple[Columns, Coordinates]:
        """The coordinates that matter here alone, and their places among all."""
        names = [f"{marker}.{name}" for marker in self.columns for name in ("background", "slope")]
        priors = {name: prior for name, prior in self.coordinates.priors.items() if name in names}
        places = np.array([self.coordinates.names.index(name) for name in priors], dtype=int)
        return places, Coordinates(priors)

    def _known(self, z: Floats) -> Iterator[tuple[Columns, Floats, Floats]]:
        """The columns, the background and the slope of each marker, the latter (lanes, 1)."""
        places, coordinates = self._uncertain
        values: dict[str, Any] = {**self.given, **coordinates.values(z[:, places])}
        for marker, columns in self.columns.items():
            background, slope = (np.reshape(values[f"{marker}.{name}"], (-1, 1)) for name in ("background", "slope"))
            yield columns, background, slope

    def linked(self, z: Floats, features: Floats) -> Floats:
        """Features (lanes, columns) with the logarithm of S in place of that of each marker."""
        found = features.copy()
        for columns, background, slope in self._known(z):
            level = np.exp(features[:, columns])
            found[:, columns] = np.log(np.maximum(level - background, _LEAST * level) / slope)
        return found

    def unlinked(self, z: Floats, linked: Floats) -> Floats:
        """The features (lanes, columns) that were linked."""
        found = linked.copy()
        for columns, background, slope in self._known(z):
            found[:, columns] = np.log(background + slope * np.exp(linked[:, columns]))
        return found
