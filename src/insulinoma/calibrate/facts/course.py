"""What the model predicts for many lanes: day by day and at chosen moments, on the clock of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Course:
    """Predictions of many lanes; `start` is the record day on which the simulation begins.

    `days` holds arrays (lanes, days) by name, `moments` arrays (lanes, times) at the record days `times`. `late` is by
    how many days each unknown day is later than assumed, (lanes,) by its name.
    """

    start: int
    days: Mapping[str, Floats]
    moments: Mapping[str, Floats]
    times: Floats
    late: Mapping[str, Floats] = field(default_factory=dict)

    def each_day(self, name: str, first: float, last: float) -> Floats:
        """A daily quantity on the record days from `first` up to `last`, (lanes, days)."""
        begin, end = int(np.floor(first)) - self.start, int(np.ceil(last)) - self.start
        return self.days[name][:, max(begin, 0) : max(end, 1)]

    def window(self, first: float, last: float, with_first: str, with_last: str) -> tuple[Floats, Floats]:
        """The columns (lanes, 1) between which a window lies that moves with unknown days; a day at least."""
        still, most = np.zeros(self.lanes), next(iter(self.days.values())).shape[1] - 1
        begin = np.floor(first + self.late.get(with_first, still)) - self.start
        if with_first == with_last:
            # It moves as a whole and stays as long as it is.
            end = begin + np.ceil(last) - np.floor(first)
        else:
            end = np.ceil(last + self.late.get(with_last, still)) - self.start
        begin = np.clip(begin, 0, most)
        return begin[:, None], np.maximum(end, begin + 1)[:, None]

    def rows(self, lanes: npt.NDArray[np.int_]) -> Course:
        """The predictions of some lanes, each as often as it is named."""
        parts = (
            {name: values[lanes] for name, values in table.items()} for table in (self.days, self.moments, self.late)
        )
        days, moments, late = parts
        return Course(self.start, days, moments, self.times, late)

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
