"""Pictures of single patients: swimmer plot of their days, waterfall of their tumors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insulinoma.cohort.analysis.results import Results
from insulinoma.report.palette import INK, VERMILION
from insulinoma.report.trial.picture import COLORS, Picture, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE, _FREE, _LOW = 0.12, "#cfe3d8", VERMILION


def swimmer_picture(found: Results) -> Picture:
    """A lane for each patient: days without and with hypoglycemia, what rules did, and how it ended."""
    rows = found.tables["stays"].rows
    tallest = max(len({row[1] for row in rows if row[0] == arm.name}) for arm in found.trial.arms)
    columns = min(2, len(found.trial.arms))
    lines = -(-len(found.trial.arms) // columns)
    return picture(
        6.6, lines * (0.75 + _LANE * 0.72 * tallest) + 0.3, lambda figure: _swim(figure, found, rows, columns)
    )


def _swim(figure: Figure, found: Results, rows: tuple[tuple[Any, ...], ...], columns: int) -> None:
    arms = [arm.name for arm in found.trial.arms]
    panels = figure.subplots(-(-len(arms) // columns), columns, sharex=True, squeeze=False).ravel()
    for axes, arm in zip(panels, arms, strict=False):
        _lanes(axes, [row[1:] for row in rows if row[0] == arm])
        axes.set_title(arm, loc="left", fontsize=8, fontweight="bold")
        axes.set(xlim=(0, found.trial.follow_up), yticks=[], xlabel="days")
        axes.spines["left"].set_visible(False)
    for axes in panels[len(arms) :]:
        axes.set_visible(False)
    handles = [_block(_FREE, "free day"), _block(_LOW, "day with time below 54 mg/dL"),
               *(_mark(kind) for kind in ("rule", "death", "dropout"))]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=5)


def _lanes(axes: Axes, rows: list[tuple[Any, ...]]) -> None:
    ends = {"follow-up", "dropout"}
    first: dict[int, int] = {}
    for patient, what, begin, end in rows:
        if patient not in first:
            first[patient] = len(first)
            axes.barh(first[patient], end - begin, left=begin, height=0.8, color=_FREE)
            if what != "follow-up":
                _dot(axes, end, first[patient], "dropout" if what in ends else "death")
        elif what == "hypoglycemia":
            axes.barh(first[patient], end - begin, left=begin, height=0.8, color=_LOW)
        else:
            _dot(axes, begin, first[patient], "rule")
    axes.set_ylim(len(first) - 0.3, -0.7)


_MARKS = {"rule": ("v", COLORS[0]), "death": ("X", INK), "dropout": ("|", INK)}


def _dot(axes: Axes, day: float, lane: int, kind: str) -> None:
    mark, color = _MARKS[kind]
    axes.plot(day, lane, mark, color=color, markersize=4.2, markeredgecolor="white" if mark != "|" else color,
              markeredgewidth=0.5 if mark != "|" else 1.2, clip_on=False, zorder=3)  # fmt: skip


def _block(color: str, words: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=color, label=words)


def _mark(kind: str) -> Any:
    from matplotlib.lines import Line2D

    mark, color = _MARKS[kind]
    words = {"rule": "a rule acts", "death": "death", "dropout": "drops out"}[kind]
    return Line2D([], [], linestyle="", marker=mark, color=color, markersize=5, label=words)


def waterfall_picture(found: Results) -> Picture:
    """The best change of the sum of diameters of each patient, with the limits of RECIST 1.1."""
    return picture(6.6, 2.6, lambda figure: _waterfall(figure, found))


def _waterfall(figure: Figure, found: Results) -> None:
    arms = [arm.name for arm in found.trial.arms]
    panels = figure.subplots(1, len(arms), sharey=True, squeeze=False).ravel()
    for number, (axes, arm) in enumerate(zip(panels, arms, strict=True)):
        changes = [row[2] for row in found.tables["changes"].rows if row[0] == arm]
        axes.bar(range(len(changes)), changes, width=1.0, color=COLORS[number % len(COLORS)])
        for limit in (-30, 20):
            axes.axhline(limit, color=INK, linewidth=0.5, linestyle="--")
        axes.axhline(0, color=INK, linewidth=0.6)
        axes.set_title(arm, loc="left", fontsize=8, fontweight="bold")
        axes.set(xticks=[], xlabel=f"{len(changes)} patients")
    panels[0].set_ylabel("best change of the\nsum of diameters (%)")
