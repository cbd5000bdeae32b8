"""The glucose figure: ambulatory glucose profile, days laid over each other, and the episodes of each day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.assessment.episodes import Episodes
from insulinoma.assessment.glucose_series import MINUTES_A_DAY, GlucoseSeries
from insulinoma.assessment.glucose_thresholds import MMOL_L, mg_dl_factor
from insulinoma.assessment.glycemic_metrics import GlycemicMetrics
from insulinoma.errors import UsageError
from insulinoma.intended_use import INTENDED_USE
from insulinoma.report.glucose_tables import as_csv, episode_rows, glucose_profile, reading_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, SKY, GREEN, VERMILION, ORANGE, PURPLE, GRAY = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#D55E00",
    "#E69F00",
    "#CC79A7",
    "#7f7f7f",
)
ENDINGS = (".png", ".svg", ".pdf")
MOST_DAYS = 28
FEWEST_DAYS_FOR_BANDS = 3
TARGET = (70.0, 180.0)
VERY_LOW = 54.0
_STYLE = {
    "font.family": "sans-serif",
    "font.size": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "svg.hashsalt": "insulinoma",
    "svg.fonttype": "none",
}


def write_agp(metrics: GlycemicMetrics, target: Path) -> list[Path]:
    """Writes the figure to a PNG, SVG or PDF file and its three tables beside it; gives the paths.

    Raises UsageError for another ending.
    """
    if target.suffix.lower() not in ENDINGS:
        raise UsageError(f"{target.suffix!r} is not a format of the figure. Expected .png, .svg or .pdf.")
    import matplotlib as mpl

    target.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(_STYLE):
        figure = agp_figure(metrics)
        stamps: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
        figure.savefig(target, dpi=200, metadata=stamps.get(target.suffix.lower()))
    tables = {
        "profile": glucose_profile(metrics.series).rows(),
        "readings": reading_rows(metrics.series),
        "episodes": episode_rows(metrics),
    }
    written = [target]
    for name, rows in tables.items():
        path = target.with_name(f"{target.stem}_{name}.csv")
        path.write_text(as_csv(rows), encoding="utf-8")
        written.append(path)
    return written


def agp_figure(metrics: GlycemicMetrics) -> Figure:
    """The figure of one series: profile with times in range, daily overlay, episodes by day."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    series = metrics.series
    shown = _days(series)[-MOST_DAYS:]
    figure = Figure(figsize=(7.2, 6.6 + 0.11 * len(shown)))
    FigureCanvasAgg(figure)
    heights = (2.9, 2.1, 0.75 + 0.11 * len(shown))
    grid = figure.add_gridspec(
        3, 2, height_ratios=heights, width_ratios=(6.2, 1), left=0.075, right=0.93, top=0.875, bottom=0.075
    )
    grid.update(hspace=0.34, wspace=0.24)
    profile, bar = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
    overlay = figure.add_subplot(grid[1, 0], sharex=profile)
    raster = figure.add_subplot(grid[2, 0], sharex=profile)
    _title(figure, metrics)
    top = _top(series)
    _profile_panel(profile, series, top)
    _range_bar(bar, metrics)
    _overlay_panel(overlay, series, top)
    _episode_panel(raster, series, metrics.episodes, shown)
    _side_notes(figure, grid, metrics)
    for axes in (profile, overlay, raster):
        axes.set_xlim(0, 24)
        axes.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    figure.text(0.075, 0.012, INTENDED_USE, fontsize=5.8, color=GRAY)
    return figure


def _title(figure: Figure, metrics: GlycemicMetrics) -> None:
    series, values = metrics.series, metrics.values
    name = " ".join(part for part in (Path(series.source).name or "glucose series", series.subject) if part)
    figure.text(0.075, 0.967, name, fontsize=11, fontweight="bold")
    span = f"{series.stamp(float(series.clock[0]))} to {series.stamp(float(series.clock[-1]))}"
    every = f" every {series.interval} min" if series.interval else ""
    coverage = f", coverage {values['coverage_percent']:.1f} %" if values["coverage_percent"] is not None else ""
    figure.text(0.075, 0.944, f"{span}; {len(series)} readings{every}{coverage}", color="#444444")
    parts = [
        _measure("mean", values["mean_mg_dl"], "mg/dL"),
        _measure("SD", values["sd_mg_dl"], "mg/dL"),
        _measure("CV", values["cv_percent"], "%"),
        _measure("GMI", values["gmi_percent"], "%", digits=2),
        _measure("LBGI", values["lbgi"], "", digits=2),
        _measure("HBGI", values["hbgi"], "", digits=2),
        _measure("MAGE (moving average)", values["mage_mg_dl"], "mg/dL"),
        _measure("MODD", values["modd_mg_dl"], "mg/dL"),
    ]
    figure.text(0.075, 0.922, "   ".join(parts), color="#222222")


def _measure(name: str, value: float | None, unit: str, *, digits: int = 1) -> str:
    return f"{name} n/a" if value is None else f"{name} {value:.{digits}f} {unit}".rstrip()


def _top(series: GlucoseSeries) -> float:
    return float(max(200.0, np.ceil(float(series.glucose.max()) / 50.0) * 50.0 + 10))


def _dress(axes: Axes, top: float, title: str) -> None:
    factor = mg_dl_factor(MMOL_L)
    axes.axhspan(*TARGET, color=GREEN, alpha=0.08, linewidth=0)
    for level, style in ((TARGET[0], "-"), (VERY_LOW, ":"), (TARGET[1], "-")):
        axes.axhline(level, color=GRAY, linewidth=0.5, linestyle=style, zorder=1)
    axes.set_ylim(20, top)
    axes.set_ylabel("glucose, mg/dL")
    ticks = [VERY_LOW, TARGET[0], *(value for value in (100, 140, 180, 250, 300, 350, 400, 500) if value <= top)]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    other = axes.secondary_yaxis("right", functions=(lambda value: value / factor, lambda value: value * factor))
    other.set_ylabel("mmol/L", labelpad=2)
    other.spines["right"].set_visible(True)
    axes.set_title(title, loc="left", fontsize=8.5, fontweight="bold")


def _profile_panel(axes: Axes, series: GlucoseSeries, top: float) -> None:
    profile = glucose_profile(series)
    days = int(profile.days.max())
    hours = np.append(profile.minutes, MINUTES_A_DAY) / 60
    lines = {
        percent: np.append(column, column[0])
        for percent, column in zip((5, 25, 50, 75, 95), profile.percentiles.T, strict=True)
    }
    _dress(axes, top, f"Ambulatory glucose profile ({days} {'day' if days == 1 else 'days'})")
    if days >= FEWEST_DAYS_FOR_BANDS:
        axes.fill_between(hours, lines[5], lines[95], color=SKY, alpha=0.35, linewidth=0, label="5th to 95th percentile")
        axes.fill_between(hours, lines[25], lines[75], color=BLUE, alpha=0.40, linewidth=0, label="25th to 75th")
    axes.plot(hours, lines[50], color=BLUE, linewidth=1.6, label="median")
    axes.legend(loc="upper right", frameon=False, fontsize=6.5, ncols=3, handlelength=1.4, columnspacing=1.0)


def _range_bar(axes: Axes, metrics: GlycemicMetrics) -> None:
    values = metrics.values
    axes.axis("off")
    tbr54, tbr70, tir = (values[f"{name}_percent"] for name in ("tbr_below_54", "tbr_below_70", "tir_70_180"))
    tar180, tar250 = values["tar_above_180_percent"], values["tar_above_250_percent"]
    if tbr54 is None or tbr70 is None or tir is None or tar180 is None or tar250 is None:
        axes.text(0.5, 0.5, "times in range\nnot computable", ha="center", va="center", transform=axes.transAxes)
        return
    parts = [
        ("< 54", tbr54, VERMILION, 1.0),
        ("54-69", tbr70 - tbr54, ORANGE, 1.0),
        ("70-180", tir, GREEN, 0.85),
        ("181-250", tar180 - tar250, PURPLE, 0.6),
        ("> 250", tar250, PURPLE, 1.0),
    ]
    bottom, last = 0.0, -20.0
    for label, share, color, alpha in parts:
        axes.bar(0.15, share, width=0.3, bottom=bottom, color=color, alpha=alpha, linewidth=0)
        last = max(bottom + share / 2, last + 9.0)
        axes.text(0.36, last, f"{label}\n{share:.1f} %", va="center", fontsize=6.5, linespacing=1.05)
        bottom += share
    axes.set_xlim(0, 1)
    axes.set_ylim(-6, 106)
    axes.set_title("Time, mg/dL", loc="left", fontsize=7.5, fontweight="bold")


def _overlay_panel(axes: Axes, series: GlucoseSeries, top: float) -> None:
    days = _days(series)
    _dress(axes, top, "Days laid over each other")
    of_day, day = series.clock % MINUTES_A_DAY / 60, series.clock // MINUTES_A_DAY
    widest = (series.interval or 60) * 3 / 60
    for number in days:
        inside = day == number
        hours, glucose = of_day[inside], series.glucose[inside]
        gaps = np.nonzero(np.diff(hours) > widest)[0] + 1
        axes.plot(
            np.insert(hours, gaps, np.nan), np.insert(glucose, gaps, np.nan), color=GRAY, linewidth=0.5, alpha=0.55
        )
    bands = ((TARGET[0], ORANGE, "below 70"), (VERY_LOW, VERMILION, "below 54"))
    for limit, color, label in bands:
        low = series.glucose < limit
        axes.plot(of_day[low], series.glucose[low], ".", color=color, markersize=1.8, label=label, zorder=3)
    if series.below_floor.any():
        low = series.below_floor
        axes.plot(of_day[low], series.glucose[low], "v", color="black", markersize=2.2, label="at or below the sensor's floor")
    axes.legend(loc="upper right", frameon=False, fontsize=6.5, ncols=3, markerscale=2.5, handletextpad=0.2)


def _episode_panel(axes: Axes, series: GlucoseSeries, episodes: Episodes | None, days: list[int]) -> None:
    axes.set_title("Episodes of hypoglycemia by day", loc="left", fontsize=8.5, fontweight="bold")
    rows = {number: at for at, number in enumerate(days)}
    axes.set_ylim(len(days) - 0.4, -0.6)
    axes.set_xlabel("local clock")
    labels = [series.stamp(number * MINUTES_A_DAY).rpartition(" ")[0].rstrip(",") for number in days]
    axes.set_yticks(range(len(days)), labels, fontsize=6)
    axes.tick_params(axis="y", length=0)
    day = series.clock // MINUTES_A_DAY
    for number, at in rows.items():
        hours = series.clock[day == number] % MINUTES_A_DAY / 60
        step = (series.interval or 5) / 60
        axes.broken_barh(_runs(hours, 3 * step, step), (at - 0.32, 0.64), color="#e9e9e9", linewidth=0)
    if episodes is None:
        axes.text(12, len(days) / 2 - 0.5, "episodes are not computable", ha="center", va="center")
        return
    kinds = (
        ("level 1 (< 70 mg/dL)", episodes.level1, ORANGE, 0.64),
        ("level 2 (< 54 mg/dL)", episodes.level2, VERMILION, 0.64),
        ("extended (> 120 min)", episodes.extended, "black", 0.14),
    )
    for label, found, color, height in kinds:
        pieces = [piece for episode in found for piece in _by_day(episode.begin, episode.end)]
        shift = 0.25 if height < 0.5 else 0.0
        for number, begin, end in pieces:
            if number in rows:
                axes.broken_barh(
                    [(begin, end - begin)], (rows[number] + shift - height / 2, height), color=color, linewidth=0
                )
        axes.plot([], [], color=color, linewidth=5 if height > 0.5 else 1.6, label=f"{label}: {len(found)}")
    axes.plot([], [], color="#e9e9e9", linewidth=5, label="recorded")
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.03), frameon=False, fontsize=6.3, handlelength=1.0)


def _side_notes(figure: Figure, grid: Any, metrics: GlycemicMetrics) -> None:
    axes = figure.add_subplot(grid[1, 1])
    axes.axis("off")
    if metrics.episodes is None:
        return
    lines = ["Episodes per week"]
    for kind, label in (("level1", "level 1"), ("level2", "level 2"), ("extended", "extended")):
        summary = metrics.episodes.summary(kind)
        rate = "n/a" if summary.per_week is None else f"{summary.per_week:.1f}"
        mean = "" if summary.mean_minutes is None else f"\n  mean {summary.mean_minutes:.0f} min"
        lines.append(f"{label}: {rate}{mean}")
    axes.text(0.12, 1.0, lines[0], fontsize=7.5, fontweight="bold", va="bottom", transform=axes.transAxes)
    axes.text(0.12, 0.95, "\n".join(lines[1:]), fontsize=6.8, va="top", linespacing=1.35, transform=axes.transAxes)


def _days(series: GlucoseSeries) -> list[int]:
    return [int(number) for number in np.unique(series.clock // MINUTES_A_DAY)]


def _runs(hours: Any, widest: float, step: float) -> list[tuple[float, float]]:
    """Stretches of readings as (begin, length) in hours."""
    cuts = np.nonzero(np.diff(hours) > widest)[0]
    firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(hours) - 1)
    return [
        (float(hours[a]), float(min(hours[b] + step, 24.0) - hours[a])) for a, b in zip(firsts, lasts, strict=True)
    ]


def _by_day(begin: float, end: float) -> list[tuple[int, float, float]]:
    """An episode in clock minutes, cut at midnight: day, and begin and end in hours."""
    pieces = []
    while begin < end:
        number = int(begin // MINUTES_A_DAY)
        stop = min(end, (number + 1) * MINUTES_A_DAY)
        pieces.append((number, begin % MINUTES_A_DAY / 60, (stop - number * MINUTES_A_DAY) / 60))
        begin = stop
    return pieces
