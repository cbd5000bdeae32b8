"""Draws the simulated course of the index case beside what was reported: python scripts/index_case_figure.py [PNG]."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insulinoma.intended_use import INTENDED_USE
from insulinoma.record.load import load_case
from insulinoma.report.palette import BELOW_54, BLUE, GREEN, INK, MARKERS, ORANGE, PURPLE, QUIET, SKY, VERMILION
from insulinoma.simulate.case_regimen import case_regimen, course
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import subject

TARGET = Path(__file__).parents[1] / "docs" / "images" / "index-case.png"
DAY, U, NG = 1440.0, 6.0, 331.0
LANES = {
    "parenteral_nutrition": "infusion", "drink": "rescue", "meal": "meals", "diazoxide": "diazoxide",
    "octreotide_sc_drip": "octreotide",
}  # fmt: skip


def main() -> None:
    """Runs the course and writes the picture."""
    found = replace(course(load_case()), every=30.0).run(subject("muro-2014")).require()
    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(10, 11))
        grid = figure.add_gridspec(5, 1, height_ratios=(0.8, 2.2, 1.6, 1.8, 1.6), hspace=0.14)
        rows = [figure.add_subplot(grid[index]) for index in range(5)]
        for axes, draw in zip(rows, (orders, glucose, hormones, tumor, markers), strict=True):
            draw(axes, found)
            axes.set_xlim(-3, 158)
            for day in (12, 22, 41):
                axes.axvline(day + 10 / 24, color=PURPLE if day < 41 else GREEN, lw=0.8, ls=":", zorder=0)
            axes.tick_params(labelbottom=axes is rows[-1])
        rows[-1].set_xlabel("day of the record")
        figure.suptitle("Index case: simulated course (lines), reported facts (black), assumed orders (gray)", y=0.915)
        figure.text(0.125, 0.055, INTENDED_USE, color=QUIET, fontsize=6.5)
        target = Path(sys.argv[1]) if sys.argv[1:] else TARGET
        figure.savefig(target, dpi=130, bbox_inches="tight", metadata={"Software": "insulinoma"})
    print(f"wrote {target}")


def orders(axes: Axes, found: Solution) -> None:
    """What was given: black where the record says when, gray where it is assumed."""
    lanes = list(LANES.values())
    for item in case_regimen(load_case()).regimen.orders:
        occasions = list(item.occasions())
        first, last = occasions[0][0] / DAY, (occasions[-1][1] or occasions[-1][0]) / DAY
        if item.what in LANES:
            full = item.what != "parenteral_nutrition" or item.amount > 100
            axes.barh(
                lanes.index(LANES[item.what]), max(last - first, 0.5), 0.6 if full else 0.3, first, color="#b8b8b8"
            )
        else:
            for start, _ in occasions:
                axes.plot(start / DAY, len(lanes), "v", color=INK, ms=6)
    for day, name in {12.4: "right lobe", 22.4: "left lobe", 41.4: "etoposide and cisplatin"}.items():
        axes.text(day, len(lanes) + 1, name, ha="right" if day < 20 else "left", va="center", fontsize=7)
    axes.set_yticks(range(len(lanes) + 1), [*lanes, "procedures"])
    axes.set_ylim(-0.6, len(lanes) + 1.6)


def glucose(axes: Axes, found: Solution) -> None:
    """Glucose with the statements of the report."""
    days, values = found.data["time"].values / DAY, found["glucose.G"].values
    axes.axhspan(0, 54, color=BELOW_54, zorder=0)
    axes.plot(days, values, color=BLUE, lw=0.5, alpha=0.75)
    lowest = [values[(days >= day) & (days < day + 1)].min() for day in range(157)]
    axes.step(np.arange(157), lowest, where="post", color=VERMILION, lw=1.2, label="lowest of the day")
    axes.plot(0.5, 54, "o", color=INK)
    axes.text(-2, 24, "54 mg/dL", fontsize=7)
    axes.annotate(
        "normal from the next day", (13, 72), (30, 185), arrowprops={"arrowstyle": "->", "lw": 0.6}, va="center"
    )
    axes.plot([13, 62], [38, 38], color=INK, lw=2, solid_capstyle="butt")
    axes.text(37, 24, "no hypoglycemia, days 13 to 61", ha="center", fontsize=7)
    axes.plot([62, 157], [38, 38], color=INK, lw=2, ls=(0, (1, 1.5)))
    axes.text(109, 24, "hypoglycemia came back on a day not reported", ha="center", fontsize=7)
    axes.set(ylim=(15, 210), ylabel="glucose (mg/dL)")
    axes.legend(frameon=False, loc="upper right")


def hormones(axes: Axes, found: Solution) -> None:
    """Insulin and C-peptide as means of each day, with the reported pair."""
    other = axes.twinx()
    other.spines["right"].set_visible(True)
    for place, name, scale, unit, color, reported in (
        (axes, "insulin.I", U, "insulin (uU/mL)", VERMILION, 67.5),
        (other, "c_peptide.C_1", NG, "C-peptide (ng/mL)", GREEN, 6.3),
    ):
        place.plot(np.arange(157) + 0.5, daily(found, name) / scale, color=color, lw=1.2)
        place.plot(0.5, reported, "o" if place is axes else "s", color=INK, mec=color)
        place.set_ylabel(unit, color=color)
        place.set_ylim(0, 1.55 * reported)
    axes.annotate("reported: both fell, no numbers", (24, 80), fontsize=7)


def tumor(axes: Axes, found: Solution) -> None:
    """Volumes by site: viable, and what CT shows."""
    sites = {"right_lobe": BLUE, "left_lobe": SKY, "primary": ORANGE, "other": PURPLE}
    days = found.data["time"].values / DAY
    for site, color in sites.items():
        axes.plot(days, found[f"{site}.V"].values, color=color, lw=1.4, label=site.replace("_", " "))
        axes.plot(days, found[f"{site}.CT_volume"].values, color=color, lw=1, ls="--")
    axes.plot([], [], color=QUIET, ls="--", label="on CT")
    for day in (40, 50):
        axes.plot(day, 8, "^", color=INK, ms=5)
    axes.annotate("reported CT: clear decrease\n(day 40 or day 50)", (52, 150), fontsize=7)
    axes.annotate("reported: metastases increased", (105, 150), fontsize=7)
    axes.set_ylabel("volume (mL)")
    axes.legend(frameon=False, loc="upper right", ncols=5)


def markers(axes: Axes, found: Solution) -> None:
    """Markers by their first reported value."""
    case = load_case()
    for name, label in (("nse", "NSE"), ("ca19_9", "CA19-9"), ("dupan_2", "DUPAN-2"), ("span_1", "SPan-1")):
        first = case.by_id[f"{name.replace('_', '-')}-second-hospital"].value  # type: ignore[attr-defined]
        axes.plot(np.arange(157) + 0.5, daily(found, f"{name}.M") / first, color=MARKERS[name][0], lw=1.2, label=label)
    axes.plot(0.5, 1, "o", color=INK)
    axes.annotate("reported: CA19-9 and NSE fell, no numbers", (24, 1.1), fontsize=7)
    axes.set(ylim=(0, 1.5), ylabel="marker by its\nreported value")
    axes.legend(frameon=False, loc="upper right", ncols=4)


def daily(found: Solution, name: str) -> np.ndarray:
    """The mean of each day."""
    day = np.floor(found.data["time"].values / DAY)
    return np.array([found[name].values[day == number].mean() for number in range(157)])


if __name__ == "__main__":
    main()
