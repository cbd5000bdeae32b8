"""One page of small plots: every published number with its spread and band, and the twin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from insulinoma.intended_use import INTENDED_USE
from insulinoma.simulate.validation.target import Published, Row
from insulinoma.simulate.validation.targets import TARGETS, summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS, _HEAD, _END, _LONGEST = 3, 1.7, 2.6, 48
_INSIDE, _OUTSIDE, _GRAY, _BAND = "#0072b2", "#d55e00", "#444444", "#e3e9ee"
_STYLE: Any = {"font.family": "sans-serif", "font.size": 6.5, "axes.linewidth": 0.6, "svg.hashsalt": "insulinoma"}


def write_validation_figure(rows: Sequence[Row], target: Path) -> None:
    """Writes the page; bands are drawn with one width, so that all units share one axis."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(13, 9.5))
        FigureCanvasAgg(figure)
        _draw(figure, rows)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, dpi=160, metadata={"Software": "insulinoma"} if target.suffix == ".png" else None)


def _draw(figure: Figure, rows: Sequence[Row]) -> None:
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row.published.target)]
    room = sum(len(group) + _HEAD for group in groups) / _COLUMNS
    columns: list[list[list[Row]]] = [[] for _ in range(_COLUMNS)]
    used = 0.0
    for group in groups:
        columns[min(_COLUMNS - 1, int((used + (len(group) + _HEAD) / 2) / room))].append(group)
        used += len(group) + _HEAD
    tallest = max(sum(len(group) + _HEAD for group in column) for column in columns)
    for index, column in enumerate(columns):
        top = 0.0
        for group in column:
            height = len(group) / tallest * 0.9
            bottom = 0.945 - (top + _HEAD * 0.6 + len(group)) / tallest * 0.9
            left = 0.2 + index / _COLUMNS
            _panel(figure.add_axes((left, bottom, 0.1, height)), group)
            top += len(group) + _HEAD
    figure.text(0.01, 0.982, summary(rows), fontsize=7.5)
    legend = (
        "shaded: band that counts as met; gray: published mean with 1 SEM or SD; blue: twin inside; orange: outside"
    )
    figure.text(0.01, 0.966, legend, fontsize=6.5, color=_GRAY)
    figure.text(0.01, 0.008, INTENDED_USE, fontsize=6, color=_GRAY)


def _panel(axes: Axes, group: Sequence[Row]) -> None:
    target = group[0].published.target
    axes.axvspan(-1, 1, color=_BAND, zorder=0)
    for position, row in enumerate(group):
        center, half = _scale(row.published)
        if row.published.value is not None and math.isfinite(row.published.low + row.published.high):
            x, spread = (row.published.value - center) / half, (row.published.spread or 0.0) / half
            axes.plot([max(x - spread, -_END), min(x + spread, _END)], [position] * 2, color=_GRAY, lw=1)
            axes.plot(x, position, "|", color=_GRAY, ms=6)
        x = (row.model - center) / half
        marker = "o" if abs(x) < _END else (">" if x > 0 else "<")
        axes.plot(max(-_END, min(_END, x)), position, marker, color=_INSIDE if row.inside else _OUTSIDE, ms=4)
        axes.text(1.03, position, f"{row.model:.3g}", transform=axes.get_yaxis_transform(), va="center", fontsize=5.8)
    labels = [f"{_short(row.published)} [{row.published.band}]" for row in group]
    axes.set(xlim=(-_END - 0.2, _END + 0.2), ylim=(len(group) - 0.5, -0.5), xticks=[])
    axes.set_yticks(range(len(group)), labels, fontsize=5.8)
    axes.tick_params(length=0)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    title = f"{target}  {TARGETS[target].name}" if target else f"beside the twenty: {TARGETS[target].name}"
    axes.set_title(title, loc="right", fontsize=7, fontweight="bold", pad=2)


def _short(item: Published) -> str:
    words = item.observation.replace("glucose production", "production").replace("the end of the fast", "the end")
    unit = "" if item.unit == "1" else f", {item.unit}"
    return shorten(words, _LONGEST, placeholder=" ...") + (unit if len(words) + len(unit) <= _LONGEST else "")


def _scale(item: Published) -> tuple[float, float]:
    """Center and half width of the band; where one side is open, half of the limit stands in for the width."""
    if math.isinf(item.low):
        return item.high - abs(item.high) / 2, abs(item.high) / 2
    if math.isinf(item.high):
        return item.low + abs(item.low) / 2, abs(item.low) / 2
    return (item.low + item.high) / 2, (item.high - item.low) / 2
