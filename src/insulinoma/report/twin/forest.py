"""A forest of paired differences: every scenario against what was done, endpoint by endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insulinoma.report.palette import BLUE, FAINT, INK, QUIET
from insulinoma.report.twin.canvas import Picture, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHOWN = ("hours_below_54", "days_to_recurrence", "dextrose_need", "safe_fasting_hours", "tumor_volume", "nse")
_PRIOR = 0.8
SAME = "the same in every draw"
# Between two rows of panels, in mm: ticks of the one, title of the other.
_GAP = 15.0


def forest(result: dict[str, Any]) -> Picture:
    """Median and 90 % interval of the difference to what was done; open marks where the prior speaks."""
    names = [name for name in result["scenarios"] if name != result["baseline"]]
    done = result["scenarios"][result["baseline"]]["endpoints"]
    shown = [endpoint for endpoint in _SHOWN if endpoint in done]

    height = 34 + 2 * 7.5 * max(len(names), 3)

    def draw(figure: Figure) -> None:
        columns = min(3, len(shown))
        rows = -(-len(shown) // columns)
        every = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for index in range(rows * columns):
            axes = every[index // columns][index % columns]
            if index < len(shown):
                _column(axes, result, names, shown[index], labels=index % columns == 0)
            else:
                axes.axis("off")
        note = (
            "median and 90 % of the difference to what was done on the same draws; open: mostly prior, gray: not told"
        )
        figure.text(0.5, 0.995, note, ha="center", va="top", fontsize=6.5, color=QUIET)
        space = _GAP * rows / (height - 22 - _GAP * (rows - 1))
        figure.subplots_adjust(left=0.2, right=0.985, top=1 - 13 / height, bottom=9 / height, wspace=0.12, hspace=space)

    return Picture("What would have been", (180, height), draw)


def _column(axes: Axes, result: dict[str, Any], names: list[str], endpoint: str, *, labels: bool) -> None:
    axes.axvline(0, color=FAINT, lw=0.8)
    for row, name in enumerate(names):
        _row(axes, row, result["scenarios"][name]["endpoints"].get(endpoint))
    unit = result["scenarios"][result["baseline"]]["endpoints"][endpoint]["unit"]
    axes.set_title(f"{endpoint.replace('_', ' ')} ({unit})", fontsize=7, color=INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(labelleft=labels, axis="y", length=0)
    plain(axes)


def _row(axes: Axes, row: int, item: dict[str, Any] | None) -> None:
    """The difference of one scenario; a word where there is none, or none in any draw."""
    difference = (item or {}).get("difference")
    if item is None or difference is None or difference["median"] is None:
        _say(axes, row, "not computed")
    elif not (difference["probability_lower"] or difference["probability_higher"]):
        _say(axes, row, SAME)
    else:
        share = item["share_of_prior"]
        color = QUIET if share is None else BLUE
        axes.plot(difference["interval_90"], [row, row], color=color, lw=1.2)
        inside = "white" if share is not None and share > _PRIOR else color
        axes.plot(difference["median"], row, "o", ms=4, color=color, mfc=inside)


def _say(axes: Axes, row: int, words: str) -> None:
    """Words in the place of a mark, at the left of the panel."""
    axes.text(0.03, row, words, fontsize=5.5, color=QUIET, va="center", transform=axes.get_yaxis_transform())
