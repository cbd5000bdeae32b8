"""Mean amplitude of glycemic excursions by short and long moving averages [Service1970, Fernandes2022].

Excursions are half-waves between a peak and a nadir that exceed one standard deviation. Peaks and nadirs
are sought between the crossings of a short and a long moving average of the glucose itself; the result is
the mean of the ascending and the descending version.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from insulinoma.assessment.glucose.grid import GlucoseGrid

SHORT_WINDOW = 5
LONG_WINDOW = 32
LONGEST_GAP_IN_A_SEGMENT = 180.0

Floats = NDArray[np.float64]


def mage_moving_average(grid: GlucoseGrid, *, short: int = SHORT_WINDOW, long: int = LONG_WINDOW) -> float | None:
    """MAGE of a grid in its own unit, None where no excursion exceeds one standard deviation.

    Windows count grid points. Gaps above 180 minutes split the trace; segments are weighted by duration.

    >>> import numpy as np
    >>> wave = 120 + 50 * np.sin(np.arange(2016) / 30)
    >>> round(mage_moving_average(GlucoseGrid(5, np.arange(1, 2017), wave)))
    98
    """
    total = weight = 0.0
    for segment in grid.segments(bridge=LONGEST_GAP_IN_A_SEGMENT):
        index = grid.index[segment]
        amplitude = _segment_mage(index - index[0], grid.values[segment], short, long)
        if amplitude is not None:
            duration = float(index[-1] - index[0])
            total += amplitude * duration
            weight += duration
    return total / weight if weight else None


def _segment_mage(index: NDArray[np.int64], values: Floats, short: int, long: int) -> float | None:
    if len(values) < long:
        return None
    spread = float(np.std(values, ddof=1))
    dense = np.full(int(index[-1]) + 1, np.nan)
    dense[index] = values
    turning = np.array(_turning_values(dense, short, long))
    ascending = _half_excursions(turning, spread)
    descending = _half_excursions(-turning, spread)
    means = [float(np.mean(heights)) for heights in (ascending, descending) if heights]
    return sum(means) / len(means) if means else None


def _moving_average(dense: Floats, window: int) -> Floats:
    """Mean of the readings present in the trailing window; the first full window stands for those before it."""
    present = np.isfinite(dense)
    sums = np.concatenate(([0.0], np.cumsum(np.where(present, dense, 0.0))))
    counts = np.concatenate(([0], np.cumsum(present)))
    with np.errstate(invalid="ignore", divide="ignore"):
        full = (sums[window:] - sums[:-window]) / (counts[window:] - counts[:-window])
    return np.concatenate((np.full(window - 1, full[0]), full))


def _turning_values(dense: Floats, short: int, long: int) -> list[float]:
    """Peaks and nadirs in turn: each is sought after the last one and up to the end of its crossing interval."""
    difference = _moving_average(dense, short) - _moving_average(dense, long)
    signed = np.nonzero(np.isfinite(difference) & (difference != 0))[0]
    if not len(signed):
        return []
    signs = np.sign(difference[signed])
    changes = np.nonzero(signs[1:] != signs[:-1])[0] + 1
    ends = [*signed[changes].tolist(), len(dense) - 1]
    first = bool(signs[0] > 0)
    missing = ~np.isfinite(dense)
    for_peaks, for_nadirs = np.where(missing, -np.inf, dense), np.where(missing, np.inf, dense)
    found, left = [], 0
    for number, end in enumerate(ends):
        seeks_peak = first == (number % 2 == 0)
        stretch = (for_peaks if seeks_peak else for_nadirs)[left : end + 1]
        if not len(stretch):
            continue
        at = int(np.argmax(stretch) if seeks_peak else np.argmin(stretch))
        if np.isfinite(stretch[at]):
            found.append(float(stretch[at]))
            left += at + 1
    return found


def _half_excursions(turning: Floats, spread: float) -> list[float]:
    """Heights of the rises that exceed `spread` and are followed by such a fall, or by the end of the trace."""
    heights = []
    values = turning.tolist()
    start, top = 0, 1
    while top < len(values):
        bottom = start
        while top < len(values) and values[top] - values[bottom] <= spread:
            if values[top] < values[bottom]:
                bottom = top
            top += 1
        if top >= len(values):
            break
        after = top + 1
        while after < len(values) and values[top] - values[after] <= spread:
            if values[after] >= values[top]:
                top = after
            after += 1
        heights.append(values[top] - values[bottom])
        start, top = top, after
    return heights
