"""The metrics of glucose series as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from insulinoma.assessment.glucose.definitions import definitions
from insulinoma.assessment.glucose.episodes import KINDS
from insulinoma.assessment.glucose.metrics import GlycemicMetrics
from insulinoma.assessment.glucose.thresholds import MG_DL, glucose_thresholds, mg_dl_factor
from insulinoma.report.glucose.tables import episode_rows

_KIND_LABELS = {
    "level1": "level 1, level 2 included",
    "level1_exclusive": "level 1 only",
    "level2": "level 2",
    "extended": "extended",
}
_CONCENTRATIONS = ("mean_mg_dl", "sd_mg_dl", "mage_mg_dl", "modd_mg_dl")


def series_text(metrics: GlycemicMetrics, unit: str = MG_DL) -> str:
    """One series: its metrics, episodes, warnings and definitions; concentrations are shown in `unit`."""
    blocks = [_head(metrics), _metrics(metrics, unit), _episodes(metrics, unit)]
    if metrics.warnings:
        blocks.append("Warnings\n" + "\n".join(_wrapped(f"- {warning}") for warning in metrics.warnings))
    meant = definitions(glucose_thresholds(metrics.series.unit), inclusive=metrics.inclusive)
    blocks.append("Definitions\n" + "\n".join(_wrapped(f"{name}: {text}") for name, text in meant.items()))
    return "\n\n".join(blocks)


def comparison_text(every: Sequence[GlycemicMetrics], unit: str = MG_DL) -> str:
    """Several series, one line each."""
    head = ["series", "readings", "days", "cover %", f"mean {unit}", "CV %", "<54 %", "<70 %", "70-180 %", ">180 %"]
    head += ["level 1", "level 2", "extended", "warnings"]
    rows = [_line(metrics, unit) for metrics in every]
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = ["  ".join(_aligned(row, widths)) for row in [head, *rows]]
    return "\n".join(line.rstrip() for line in lines)


def _wrapped(text: str) -> str:
    return fill(text, 112, initial_indent="  ", subsequent_indent="    ", break_long_words=False)


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    return [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _line(metrics: GlycemicMetrics, unit: str) -> list[str]:
    series, values = metrics.series, metrics.values
    counts = [
        str(metrics.episodes.summary(kind).count) if metrics.episodes else "n/a"
        for kind in KINDS
        if kind != "level1_exclusive"
    ]
    names = (
        "cv_percent",
        "tbr_below_54_percent",
        "tbr_below_70_percent",
        "tir_70_180_percent",
        "tar_above_180_percent",
    )
    return [
        " ".join(part for part in (Path(series.source).name, series.subject) if part),
        str(len(series)),
        f"{series.span_days:.1f}",
        _shown(values["coverage_percent"], 1),
        _shown(_converted(values["mean_mg_dl"], unit), 1 if unit == MG_DL else 2),
        *(_shown(values[name], 1) for name in names),
        *counts,
        str(len(metrics.warnings)),
    ]


def _head(metrics: GlycemicMetrics) -> str:
    series = metrics.series
    name = " ".join(part for part in (series.source, series.subject) if part) or "glucose series"
    if not len(series):
        return name
    every = f" every {series.interval} min" if series.interval else ""
    return (
        f"{name}\n  {len(series)} readings{every} in {series.unit}, {series.stamp(float(series.clock[0]))} to "
        f"{series.stamp(float(series.clock[-1]))} ({series.span_days:.1f} days)"
    )


def _metrics(metrics: GlycemicMetrics, unit: str) -> str:
    low, sign = glucose_thresholds(metrics.series.unit), "<=" if metrics.inclusive else "<"
    labels = {
        "mean_mg_dl": "mean glucose",
        "sd_mg_dl": "SD",
        "cv_percent": "CV",
        "gmi_percent": "GMI",
        "tbr_below_54_percent": f"time {sign} {low.very_low:g} {low.unit}",
        "tbr_below_70_percent": f"time {sign} {low.low:g} {low.unit}",
        "tir_70_180_percent": f"time {low.low:g} to {low.high:g} {low.unit}",
        "tar_above_180_percent": f"time > {low.high:g} {low.unit}",
        "tar_above_250_percent": f"time > {low.very_high:g} {low.unit}",
        "lbgi": "LBGI",
        "hbgi": "HBGI",
        "mage_mg_dl": "MAGE, moving-average version",
        "modd_mg_dl": "MODD",
        "coverage_percent": "coverage",
    }
    lines = []
    for name, label in labels.items():
        value = metrics.values[name]
        shown_unit = unit if name in _CONCENTRATIONS else ("%" if name.endswith("percent") else "")
        number = _shown(_converted(value, unit) if name in _CONCENTRATIONS else value, 2)
        lines.append(f"  {label:<30} {number:>8} {shown_unit if value is not None else ''}".rstrip())
    return "\n".join(lines)


def _episodes(metrics: GlycemicMetrics, unit: str) -> str:
    if metrics.episodes is None:
        return "Episodes of hypoglycemia: not computable"
    lines = [f"Episodes of hypoglycemia{'':<10} {'count':>6} {'per week':>9} {'mean min':>9}"]
    for kind in KINDS:
        summary = metrics.episodes.summary(kind)
        rate, mean = _shown(summary.per_week, 2), _shown(summary.mean_minutes, 1)
        lines.append(f"  {_KIND_LABELS[kind]:<32} {summary.count:>6} {rate:>9} {mean:>9}")
    for row in episode_rows(metrics):
        lowest = _converted(row["lowest_mg_dl"], unit)
        sign = "<=" if row["lowest_is_censored"] else ""
        notes = [f"ended by {row['ended_by']}"] if row["ended_by"] != "recovery" else []
        notes += ["compression suspected"] if row["compression_suspected"] else []
        lines.append(
            f"    {row['begins']}  {row['kind']:<8} {row['minutes']:>6.0f} min, lowest {sign}{_shown(lowest, 1)} {unit}"
            + (f" ({', '.join(notes)})" if notes else "")
        )
    return "\n".join(lines)


def _converted(value: float | None, unit: str) -> float | None:
    return None if value is None else value / mg_dl_factor(unit)


def _shown(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"
