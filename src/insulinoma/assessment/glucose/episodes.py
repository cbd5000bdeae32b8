"""Episodes of hypoglycemia in continuous glucose, by the international consensus [Battelino2023].

An episode of a level begins with 15 minutes below its cut-off and ends with 15 minutes at or above it;
extended hypoglycemia begins with more than 120 consecutive minutes below 70 mg/dL (3.9 mmol/L).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insulinoma.assessment.glucose.grid import GlucoseGrid, glucose_grid
from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.assessment.glucose.thresholds import glucose_thresholds, mg_dl_factor

START_MINUTES = 15
END_MINUTES = 15
EXTENDED_MINUTES = 120
LONGEST_INTERVAL = 15


@dataclass(frozen=True)
class Episode:
    """One episode: clock minutes of its begin and end, its length, its lowest reading in mg/dL.

    `ended_by` is 'recovery', or 'gap' or 'end of data' where the 15 minutes of recovery were not seen;
    such an episode lasts to the last reading before that.
    """

    kind: str
    begin: float
    end: float
    minutes: float
    lowest_mg_dl: float
    mean_mg_dl: float
    ended_by: str
    begins: str
    censored: bool
    compression_suspected: bool


@dataclass(frozen=True)
class EpisodeSummary:
    """Count, rate per week of recorded time, and mean length in minutes (None without an episode)."""

    count: int
    per_week: float | None
    mean_minutes: float | None


@dataclass(frozen=True)
class Episodes:
    """All episodes of a series by kind, and the days of recorded time that the rates rest on.

    `level1` holds episodes below 70 mg/dL, those that reach level 2 included; `level1_exclusive` only
    those without a level 2 episode.
    """

    level1: tuple[Episode, ...]
    level1_exclusive: tuple[Episode, ...]
    level2: tuple[Episode, ...]
    extended: tuple[Episode, ...]
    recorded_days: float

    def summary(self, kind: str) -> EpisodeSummary:
        """The summary of one kind: 'level1', 'level1_exclusive', 'level2' or 'extended'."""
        found: tuple[Episode, ...] = getattr(self, kind)
        per_week = len(found) / self.recorded_days * 7 if self.recorded_days > 0 else None
        mean = sum(episode.minutes for episode in found) / len(found) if found else None
        return EpisodeSummary(len(found), per_week, mean)


KINDS = ("level1", "level1_exclusive", "level2", "extended")


def hypoglycemia_episodes(series: GlucoseSeries, *, inclusive: bool = False) -> Episodes | None:
    """The episodes of a series, None where its readings are more than 15 minutes apart.

    Cut-offs are compared in the unit in which the series was reported, on a grid at its own sampling
    interval; `inclusive` counts values equal to the cut-off as low.

    >>> glucose = [90] * 6 + [65] * 3 + [90] * 6
    >>> found = hypoglycemia_episodes(GlucoseSeries.from_arrays(range(5, 80, 5), glucose))
    >>> found.summary("level1").count, found.level1[0].minutes, found.summary("level2").mean_minutes
    (1, 15.0, None)
    """
    step = series.interval
    if step is None or step > LONGEST_INTERVAL:
        return None
    grid = glucose_grid(series.axis, series.reported, step)
    cut = glucose_thresholds(series.unit)
    need = math.ceil(START_MINUTES / step)
    level1 = _found(series, grid, "level1", cut.low, need, inclusive)
    level2 = _found(series, grid, "level2", cut.very_low, need, inclusive)
    extended = _found(series, grid, "extended", cut.low, EXTENDED_MINUTES // step + 1, inclusive)
    exclusive = tuple(
        episode
        for episode in level1
        if not any(other.begin < episode.end and episode.begin < other.end for other in level2)
    )
    return Episodes(level1, exclusive, level2, extended, grid.recorded_days)


def _found(
    series: GlucoseSeries, grid: GlucoseGrid, kind: str, cut: float, need: int, inclusive: bool
) -> tuple[Episode, ...]:
    low = grid.values <= cut if inclusive else grid.values < cut
    if np.count_nonzero(low) < need:
        return ()
    recovery = math.ceil(END_MINUTES / grid.step)
    episodes = []
    for segment in grid.segments():
        if low[segment].any():
            for first, stop, ended in _spans(low[segment], need, recovery):
                last = segment.stop == len(grid.index)
                by = "recovery" if ended else ("end of data" if last else "gap")
                episodes.append(_episode(series, grid, kind, segment.start + first, segment.start + stop, by))
    return tuple(episodes)


def _spans(low: NDArray[np.bool_], need: int, recovery: int) -> list[tuple[int, int, bool]]:
    """First point, point after the last, and whether the end was seen, of each episode of one segment."""
    edges = np.diff(np.concatenate(([0], low.astype(np.int8), [0])))
    starts, stops = np.nonzero(edges == 1)[0].tolist(), np.nonzero(edges == -1)[0].tolist()
    spans: list[tuple[int, int, bool]] = []
    first = stop = -1
    for begin, end in zip(starts, stops, strict=True):
        if first >= 0 and begin - stop >= recovery:
            spans.append((first, stop, True))
            first = -1
        if first < 0 and end - begin >= need:
            first = begin
        if first >= 0:
            stop = end
    if first >= 0:
        seen = len(low) - stop >= recovery
        spans.append((first, stop if seen else len(low), seen))
    return spans


def _episode(series: GlucoseSeries, grid: GlucoseGrid, kind: str, first: int, stop: int, by: str) -> Episode:
    factor = mg_dl_factor(series.unit)
    begin, end = float(grid.minutes[first]), float(grid.index[stop - 1] + 1) * grid.step
    axis = series.axis
    inside = slice(int(np.searchsorted(axis, begin - 1e-6)), int(np.searchsorted(axis, end - 1e-6)))
    values = grid.values[first:stop]
    readings = series.reported[inside]
    lowest = float(readings.min()) if len(readings) else float(values.min())
    nearest = min(inside.start, len(axis) - 1)
    clock = begin + float(series.clock[nearest] - axis[nearest])
    return Episode(
        kind=kind,
        begin=begin,
        end=end,
        minutes=end - begin,
        lowest_mg_dl=lowest * factor,
        mean_mg_dl=float(values.mean()) * factor,
        ended_by=by,
        begins=series.stamp(clock),
        censored=bool(series.below_floor[inside].any()),
        compression_suspected=bool(series.compression_suspected[inside].any()),
    )
