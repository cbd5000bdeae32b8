"""A regular grid through a glucose series: linear between readings, nothing across a gap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LONGEST_BRIDGED_GAP = 45.0
MINUTES_A_DAY = 1440


@dataclass(frozen=True, eq=False)
class GlucoseGrid:
    """Values at the multiples of `step` minutes of the clock; `index` numbers them, gaps are left out.

    A day has the points `step`, 2 `step`, ... 24:00; index 0 is the midnight before the first reading.
    """

    step: int
    index: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def minutes(self) -> NDArray[np.float64]:
        """Clock minutes of the points from the midnight before the first reading."""
        return self.index.astype(np.float64) * self.step

    @property
    def recorded_days(self) -> float:
        """Time with data in days: one step for each point after the first midnight."""
        return int(np.count_nonzero(self.index > 0)) * self.step / MINUTES_A_DAY

    def segments(self, *, bridge: float = 0.0) -> list[slice]:
        """Runs of points whose missing stretches, if any, are no longer than `bridge` minutes."""
        missing = (np.diff(self.index) - 1) * self.step
        cuts = np.nonzero(missing > bridge)[0] + 1
        bounds = [0, *cuts.tolist(), len(self.index)]
        return [slice(a, b) for a, b in pairwise(bounds) if b > a]


def glucose_grid(
    clock: NDArray[np.float64],
    values: NDArray[np.float64],
    step: int,
    *,
    longest_gap: float = LONGEST_BRIDGED_GAP,
) -> GlucoseGrid:
    """The grid of readings at clock minutes (increasing, 0 or later) with points every `step` minutes.

    Two readings more than `longest_gap` minutes apart have no points between them [Broll2021].

    >>> import numpy as np
    >>> glucose_grid(np.array([2.0, 7.0, 12.0]), np.array([80.0, 90.0, 100.0]), 5).values.tolist()
    [86.0, 96.0]
    """
    seconds = np.round(clock * 60.0, 3)
    spacing = step * 60.0
    cuts = np.nonzero(np.diff(seconds) > longest_gap * 60.0)[0]
    firsts = np.ceil(seconds[np.concatenate(([0], cuts + 1))] / spacing).astype(np.int64)
    lasts = np.floor(seconds[np.concatenate((cuts, [len(seconds) - 1]))] / spacing).astype(np.int64)
    lengths = np.maximum(lasts - firsts + 1, 0)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    index = np.repeat(firsts, lengths) + offsets
    return GlucoseGrid(step, index, np.interp(index * spacing, seconds, values))
