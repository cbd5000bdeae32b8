"""The fit over the clinical course: bands of the posterior and the prior, data as marks, assumptions hatched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.likelihood import Measured
from insulinoma.calibrate.facts.quantity import AtTime, OfDays
from insulinoma.calibrate.posterior import Posterior
from insulinoma.quantities import convert
from insulinoma.report.palette import BLUE, FAINT, INK, PROCEDURE_RULE, QUIET, STATED_BAD, STATED_GOOD, STRIP
from insulinoma.report.twin.canvas import Picture, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = npt.NDArray[np.float64]
Shades = tuple[tuple[float, float, float], ...]
_BANDS: Shades = ((5, 95, 0.18), (25, 75, 0.35))


@dataclass(frozen=True)
class Panel:
    """One quantity over the course: its daily series and its axis."""

    series: str
    label: str
    facts: tuple[str, ...]
    logarithmic: bool = False

    def factor(self, glucose_unit: str) -> float:
        """From the unit of the series to the one in which it is drawn."""
        return convert("glucose", 1.0, "mg/dL", glucose_unit).value if self.series == "glucose_min" else 1.0

    def title(self, glucose_unit: str) -> str:
        """What is drawn, with its unit."""
        return f"{self.label} ({glucose_unit})" if self.series == "glucose_min" else self.label


_PANELS = (
    Panel("glucose_min", "lowest glucose\nof the day", ("glucose_min", "glucose")),
    Panel("insulin_mean", "insulin, mean\nof the day (pmol/L)", ("insulin",), True),
    Panel("nse.M", "NSE\n(ng/mL)", ("nse.M",), True),
    Panel("burden.CT_liver", "liver metastases\non CT (mL)", ("burden.CT_liver",), True),
)


def fan_chart(posterior: Posterior, *, glucose_unit: str = "mg/dL") -> Picture:
    """Median, 50 and 90 % bands of the posterior by day, the median of the prior, and the data."""
    shown = posterior.tree["predictions"]
    panels = [item for item in _PANELS if item.series in shown and float(shown[item.series].max()) > 0]

    height = 38 * len(panels) + 14

    def draw(figure: Figure) -> None:
        every = figure.subplots(len(panels), 1, sharex=True)
        for axes, panel in zip(np.atleast_1d(every), panels, strict=True):
            _panel(axes, posterior, panel, glucose_unit)
        last = np.atleast_1d(every)[-1]
        last.set_xlabel("day of the record")
        _legend(figure)
        figure.subplots_adjust(left=0.13, right=0.985, top=1 - 11 / height, bottom=11 / height, hspace=0.16)

    return Picture("The twin over the clinical course", (180, height), draw)


def _panel(axes: Axes, posterior: Posterior, panel: Panel, glucose_unit: str) -> None:
    factor = panel.factor(glucose_unit)
    days, values = posterior.daily(panel.series)
    _, before = posterior.daily(panel.series, group="predictions_prior")
    prior = np.nanpercentile(before, [5, 50, 95], axis=0) * factor
    axes.plot(days, prior[1], color=QUIET, lw=0.8, ls=(0, (4, 2)))
    for edge in (prior[0], prior[2]):
        axes.plot(days, edge, color=FAINT, lw=0.6, ls=(0, (1, 2)))
    band(axes, days, values * factor, BLUE, _BANDS, lw=1.2)
    if panel.logarithmic:
        logarithmic(axes, limits(values * factor))
    axes.set_ylabel(panel.title(glucose_unit))
    axes.yaxis.set_label_coords(-0.065, 0.5)
    axes.margins(x=0.01)
    _assumed(axes, posterior)
    show_facts(axes, posterior, panel, factor, stated=True)
    plain(axes)


def band(axes: Axes, days: Floats, values: Floats, color: str, shades: Shades, **line: Any) -> None:
    """The median of draws (lanes, days) as a line, over shades between two percentiles each."""
    for low, high, alpha in shades:
        edges = np.nanpercentile(values, [low, high], axis=0)
        axes.fill_between(days, edges[0], edges[1], color=color, alpha=alpha, lw=0)
    axes.plot(days, np.nanmedian(values, axis=0), color=color, **line)


def logarithmic(axes: Axes, between: tuple[float, float]) -> None:
    """A logarithmic axis with plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axes.set_yscale("log")
    axes.set_ylim(*between)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def limits(values: Floats) -> tuple[float, float]:
    """Where a logarithmic axis of values of any shape begins and ends."""
    low, high = np.nanpercentile(values, [1, 99])
    return max(float(low) * 0.6, 1e-3), float(high) * 1.6


def _assumed(axes: Axes, posterior: Posterior) -> None:
    """Days of treatments whose dose is an assumption, and the days of procedures, which the record states."""
    given = posterior.problem.given
    for order in given.regimen.orders:
        if not order.fact or (order.stop is None and order.times == 1):
            continue
        first, *_, last = (order.start, *(stop or start for start, stop in order.occasions()))
        first, end = first / 1440 - given.warm_up, last / 1440 - given.warm_up
        if end - first > 0.1:
            axes.axvspan(first, end, ymin=0, ymax=0.05, fc=STRIP, ec=QUIET, hatch="//////", lw=0)
    for day in given.procedures:
        axes.axvline(day, color=PROCEDURE_RULE, lw=0.9)


def show_facts(axes: Axes, posterior: Posterior, panel: Panel, factor: float, *, stated: bool) -> None:
    """Measured values as black marks over the days on which they may lie; statements, if asked for, as colored bars."""
    for item in posterior.problem.facts.observations:
        quantity, likelihood = item.quantity, item.likelihood
        if getattr(quantity, "name", "") not in panel.facts:
            continue
        if isinstance(likelihood, Measured) and isinstance(quantity, AtTime | OfDays):
            first, last = _when(quantity)
            value = likelihood.value * factor
            axes.plot([first, last], [value, value], color=INK, lw=0.8)
            axes.plot((first + last) / 2, value, "o", color=INK, ms=3.2)
        elif stated and isinstance(quantity, OfDays) and not isinstance(likelihood, Measured):
            low = likelihood.low > 0
            edge = (likelihood.low if low else likelihood.high) * factor
            color = STATED_GOOD if low else STATED_BAD
            axes.plot([quantity.first, quantity.last], [edge, edge], color=color, lw=1.6, alpha=0.8)
            middle = (quantity.first + quantity.last) / 2
            axes.plot(middle, edge, marker="^" if low else "v", color=color, ms=4)


def _when(quantity: AtTime | OfDays) -> tuple[float, float]:
    if isinstance(quantity, OfDays):
        return quantity.first, quantity.last
    return min(quantity.readings), max(quantity.readings)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: Mapping[str, Any] = {
        "measured": Line2D([], [], color=INK, marker="o", ms=3.2, lw=0.8),
        "stated: at least": Line2D([], [], color=STATED_GOOD, marker="^", ms=4, lw=1.6),
        "stated: below on some day": Line2D([], [], color=STATED_BAD, marker="v", ms=4, lw=1.6),
        "twin: median, 50 %, 90 %": Patch(facecolor=BLUE, alpha=0.35),
        "before the record (prior): median, 90 %": Line2D([], [], color=QUIET, lw=0.8, ls=(0, (4, 2))),
        "procedure": Line2D([], [], color=PROCEDURE_RULE, lw=0.9),
        "treatment, dose assumed": Patch(facecolor=STRIP, edgecolor=QUIET, hatch="////", lw=0),
    }
    figure.legend(list(entries.values()), list(entries), loc="upper center", ncols=4, frameon=False, fontsize=6.5)
