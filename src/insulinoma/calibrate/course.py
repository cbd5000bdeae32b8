"""What the model predicts for many lanes: day by day and at chosen moments, on the clock of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """Predictions of many lanes; `start` is the record day on which the simulation begins.

    `days` holds arrays (lanes, days) by name, `moments` arrays (lanes, times) at the record days `times`.
    """

    start: int
    days: Mapping[str, Floats]
    moments: Mapping[str, Floats]
    times: Floats

    def each_day(self, name: str, first: float, last: float) -> Floats:
        """A daily quantity on the record days from `first` up to `last`, (lanes, days)."""
        begin, end = int(np.floor(first)) - self.start, int(np.ceil(last)) - self.start
        return self.days[name][:, max(begin, 0) : max(end, 1)]

    def at(self, name: str, times: tuple[float, ...]) -> Floats:
        """A quantity at record days: at the moment where it was kept so, else at the end of that day."""
        if name in self.moments:
            found = self.moments[name]
            return found[:, np.searchsorted(self.times, np.array(times) - 1e-9)]
        daily = self.days[name]
        columns = np.clip(np.floor(np.array(times)).astype(int) - self.start, 0, daily.shape[1] - 1)
        return daily[:, columns]

    @property
    def lanes(self) -> int:
        """How many parameter vectors there are."""
        return len(next(iter(self.days.values())))
