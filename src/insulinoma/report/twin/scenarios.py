"""Every scenario day by day, with what was done and the data behind it: a row a scenario, a column a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.posterior import Posterior
from insulinoma.report.palette import BELOW_54, BELOW_70, BLUE, INK, QUIET
from insulinoma.report.twin.canvas import Picture, plain
from insulinoma.report.twin.fan import Panel, band, limits, logarithmic, show_facts
from insulinoma.what_if.what_if import Comparison, Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
_ROW, _HEAD, _FOOT = 24.0, 14.0, 11.0
_PANELS = (
    Panel("glucose_min", "lowest glucose of the day", ("glucose_min", "glucose")),
    Panel("burden.V_tumor", "viable tumor (mL)", (), True),
    Panel("nse.M", "NSE (ng/mL)", ("nse.M",), True),
)


def scenario_fans(posterior: Posterior, found: Comparison, *, glucose_unit: str = "mg/dL") -> Picture | None:
    """Median, 50 and 90 % of every scenario in blue, what was done in gray; None where there is no scenario."""
    done, *others = found.outcomes
    panels = [item for item in _PANELS if np.nanmax(_daily(done, item), initial=0.0) > 0]
    if not others or not panels:
        return None
    height = _HEAD + _ROW * len(others) + _FOOT

    def draw(figure: Figure) -> None:
        every = figure.subplots(len(others), len(panels), squeeze=False, sharex=True)
        for row, outcome in zip(every, others, strict=True):
            for axes, panel in zip(row, panels, strict=True):
                _cell(axes, posterior, panel, (done, outcome), glucose_unit)
            row[0].set_ylabel(outcome.scenario.name.replace("-", "\n", 1), rotation=0, ha="right", va="center")
        for column, panel in enumerate(panels):
            every[0][column].set_title(panel.title(glucose_unit), fontsize=7, color=INK)
            every[-1][column].set_xlabel("day of the record")
        _legend(figure)
        bottom, top = _FOOT / height, 1 - _HEAD / height
        figure.subplots_adjust(left=0.19, right=0.985, top=top, bottom=bottom, wspace=0.25, hspace=0.18)

    return Picture("Each scenario day by day", (180, height), draw)


def _daily(outcome: Outcome, panel: Panel) -> Floats:
    """Draws by record day, from day 0 on."""
    course = outcome.course
    return course.days[panel.series][:, -course.start :] if panel.series in course.days else np.zeros((1, 1))


def _cell(axes: Axes, posterior: Posterior, panel: Panel, pair: Sequence[Outcome], glucose_unit: str) -> None:
    factor = panel.factor(glucose_unit)
    done, changed = (_daily(outcome, panel) * factor for outcome in pair)
    days = np.arange(float(done.shape[1]))
    band(axes, days, done, QUIET, ((5, 95, 0.15),), ls=(0, (4, 2)), lw=0.8)
    band(axes, days, changed, BLUE, ((5, 95, 0.18), (25, 75, 0.35)), lw=1.1)
    if panel.logarithmic:
        logarithmic(axes, limits(np.concatenate([done, changed])))
    else:
        _levels(axes, factor)
    show_facts(axes, posterior, panel, factor, stated=False)
    axes.margins(x=0.01)
    plain(axes)


def _levels(axes: Axes, factor: float) -> None:
    """Below 70 and below 54 mg/dL, as in the clinical course."""
    for low, high, color in ((54.0, 70.0, BELOW_70), (0.0, 54.0, BELOW_54)):
        axes.axhspan(low * factor, high * factor, color=color, lw=0, zorder=0)
    axes.set_ylim(bottom=0)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = {
        "measured, under what was done": Line2D([], [], color=INK, marker="o", ms=3.2, lw=0.8),
        "model, what was done: median, 90 %": Line2D([], [], color=QUIET, ls=(0, (4, 2)), lw=0.8),
        "model, the scenario: median, 50 %, 90 %": Patch(facecolor=BLUE, alpha=0.35),
    }
    figure.legend(
        list(entries.values()), list(entries), loc="upper center", ncols=len(entries), frameon=False, fontsize=6.5
    )
