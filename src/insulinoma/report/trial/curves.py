"""Curves of times to events by arm, the number at risk under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insulinoma.cohort.analysis.curves import ticks_of
from insulinoma.cohort.analysis.frame import measure_of
from insulinoma.cohort.analysis.results import Results
from insulinoma.cohort.design import Endpoint
from insulinoma.report.trial.picture import COLORS, LINES, Picture, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FREE = "free of any"


def shown_event(endpoint: Endpoint) -> str:
    """The curve that is drawn: the incidence of the event, or who is free of all where any event counts."""
    measure = measure_of(endpoint)
    return FREE if endpoint.measure in ("survival", "progression_free") else measure.event


def curve_picture(found: Results, endpoint: Endpoint) -> Picture:
    """The curve of every arm with its 95 % interval, and the table of those at risk."""
    arms = len(found.trial.arms)
    return picture(6.6, 3.15 + 0.16 * arms, lambda figure: _draw(figure, found, endpoint))


def _draw(figure: Figure, found: Results, endpoint: Endpoint) -> None:
    arms = [arm.name for arm in found.trial.arms]
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[6, 0.5 + 0.45 * len(arms)])
    event, length = shown_event(endpoint), found.trial.follow_up - endpoint.first
    start = 1.0 if event == FREE else 0.0
    for number, arm in enumerate(arms):
        rows = [row for row in found.tables[f"curve-{endpoint.name}"].rows if row[0] == arm and row[1] == event]
        _curve(above, rows, start, length, arm, number)
    words = "share free of it" if event == FREE else f"share with {event}"
    above.set(ylim=(-0.02, 1.02), xlim=(0, length), ylabel=words)
    above.set_title(_title(endpoint), loc="left", fontsize=8.5, fontweight="bold", pad=20)
    place = {"loc": "lower left", "bbox_to_anchor": (-0.01, 0.985), "borderaxespad": 0.2}
    above.legend(ncols=len(arms), handlelength=3.2, columnspacing=1.6, frameon=False, **place)
    _at_risk(below, found, endpoint, arms, length)


def _curve(axes: Axes, rows: list[tuple[object, ...]], start: float, length: float, label: str, number: int) -> None:
    """The curve of an arm; every arm has its color and its dashes, so that none is lost behind another."""
    table = np.array([row[2:6] for row in rows], float).reshape(-1, 4)
    days = np.concatenate([[0.0], table[:, 0], [length]])
    value, low, high = (
        np.concatenate([[start], column, column[-1:] if len(column) else [start]]) for column in table.T[1:]
    )
    color, line = COLORS[number % len(COLORS)], LINES[number % len(LINES)]
    axes.fill_between(days, low, high, step="post", color=color, alpha=0.13, linewidth=0)
    axes.step(days, value, where="post", color=color, linewidth=1.5, linestyle=line, label=label)


def _at_risk(axes: Axes, found: Results, endpoint: Endpoint, arms: list[str], length: float) -> None:
    ticks, table = ticks_of(length), found.tables[f"at-risk-{endpoint.name}"].rows
    widest = max(len(f"{row[1]}") for row in table)
    for number, row in enumerate(table):
        for tick, count in zip(ticks, row[1:], strict=True):
            color = COLORS[number % len(COLORS)]
            axes.text(tick, number, f"{count}", ha="center", va="center", fontsize=6.8, color=color, clip_on=False)
    axes.set(ylim=(len(arms) - 0.4, -0.8), xticks=ticks, xlabel="days")
    axes.set_yticks(range(len(arms)), arms)
    axes.tick_params(axis="y", length=0, pad=8 + 2 * widest)
    axes.set_title("at risk", loc="left", fontsize=7)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _title(endpoint: Endpoint) -> str:
    words = measure_of(endpoint).meaning
    return words[:1].upper() + words[1:]
