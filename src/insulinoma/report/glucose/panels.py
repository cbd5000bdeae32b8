"""The panels of the glucose figure; orange is below 70 mg/dL and vermilion below 54 in all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.assessment.glucose.episodes import Episodes
from insulinoma.assessment.glucose.metrics import GlycemicMetrics
from insulinoma.assessment.glucose.series import MINUTES_A_DAY, GlucoseSeries
from insulinoma.assessment.glucose.thresholds import MMOL_L, mg_dl_factor
from insulinoma.report.glucose.tables import GlucoseProfile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

BLUE, SKY, GREEN, VERMILION = "#0072B2", "#56B4E9", "#009E73", "#D55E00"
ORANGE, PURPLE, GRAY, RECORDED = "#E69F00", "#CC79A7", "#7f7f7f", "#e4e4e4"
FEWEST_DAYS_FOR_BANDS = 3
VERY_LOW, LOW, HIGH = 54.0, 70.0, 180.0

_TICKS_MG_DL = (10, 20, 30, 40, 54, 70, 100, 140, 180, 250, 350, 500)
_TICKS_MMOL_L = (0.6, 1.1, 1.7, 2.2, 3.0, 3.9, 5.6, 7.8, 10.0, 13.9, 19.4, 27.8)

Limits = tuple[float, float]


def days_of(series: GlucoseSeries) -> list[int]:
    """The days with a reading, as numbers from the first."""
    return [int(number) for number in np.unique(series.clock // MINUTES_A_DAY)]


def glucose_limits(series: GlucoseSeries) -> Limits:
    """The range of the glucose axes in mg/dL."""
    lowest, highest = float(series.glucose.min()), float(series.glucose.max())
    return min(38.0, max(lowest * 0.92, 5.0)), max(270.0, highest * 1.25)


def profile_panel(axes: Axes, profile: GlucoseProfile, limits: Limits) -> None:
    """Median, quartiles and 5th to 95th percentile over the clock; the median alone below three days."""
    days = int(profile.days.max())
    hours = np.append(profile.minutes, MINUTES_A_DAY) / 60
    p5, p25, p50, p75, p95 = (np.append(column, column[0]) for column in profile.percentiles.T)
    few = "" if days >= FEWEST_DAYS_FOR_BANDS else ", too few for percentiles"
    _dress(axes, limits, f"Ambulatory glucose profile ({days} {'day' if days == 1 else 'days'}{few})")
    if days >= FEWEST_DAYS_FOR_BANDS:
        axes.fill_between(hours, p5, p95, color=SKY, alpha=0.35, linewidth=0, label="5th to 95th percentile")
        axes.fill_between(hours, p25, p75, color=BLUE, alpha=0.40, linewidth=0, label="25th to 75th")
    axes.plot(hours, p50, color=BLUE, linewidth=1.6, label="median")
    _legend(axes)


def overlay_panel(axes: Axes, series: GlucoseSeries, limits: Limits) -> None:
    """Every day as a thin line, its lows as points, readings at the sensor's floor marked."""
    _dress(axes, limits, "Days laid over each other")
    of_day, day = series.clock % MINUTES_A_DAY / 60, series.clock // MINUTES_A_DAY
    widest = (series.interval or 60) * 3 / 60
    for number in days_of(series):
        hours, glucose = of_day[day == number], series.glucose[day == number]
        gaps = np.nonzero(np.diff(hours) > widest)[0] + 1
        line = np.insert(hours, gaps, np.nan), np.insert(glucose, gaps, np.nan)
        axes.plot(*line, color=GRAY, linewidth=0.5, alpha=0.6)
    if series.interval is None:
        axes.plot(of_day, series.glucose, "o", color=GRAY, markersize=3, label="reading")
    for limit, color, label in ((LOW, ORANGE, "below 70"), (VERY_LOW, VERMILION, "below 54")):
        low = series.glucose < limit
        axes.plot(of_day[low], series.glucose[low], ".", color=color, markersize=2.0, label=label, zorder=3)
    at_floor = series.below_floor
    if at_floor.any():
        label = f"at or below the sensor's floor ({100 * float(at_floor.mean()):.1f} %)"
        axes.plot(of_day[at_floor], series.glucose[at_floor], "|", color="black", markersize=3, label=label, zorder=4)
    _legend(axes, markerscale=2.0)


def range_panel(axes: Axes, metrics: GlycemicMetrics) -> None:
    """Times in the five ranges as one stacked bar with its numbers."""
    values = metrics.values
    axes.axis("off")
    axes.set_title("Time, % (mg/dL)", loc="left", fontsize=7.5, fontweight="bold")
    names = ("tbr_below_54", "tbr_below_70", "tir_70_180", "tar_above_180", "tar_above_250")
    shares = [values[f"{name}_percent"] for name in names]
    known = [share for share in shares if share is not None]
    if len(known) < len(names):
        axes.text(0, 0.9, "not computable", fontsize=6.8, va="top", transform=axes.transAxes)
        return
    tbr54, tbr70, tir, tar180, tar250 = known
    parts = [
        ("< 54", tbr54, VERMILION, 1.0),
        ("54-69", tbr70 - tbr54, ORANGE, 1.0),
        ("70-180", tir, GREEN, 0.85),
        ("181-250", tar180 - tar250, PURPLE, 0.55),
        ("> 250", tar250, PURPLE, 1.0),
    ]
    bottom = 0.0
    for at, (label, share, color, alpha) in enumerate(parts):
        axes.bar(0.1, share, width=0.2, bottom=bottom, color=color, alpha=alpha, linewidth=0)
        axes.bar(0.34, 6, width=0.08, bottom=7.5 + 18 * at, color=color, alpha=alpha, linewidth=0)
        axes.text(0.43, 10.5 + 18 * at, f"{label}\n{share:.1f} %", va="center", fontsize=6.6, linespacing=1.1)
        bottom += share
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 100)


def episode_panel(axes: Axes, series: GlucoseSeries, episodes: Episodes | None, days: list[int]) -> None:
    """One row a day: recorded time, level 1 and level 2 episodes, a line under extended ones."""
    axes.set_title("Episodes of hypoglycemia by day", loc="left", fontsize=8.5, fontweight="bold")
    rows = {number: at for at, number in enumerate(days)}
    axes.set_ylim(len(days) - 0.4, -0.6)
    axes.set_xlabel("local clock")
    axes.set_yticks(range(len(days)), [series.day_name(number) for number in days], fontsize=6.2)
    axes.tick_params(axis="y", length=0)
    day, step = series.clock // MINUTES_A_DAY, (series.interval or 5) / 60
    for number, at in rows.items():
        hours = series.clock[day == number] % MINUTES_A_DAY / 60
        axes.broken_barh(_stretches(hours, step), (at - 0.32, 0.64), color=RECORDED, linewidth=0)
    if episodes is None:
        axes.text(12, len(days) / 2 - 0.5, "episodes are not computable", ha="center", va="center")
        return
    _episode_bars(axes, episodes, rows)


def rates_panel(axes: Axes, metrics: GlycemicMetrics) -> None:
    """Episodes a week and their mean length, as text."""
    axes.axis("off")
    if metrics.episodes is None:
        return
    lines = []
    for kind, label in (("level1", "level 1"), ("level2", "level 2"), ("extended", "extended")):
        summary = metrics.episodes.summary(kind)
        rate = "n/a" if summary.per_week is None else f"{summary.per_week:.1f}"
        mean = "" if summary.mean_minutes is None else f"\n   mean {summary.mean_minutes:.0f} min"
        lines.append(f"{label}: {rate}{mean}")
    axes.set_title("Episodes a week", loc="left", fontsize=7.5, fontweight="bold")
    axes.text(0.0, 0.97, "\n".join(lines), fontsize=6.8, va="top", linespacing=1.4, transform=axes.transAxes)


def _dress(axes: Axes, limits: Limits, title: str) -> None:
    factor = mg_dl_factor(MMOL_L)

    def to_mmol(value: Any) -> Any:
        return value / factor

    def to_mg(value: Any) -> Any:
        return value * factor

    axes.set_yscale("log")
    axes.axhspan(LOW, HIGH, color=GREEN, alpha=0.09, linewidth=0)
    for level, style in ((LOW, "-"), (VERY_LOW, ":"), (HIGH, "-")):
        axes.axhline(level, color=GRAY, linewidth=0.5, linestyle=style, zorder=1)
    axes.set_ylim(*limits)
    axes.set_ylabel("glucose, mg/dL (log scale)")
    axes.set_title(title, loc="left", fontsize=8.5, fontweight="bold")
    other = axes.secondary_yaxis("right", functions=(to_mmol, to_mg))
    other.set_ylabel("mmol/L", labelpad=2)
    other.spines["right"].set_visible(True)
    _ticks(axes.yaxis, _TICKS_MG_DL, 1.0, limits, "{:g}")
    _ticks(other.yaxis, _TICKS_MMOL_L, factor, limits, "{:.1f}")


def _ticks(axis: Axis, ticks: tuple[float, ...], unit: float, limits: Limits, form: str) -> None:
    from matplotlib.ticker import NullFormatter, NullLocator

    shown = [tick for tick in ticks if limits[0] <= tick * unit <= limits[1]]
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())
    axis.set_ticks(shown, [form.format(tick) for tick in shown])


def _legend(axes: Axes, *, markerscale: float = 1.0) -> None:
    axes.legend(
        loc="upper right",
        frameon=False,
        fontsize=6.5,
        ncols=3,
        handlelength=1.4,
        columnspacing=1.0,
        borderaxespad=0.1,
        markerscale=markerscale,
    )


def _episode_bars(axes: Axes, episodes: Episodes, rows: dict[int, int]) -> None:
    kinds = (
        ("level 1 (< 70 mg/dL)", episodes.level1, ORANGE, 0.0),
        ("level 2 (< 54 mg/dL)", episodes.level2, VERMILION, 0.0),
        ("extended (> 120 min)", episodes.extended, "black", 1.3),
    )
    for label, found, color, line in kinds:
        for number, begin, end in (piece for episode in found for piece in _by_day(episode.begin, episode.end)):
            if number in rows and line:
                axes.hlines(rows[number] + 0.36, begin, end, color=color, linewidth=line)
            elif number in rows:
                axes.broken_barh([(begin, end - begin)], (rows[number] - 0.32, 0.64), color=color, linewidth=0)
        axes.plot([], [], color=color, linewidth=line or 5, label=f"{label}: {len(found)}")
    axes.plot([], [], color=RECORDED, linewidth=5, label="recorded")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.06), frameon=False, fontsize=6.2, handlelength=1.0)


def _stretches(hours: Any, step: float) -> list[tuple[float, float]]:
    """Stretches of readings as (begin, length) in hours."""
    cuts = np.nonzero(np.diff(hours) > 3 * step)[0]
    firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(hours) - 1)
    return [(float(hours[a]), float(min(hours[b] + step, 24.0) - hours[a])) for a, b in zip(firsts, lasts, strict=True)]


def _by_day(begin: float, end: float) -> list[tuple[int, float, float]]:
    """An episode in clock minutes, cut at midnight: day, and begin and end in hours."""
    pieces = []
    while begin < end:
        number = int(begin // MINUTES_A_DAY)
        stop = min(end, (number + 1) * MINUTES_A_DAY)
        pieces.append((number, begin % MINUTES_A_DAY / 60, (stop - number * MINUTES_A_DAY) / 60))
        begin = stop
    return pieces
