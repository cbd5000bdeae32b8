"""What a batch costs by states, patients and days: writes docs/explanation/speed.csv and docs/images/speed.svg.

    python -m scripts.speed

Seconds are those of the processor, the least of several runs, all points in turn. States grow with treatments: a drug
that is not ordered costs nothing.
"""

from __future__ import annotations

import csv
from functools import reduce
from operator import add
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from benchmarks.batch_work import Work
from benchmarks.measure import processor_seconds
from insulinoma.simulate.regimen import Regimen, give

DOCS = Path(__file__).resolve().parents[1] / "docs"
SUBJECT, PATIENTS, DAYS = "malignant-insulinoma", 1024, 4
TREATMENTS = (
    give("diazoxide", "100 mg", at="day 0 08:00", every="8 h", times=9),
    give("octreotide", "100 ug", at="day 0 08:00", every="8 h", times=9),
    give("everolimus", "10 mg", at="day 0 08:00", every="24 h", times=3),
    give("prednisolone", "20 mg", at="day 0 08:00", every="24 h", times=3),
    give("etoposide_cisplatin", "1", at="day 1 10:00"),
    give("streptozocin_doxorubicin", "1", at="day 2 10:00"),
)
TITLES = {"states": "states that move", "patients": "patients", "days": "days"}
Point = tuple[str, int]


def works() -> dict[Point, Work]:
    """What is varied and how much of it there is, with the work."""
    found: dict[Point, Work] = {}
    for count in range(len(TREATMENTS) + 1):
        work = Work(SUBJECT, PATIENTS, DAYS, reduce(add, TREATMENTS[:count], Regimen()))
        found["states", len(work.traced.rates)] = work
    found |= {("patients", n): Work(SUBJECT, n, DAYS) for n in (256, 1024, 2048, 4096)}
    found |= {("days", n): Work(SUBJECT, PATIENTS, n) for n in (2, 8, 16, 32)}
    return found


def write(seconds: dict[Point, float]) -> None:
    """The table and the figure, with a straight line through each set of points."""
    with (DOCS / "explanation" / "speed.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("varied", "count", "processor_seconds"))
        table.writerows((*point, f"{value:.3f}") for point, value in seconds.items())
    figure, panels = plt.subplots(1, len(TITLES), figsize=(9, 2.8), layout="constrained")
    for panel, (varied, title) in zip(panels, TITLES.items(), strict=True):
        x, y = np.array([(n, value) for (name, n), value in seconds.items() if name == varied]).T
        line = np.polynomial.Polynomial.fit(x, y, 1)
        panel.plot([x.min(), x.max()], line(np.array([x.min(), x.max()])), color="#7f7f7f", linewidth=1)
        panel.plot(x, y, "o", color="#0072B2", markersize=4)
        panel.set(xlabel=title, ylim=(0, None))
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("seconds of processor")
    figure.savefig(DOCS / "images" / "speed.svg", metadata={"Date": None})


def main() -> None:
    """Runs all points in turn."""
    found = works()
    names = {f"{varied} {count}": (varied, count) for varied, count in found}
    spent = processor_seconds({name: found[point].run for name, point in names.items()}, runs=3)
    write({point: spent[name] for name, point in names.items()})


if __name__ == "__main__":
    main()
