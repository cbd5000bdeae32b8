"""What facts read of a course: every quantity once, whichever facts speak of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.quantity import AtTime, Quantity, Reading

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int_]
_LEAST = 1e-12


@dataclass(frozen=True)
class Readings:
    """The columns of the features of a record, the logarithms of all readings, by what is read."""

    columns: Mapping[Reading, slice]

    @classmethod
    def of(cls, quantities: Iterable[Quantity]) -> Readings:
        """Those from which some quantities follow."""
        columns: dict[Reading, slice] = {}
        end = 0
        for part in (part for quantity in quantities for part in quantity.read):
            if part not in columns:
                columns[part] = slice(end, end + part.width)
                end += part.width
        return cls(columns)

    def features(self, course: Course) -> Floats:
        """The logarithms of all readings, (lanes, columns)."""
        values = np.concatenate([part.predict(course) for part in self.columns], axis=1)
        found: Floats = np.log(np.maximum(values, _LEAST))
        return found

    def log(self, quantity: Quantity, features: Floats) -> Floats:
        """The logarithm of a quantity, (lanes, readings)."""
        return quantity.log(*(features[:, self.columns[part]] for part in quantity.read))

    @property
    def alike(self) -> list[Columns]:
        """The columns in groups, each of one name at all its times, or of one window."""
        groups: dict[object, list[int]] = {}
        for part, columns in self.columns.items():
            same = part.name if isinstance(part, AtTime) else part
            groups.setdefault(same, []).extend(range(columns.start, columns.stop))
        return [np.array(columns) for columns in groups.values()]

    def named(self, name: str) -> Columns:
        """The columns of a name at its times."""
        places = [columns for part, columns in self.columns.items() if isinstance(part, AtTime) and part.name == name]
        return np.array([column for place in places for column in range(place.start, place.stop)], dtype=int)
