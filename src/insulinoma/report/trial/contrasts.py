"""Differences between arms: forest of subgroups, patients one by one, and power."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.cohort.analysis.frame import endpoint_named, measure_of
from insulinoma.cohort.analysis.results import Results
from insulinoma.report.trial.picture import COLORS, MARKS, Picture, picture, zero_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def axis_words(found: Results) -> str:
    """The words under an axis of differences of the primary endpoint, with the side that is better."""
    endpoint = endpoint_named(found.trial, found.trial.primary)
    measure = measure_of(endpoint)
    side = "right" if measure.better == "high" else "left"
    unit = "share" if measure.kind == "share" else measure.unit
    return f"{endpoint.name}: difference to {found.trial.arms[0].name} ({unit}); {side} is better"


def forest_picture(found: Results) -> Picture:
    """The difference of the primary endpoint in every subgroup, with its 95 % interval."""
    rows = found.tables["subgroups"].rows
    return picture(6.6, 0.9 + 0.2 * len(rows), lambda figure: _forest(figure, found, rows))


def _forest(figure: Figure, found: Results, rows: tuple[tuple[Any, ...], ...]) -> None:
    axes = figure.subplots()
    arms = [arm.name for arm in found.trial.arms]
    zero_line(axes, upright=True)
    labels = []
    for position, (arm, group, level, patients, _, _, difference, low, high, _) in enumerate(rows):
        color, whole = COLORS[arms.index(arm) % len(COLORS)], group == "all"
        axes.plot([low, high], [position, position], color=color, linewidth=2.0 if whole else 1.0)
        axes.plot(difference, position, MARKS[arms.index(arm) % len(MARKS)], color=color, markersize=6 if whole else 4)
        words = f"{arm}: all" if whole else f"    {group}: {level}"
        labels.append(f"{words}  ({patients})")
    axes.set_yticks(range(len(rows)), labels)
    axes.tick_params(axis="y", length=0)
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlabel=axis_words(found))
    axes.spines["left"].set_visible(False)


def difference_picture(found: Results) -> Picture:
    """Each patient's own difference, from the worst to the best, by arm."""
    return picture(6.6, 2.7, lambda figure: _differences(figure, found))


def _differences(figure: Figure, found: Results) -> None:
    axes = figure.subplots()
    zero_line(axes, upright=False)
    arms = [arm.name for arm in found.trial.arms]
    for arm in arms[1:]:
        values = np.sort([row[2] for row in found.tables["differences"].rows if row[0] == arm])
        share = (np.arange(len(values)) + 0.5) / max(len(values), 1)
        color = COLORS[arms.index(arm) % len(COLORS)]
        axes.plot(100 * share, values, MARKS[arms.index(arm) % len(MARKS)], color=color, markersize=2.6, label=arm)
    endpoint = endpoint_named(found.trial, found.trial.primary)
    unit = measure_of(endpoint).unit
    axes.set(xlabel="patients, sorted by their difference (%)", xlim=(0, 100))
    axes.set_ylabel(f"{endpoint.name}: difference\nto {arms[0]} ({unit})")
    axes.legend(loc="upper left")


def power_picture(found: Results) -> Picture:
    """The power of a real trial by its size."""
    return picture(6.6, 2.5, lambda figure: _power(figure, found))


def _power(figure: Figure, found: Results) -> None:
    axes = figure.subplots()
    arms = [arm.name for arm in found.trial.arms]
    for arm in arms[1:]:
        rows = [row for row in found.tables["power"].rows if row[0] == arm]
        sizes, share, error = ([row[column] for row in rows] for column in (2, 3, 4))
        number = arms.index(arm)
        style: dict[str, Any] = {"color": COLORS[number % len(COLORS)], "marker": MARKS[number % len(MARKS)]}
        axes.errorbar(sizes, share, _half_interval(error), linewidth=1, markersize=4, capsize=2, label=arm, **style)
    axes.axhline(0.8, color="#7f7f7f", linewidth=0.6, linestyle="--")
    axes.set(ylim=(0, 1.05), xlabel="patients in each arm of a real trial", ylabel="power at 5 %", xscale="log")
    sizes = list(found.trial.real_sizes)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.legend(loc="best", title=f"against {arms[0]}", title_fontsize=7)


def _half_interval(error: list[float]) -> list[float]:
    """Half of the 95 % interval of a Monte Carlo error."""
    return [1.96 * item for item in error]
