"""The metrics of a glucose series by the international consensus [Battelino2019, Battelino2023]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from insulinoma.assessment.glucose.definitions import definitions
from insulinoma.assessment.glucose.episodes import KINDS, LONGEST_INTERVAL, Episode, Episodes, hypoglycemia_episodes
from insulinoma.assessment.glucose.grid import MINUTES_A_DAY, GlucoseGrid, glucose_grid
from insulinoma.assessment.glucose.mage import LONG_WINDOW, mage_moving_average
from insulinoma.assessment.glucose.series import LONGEST_REGULAR_STEP, GlucoseSeries
from insulinoma.assessment.glucose.thresholds import glucose_thresholds, mg_dl_factor

CONSENSUS_DAYS = 14.0
CONSENSUS_COVERAGE = 70.0
METRIC_NAMES = (
    "mean_mg_dl",
    "sd_mg_dl",
    "cv_percent",
    "gmi_percent",
    "tbr_below_54_percent",
    "tbr_below_70_percent",
    "tir_70_180_percent",
    "tar_above_180_percent",
    "tar_above_250_percent",
    "lbgi",
    "hbgi",
    "mage_mg_dl",
    "modd_mg_dl",
    "coverage_percent",
)


@dataclass(frozen=True, eq=False)
class GlycemicMetrics:
    """The metrics of one series; a value of None was not computable, and `warnings` says why.

    `values` has the names of METRIC_NAMES; percentages are of readings, glucose is in mg/dL.
    """

    series: GlucoseSeries
    values: dict[str, float | None]
    episodes: Episodes | None
    warnings: tuple[str, ...]
    inclusive: bool

    def as_json(self) -> dict[str, Any]:
        """The metrics as a JSON object with the names of the `cgm` schema."""
        series = self.series
        return {
            "source": series.source,
            "subject": series.subject or None,
            "unit_reported": series.unit,
            "readings": len(series),
            "first": series.stamp(float(series.clock[0])) if len(series) else None,
            "last": series.stamp(float(series.clock[-1])) if len(series) else None,
            "span_days": series.span_days,
            "recorded_days": self.episodes.recorded_days if self.episodes else None,
            "interval_minutes": series.interval,
            "inclusive_thresholds": self.inclusive,
            **self.values,
            "flags": _flags(series),
            "episodes": _episodes_json(self.episodes),
            "warnings": list(self.warnings),
            "definitions": definitions(glucose_thresholds(series.unit), inclusive=self.inclusive),
        }


def glycemic_metrics(series: GlucoseSeries, *, inclusive: bool = False) -> GlycemicMetrics:
    """The metrics of a series of readings, simulated glucose, or sparse laboratory values.

    `inclusive` counts values equal to 54 or 70 mg/dL as low. What the spacing of the readings does not
    allow is None with a reason in `warnings`.

    >>> series = GlucoseSeries.from_arrays(range(5, 505, 5), [60.0] * 40 + [100.0] * 60)
    >>> found = glycemic_metrics(series)
    >>> found.values["tbr_below_70_percent"], found.values["modd_mg_dl"], found.episodes.summary("level1").count
    (40.0, None, 1)
    """
    warnings = list(series.notes)
    values: dict[str, float | None] = dict.fromkeys(METRIC_NAMES)
    if not len(series):
        warnings.append("No metric is computable: there is no reading.")
        return GlycemicMetrics(series, values, None, tuple(warnings), inclusive)
    values |= _of_readings(series, warnings)
    values |= _of_time(series, warnings, inclusive=inclusive)
    episodes = hypoglycemia_episodes(series, inclusive=inclusive)
    values |= _of_grid(series, warnings)
    values["coverage_percent"] = series.coverage
    _warn(series, episodes, values, warnings)
    return GlycemicMetrics(series, values, episodes, tuple(warnings), inclusive)


def _of_readings(series: GlucoseSeries, warnings: list[str]) -> dict[str, float | None]:
    glucose = series.glucose
    mean = float(np.mean(glucose))
    spread = float(np.std(glucose, ddof=1)) if len(glucose) > 1 else None
    if spread is None:
        warnings.append("SD and CV are not computable from one reading.")
    risk: dict[str, float | None] = {"lbgi": None, "hbgi": None}
    if float(glucose.min()) >= 1.0:
        f = 1.509 * (np.log(glucose) ** 1.084 - 5.381)
        risk = {
            "lbgi": float(np.mean(10.0 * np.minimum(f, 0.0) ** 2)),
            "hbgi": float(np.mean(10.0 * np.maximum(f, 0.0) ** 2)),
        }
    else:
        warnings.append("LBGI and HBGI are not computable: their scale is not defined below 1 mg/dL.")
    return {
        "mean_mg_dl": mean,
        "sd_mg_dl": spread,
        "cv_percent": None if spread is None or mean == 0 else 100.0 * spread / mean,
        **risk,
    }


def _of_time(series: GlucoseSeries, warnings: list[str], *, inclusive: bool) -> dict[str, float | None]:
    if series.interval is None:
        warnings.append(
            "Times below, in and above range, GMI and coverage are not computable: the readings are more than "
            f"{LONGEST_REGULAR_STEP:g} min apart (or there is only one) and stand for no known time."
        )
        return {}
    cut, values, count = glucose_thresholds(series.unit), series.reported, len(series)
    below: Callable[..., Any] = np.less_equal if inclusive else np.less
    low = int(np.count_nonzero(below(values, cut.low)))
    high = int(np.count_nonzero(values > cut.high))
    return {
        "gmi_percent": 3.31 + 0.02392 * float(np.mean(series.glucose)),
        "tbr_below_54_percent": 100.0 * int(np.count_nonzero(below(values, cut.very_low))) / count,
        "tbr_below_70_percent": 100.0 * low / count,
        "tir_70_180_percent": 100.0 * (count - low - high) / count,
        "tar_above_180_percent": 100.0 * high / count,
        "tar_above_250_percent": 100.0 * int(np.count_nonzero(values > cut.very_high)) / count,
    }


def _of_grid(series: GlucoseSeries, warnings: list[str]) -> dict[str, float | None]:
    step = series.interval
    if step is None or step > LONGEST_INTERVAL:
        warnings.append(
            f"Episodes, MAGE and MODD are not computable: they need a reading every {LONGEST_INTERVAL} min."
        )
        return {}
    factor = mg_dl_factor(series.unit)
    mage = mage_moving_average(glucose_grid(series.axis, series.glucose, step))
    if mage is None:
        warnings.append(f"MAGE is not computable: no stretch of {LONG_WINDOW} readings has an excursion above one SD.")
    clock, first = np.unique(series.clock, return_index=True)
    modd = _modd(glucose_grid(clock, series.reported[first], step))
    if modd is None:
        warnings.append("MODD is not computable: no two readings are 24 h apart.")
    return {"mage_mg_dl": mage, "modd_mg_dl": None if modd is None else modd * factor}


def _modd(grid: GlucoseGrid) -> float | None:
    index, values = grid.index[grid.index > 0], grid.values[grid.index > 0]
    if not len(index):
        return None
    at = np.searchsorted(index, index + MINUTES_A_DAY // grid.step)
    at = np.minimum(at, len(index) - 1)
    paired = index[at] == index + MINUTES_A_DAY // grid.step
    return float(np.mean(np.abs(values[at[paired]] - values[paired]))) if paired.any() else None


def _warn(
    series: GlucoseSeries, episodes: Episodes | None, values: dict[str, float | None], warnings: list[str]
) -> None:
    flags = _flags(series)
    censored = flags["below_floor_percent"] + flags["above_ceiling_percent"]
    if censored:
        warnings.append(
            f"{censored:.2f} % of the readings are at or beyond the sensor's limits and known only as such: times in "
            "range and episodes hold; mean, SD, CV, GMI, LBGI, HBGI, MAGE and MODD take the limit for the value."
        )
    for name, words in (
        ("warm_up", "within an hour of a new sensor"),
        ("compression_suspected", "suspected"),
    ):
        share = flags[f"{name}_percent"]
        if share:
            label = "warm-up" if name == "warm_up" else "compression lows"
            warnings.append(f"{share:.2f} % of the readings are flagged as {label} ({words}); they are counted.")
    if series.interval is None:
        return
    if series.span_days < CONSENSUS_DAYS - 0.01:
        warnings.append(f"{series.span_days:.1f} days are shorter than the 14 days of the consensus.")
    coverage = values["coverage_percent"]
    if coverage is not None and coverage < CONSENSUS_COVERAGE:
        warnings.append(f"Coverage of {coverage:.1f} % is below the 70 % of the consensus.")


def _flags(series: GlucoseSeries) -> dict[str, Any]:
    factor = mg_dl_factor(series.unit)
    names = ("below_floor", "above_ceiling", "warm_up", "compression_suspected")
    count = len(series) or 1
    shares: dict[str, Any] = {
        f"{name}_percent": 100.0 * int(np.count_nonzero(getattr(series, name))) / count for name in names
    }
    for name in ("floor", "ceiling"):
        limit = getattr(series, name)
        shares[f"{name}_mg_dl"] = None if limit is None else limit * factor
    return shares


def _episodes_json(episodes: Episodes | None) -> dict[str, Any]:
    if episodes is None:
        nothing = {"count": None, "per_week": None, "mean_minutes": None}
        return {**{kind: dict(nothing) for kind in KINDS}, "list": []}
    summaries = {kind: vars(episodes.summary(kind)) for kind in KINDS}
    every = sorted((*episodes.level1, *episodes.level2, *episodes.extended), key=lambda one: (one.begin, one.kind))
    return {**summaries, "list": [episode_json(episode) for episode in every]}


def episode_json(episode: Episode) -> dict[str, Any]:
    """One episode as a JSON object."""
    return {
        "kind": episode.kind,
        "begins": episode.begins,
        "minutes": episode.minutes,
        "lowest_mg_dl": episode.lowest_mg_dl,
        "lowest_is_censored": episode.censored,
        "mean_mg_dl": episode.mean_mg_dl,
        "ended_by": episode.ended_by,
        "compression_suspected": episode.compression_suspected,
    }
