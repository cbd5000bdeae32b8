"""The glucose figure: ambulatory glucose profile, days laid over each other, and the episodes of each day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from insulinoma.assessment.glucose.metrics import GlycemicMetrics
from insulinoma.errors import UsageError
from insulinoma.intended_use import INTENDED_USE
from insulinoma.report.glucose.panels import (
    GRAY,
    days_of,
    episode_panel,
    glucose_limits,
    overlay_panel,
    profile_panel,
    range_panel,
    rates_panel,
)
from insulinoma.report.glucose.tables import as_csv, episode_rows, glucose_profile, reading_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg", ".pdf")
MOST_DAYS = 28
_WIDTH, _HEAD, _BETWEEN, _FOOT, _LEFT = 7.2, 1.0, 0.52, 0.58, 0.08
_STYLE: Any = {
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
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"{target.suffix!r} is not a format of the figure. Expected .png, .svg or .pdf.")
    import matplotlib as mpl

    target.parent.mkdir(parents=True, exist_ok=True)
    undated: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with mpl.rc_context(_STYLE):
        agp_figure(metrics).savefig(target, dpi=200, metadata=undated.get(ending))
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
    """The figure of one series: profile with times in range, daily overlay, episodes of the last 28 days."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if not len(metrics.series):
        raise UsageError("A series without a reading has no figure.")
    with mpl.rc_context(_STYLE):
        shown = days_of(metrics.series)[-MOST_DAYS:]
        heights = (2.5, 2.1, max(0.42, 0.135 * len(shown)))
        height = _HEAD + sum(heights) + 2 * _BETWEEN + _FOOT
        figure = Figure(figsize=(_WIDTH, height))
        FigureCanvasAgg(figure)
        grid = figure.add_gridspec(3, 2, height_ratios=heights, width_ratios=(6.1, 1.1))
        grid.update(left=_LEFT, right=0.985, top=1 - _HEAD / height, bottom=_FOOT / height)
        grid.update(hspace=_BETWEEN / (sum(heights) / 3), wspace=0.2)
        _draw(figure, grid, metrics, shown)
        _head(figure, metrics, height)
        figure.text(_LEFT, 0.08 / height, INTENDED_USE, fontsize=5.8, color=GRAY)
        figure.draw_without_rendering()
    return figure


def _draw(figure: Figure, grid: Any, metrics: GlycemicMetrics, shown: list[int]) -> None:
    series = metrics.series
    profile = figure.add_subplot(grid[0, 0])
    overlay, raster = (figure.add_subplot(grid[row, 0], sharex=profile) for row in (1, 2))
    limits = glucose_limits(series)
    profile_panel(profile, glucose_profile(series), limits)
    overlay_panel(overlay, series, limits)
    episode_panel(raster, series, metrics.episodes, shown)
    range_panel(figure.add_subplot(grid[0, 1]), metrics)
    rates_panel(figure.add_subplot(grid[1, 1]), metrics)
    profile.set_xlim(0, 24)
    for axes in (profile, overlay, raster):
        axes.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])


def _head(figure: Figure, metrics: GlycemicMetrics, height: float) -> None:
    series, values = metrics.series, metrics.values
    name = " ".join(part for part in (Path(series.source).name or "glucose series", series.subject) if part)
    span = f"{series.stamp(float(series.clock[0]))} to {series.stamp(float(series.clock[-1]))}"
    every = f" every {series.interval} min" if series.interval else ""
    coverage = f", coverage {values['coverage_percent']:.1f} %" if values["coverage_percent"] is not None else ""
    numbers = [
        _number("mean", values["mean_mg_dl"], "mg/dL"),
        _number("SD", values["sd_mg_dl"], "mg/dL"),
        _number("CV", values["cv_percent"], "%"),
        _number("GMI", values["gmi_percent"], "%", digits=2),
        _number("LBGI", values["lbgi"], "", digits=2),
        _number("HBGI", values["hbgi"], "", digits=2),
        _number("MODD", values["modd_mg_dl"], "mg/dL"),
        _number("MAGE (moving average)", values["mage_mg_dl"], "mg/dL"),
    ]
    figure.text(_LEFT, 1 - 0.24 / height, name, fontsize=11, fontweight="bold")
    figure.text(_LEFT, 1 - 0.43 / height, f"{span}; {len(series)} readings{every}{coverage}", color="#444444")
    figure.text(_LEFT, 1 - 0.61 / height, "   ".join(numbers), fontsize=6.4)


def _number(name: str, value: float | None, unit: str, *, digits: int = 1) -> str:
    return f"{name} n/a" if value is None else f"{name} {value:.{digits}f} {unit}".rstrip()
