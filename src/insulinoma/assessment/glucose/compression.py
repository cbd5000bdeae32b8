"""Compression lows: falls of a sensor's signal while its wearer lies on it.

In a person with an insulinoma the night is also when true lows come, so a suspicion is a flag
for a reader and removes nothing by itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NIGHT = (23 * 60.0, 7 * 60.0)
STEEP_MG_DL_A_MINUTE = 2.0
EDGE_MINUTES = 15.0
LONGEST_MINUTES = 120.0
LOW_MG_DL = 70.0
LEAST_FALL_MG_DL = 25.0


def compression_lows(
    minutes: NDArray[np.float64], clock: NDArray[np.float64], glucose: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Readings inside a suspected compression low; times in minutes, glucose in mg/dL.

    Suspected is a stretch below 70 mg/dL, between 23:00 and 07:00 and of at most 120 minutes, that both
    begins and ends within 15 minutes by at least 25 mg/dL at 2 mg/dL a minute or more [Baysal2014].

    >>> import numpy as np
    >>> time = np.arange(0.0, 60.0, 5.0)
    >>> value = np.array([95, 95, 60, 52, 50, 51, 55, 92, 95, 95, 96, 95.0])
    >>> int(compression_lows(time, time, value).sum())
    5
    """
    flags = np.zeros(len(minutes), dtype=np.bool_)
    low = np.concatenate(([0], (glucose < LOW_MG_DL).astype(np.int8), [0]))
    edges = np.diff(low)
    for first, stop in zip(np.nonzero(edges == 1)[0], np.nonzero(edges == -1)[0], strict=True):
        if first == 0 or stop == len(minutes) or not _at_night(clock[first]):
            continue
        brief = minutes[stop - 1] - minutes[first] <= LONGEST_MINUTES
        if brief and _steep(minutes, glucose, int(first), -1) and _steep(minutes, glucose, int(stop) - 1, 1):
            flags[first:stop] = True
    return flags


def _at_night(clock: float) -> bool:
    minute = clock % 1440
    return bool(minute >= NIGHT[0] or minute < NIGHT[1])


def _steep(minutes: NDArray[np.float64], glucose: NDArray[np.float64], at: int, direction: int) -> bool:
    """Whether a reading outside the stretch, at most 15 minutes away, is higher by a steep step."""
    other = at + direction
    while 0 <= other < len(minutes) and abs(minutes[other] - minutes[at]) <= EDGE_MINUTES:
        height = glucose[other] - glucose[at]
        if height >= LEAST_FALL_MG_DL and height >= STEEP_MG_DL_A_MINUTE * abs(minutes[other] - minutes[at]):
            return True
        other += direction
    return False
