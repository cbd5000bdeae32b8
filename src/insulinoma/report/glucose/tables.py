"""The tables behind the glucose figures, and one row of metrics a series."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from insulinoma.assessment.glucose.episodes import KINDS
from insulinoma.assessment.glucose.metrics import METRIC_NAMES, GlycemicMetrics, episode_json
from insulinoma.assessment.glucose.series import MINUTES_A_DAY, GlucoseSeries
from insulinoma.errors import UsageError

PERCENTILES = (5, 25, 50, 75, 95)
BIN_MINUTES = 15
WINDOW_MINUTES = 30

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class GlucoseProfile:
    """The ambulatory glucose profile: percentiles of glucose (mg/dL) over the clock of one day.

    A point stands every 15 minutes and takes the readings of all days within 15 minutes of it; a point
    without a reading is NaN. `days` counts the days that gave readings.
    """

    minutes: NDArray[np.float64]
    percentiles: NDArray[np.float64]
    readings: NDArray[np.int64]
    days: NDArray[np.int64]

    def rows(self) -> list[Row]:
        """The profile as a table, one row a clock time."""
        return [
            {
                "clock": clock_text(minute),
                **{
                    f"p{percent}_mg_dl": None if np.isnan(value) else float(value)
                    for percent, value in zip(PERCENTILES, values, strict=True)
                },
                "readings": int(readings),
                "days": int(days),
            }
            for minute, values, readings, days in zip(
                self.minutes, self.percentiles, self.readings, self.days, strict=True
            )
        ]


def glucose_profile(series: GlucoseSeries) -> GlucoseProfile:
    """The ambulatory glucose profile of a series [Johnson2019].

    >>> series = GlucoseSeries.from_arrays(range(0, 2880, 5), [100.0] * 288 + [120.0] * 288)
    >>> float(glucose_profile(series).percentiles[48, 2])
    110.0
    """
    minutes = np.arange(0, MINUTES_A_DAY, BIN_MINUTES, dtype=np.float64)
    of_day, day = series.clock % MINUTES_A_DAY, series.clock // MINUTES_A_DAY
    percentiles = np.full((len(minutes), len(PERCENTILES)), np.nan)
    readings, days = (np.zeros(len(minutes), dtype=np.int64) for _ in range(2))
    half = WINDOW_MINUTES / 2
    for at, minute in enumerate(minutes):
        away = np.abs((of_day - minute + MINUTES_A_DAY / 2) % MINUTES_A_DAY - MINUTES_A_DAY / 2)
        inside = away <= half
        readings[at] = int(np.count_nonzero(inside))
        if readings[at]:
            days[at] = len(np.unique(day[inside]))
            percentiles[at] = np.percentile(series.glucose[inside], PERCENTILES)
    return GlucoseProfile(minutes, percentiles, readings, days)


def clock_text(minute: float) -> str:
    """A minute of the day as HH:MM.

    >>> clock_text(75)
    '01:15'
    """
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def reading_rows(series: GlucoseSeries) -> list[Row]:
    """The readings as a table, with their flags."""
    names = ("below_floor", "above_ceiling", "warm_up", "compression_suspected")
    flags = [getattr(series, name) for name in names]
    return [
        {
            "time": series.stamp(clock),
            "minutes": minutes,
            "glucose_mg_dl": glucose,
            **{name: bool(flag[at]) for name, flag in zip(names, flags, strict=True)},
        }
        for at, (clock, minutes, glucose) in enumerate(
            zip(series.clock.tolist(), series.minutes.tolist(), series.glucose.tolist(), strict=True)
        )
    ]


def episode_rows(metrics: GlycemicMetrics) -> list[Row]:
    """The episodes of all levels as a table, in the order of time."""
    found = metrics.episodes
    if found is None:
        return []
    every = sorted((*found.level1, *found.level2, *found.extended), key=lambda one: (one.begin, one.kind))
    return [episode_json(episode) for episode in every]


def metrics_row(metrics: GlycemicMetrics) -> Row:
    """All metrics of one series as one row of a table."""
    series = metrics.series
    row: Row = {
        "file": series.source,
        "subject": series.subject or None,
        "unit_reported": series.unit,
        "readings": len(series),
        "span_days": series.span_days,
        "interval_minutes": series.interval,
        **{name: metrics.values[name] for name in METRIC_NAMES},
    }
    for kind in KINDS:
        summary = metrics.episodes.summary(kind) if metrics.episodes else None
        for name in ("count", "per_week", "mean_minutes"):
            row[f"{kind}_{name}"] = getattr(summary, name) if summary else None
    return row | {"warnings": " ".join(metrics.warnings)}


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV text, a missing value as an empty cell.

    >>> as_csv([{"a": 1, "b": None}])
    'a,b\\n1,\\n'
    """
    if not rows:
        return ""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_parquet(rows: Sequence[Mapping[str, Any]], target: Path) -> None:
    """Writes rows as Parquet; UsageError where polars is not installed."""
    try:
        import polars
    except ImportError as error:
        raise UsageError("Parquet needs the package polars. Install it, or write CSV with -o NAME.csv.") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    polars.DataFrame(list(rows), infer_schema_length=None).write_parquet(target)
