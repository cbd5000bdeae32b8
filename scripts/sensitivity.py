"""Ranks the parameters of the index case's twin by their effect (Morris' method), over 90 % of each prior.

    python -m scripts.sensitivity [--trajectories 8]

Writes docs/explanation/sensitivity.csv and docs/images/sensitivity.png. Every lane is the whole course of
the case under its own regimen; the effects are those of a step of two thirds of the range.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from SALib.analyze import morris as analysis
from SALib.sample import morris as design

from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.record.load import load_case
from insulinoma.what_if.endpoints import at_landmark, of_course
from insulinoma.what_if.what_if import LANDMARK

DOCS = Path(__file__).resolve().parents[1] / "docs"
RANGE = 1.645
SHOWN = 12
WORDS = {
    "nadir_glucose": "lowest glucose of the course (mg/dL)",
    "dextrose_need": "dextrose that holds 70 mg/dL (mg/kg/min)",
    "days_to_recurrence": "days to recurrence (d)",
}
Floats = npt.NDArray[np.float64]


def answers(problem: Problem, z: Floats) -> dict[str, Floats]:
    """The three answers at coordinates (lanes, names)."""
    first = problem.given.procedures[0]
    course = problem.course(z, follow=tuple(problem.model.states))
    day = int(np.floor(first)) + LANDMARK
    state = {name: course.each_day(name, day, day + 1)[:, 0] for name in problem.model.states}
    parameters = {
        name: np.broadcast_to(value, (len(z),))
        for name, value in problem.parameters(z).items()
        if name in problem.model.parameters
    }
    found = of_course(course, first) | at_landmark(problem.model, parameters, state)
    found["nadir_glucose"] = course.days["glucose_min"][:, -course.start :].min(axis=1)
    return {name: found[name] for name in WORDS}


def ranking(problem: Problem, trajectories: int, seed: int) -> dict[str, dict[str, Any]]:
    """Mean of the absolute effect, and its spread between places, by answer."""
    names = list(problem.coordinates.names)
    space = {"num_vars": len(names), "names": names, "bounds": [[-RANGE, RANGE]] * len(names)}
    z = design.sample(space, trajectories, num_levels=4, seed=seed)
    found = answers(problem, z)
    ranked = {}
    for name, values in found.items():
        whole = np.where(np.isfinite(values), values, np.nanmedian(values))
        ranked[name] = analysis.analyze(space, z, whole, num_levels=4, seed=seed)
    return ranked


def write(ranked: dict[str, dict[str, Any]]) -> None:
    """The table of all parameters and the figure of those with the largest effects."""
    with (DOCS / "explanation" / "sensitivity.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("answer", "parameter", "mean_absolute_effect", "interval_95", "spread"))
        for name, found in ranked.items():
            for row in np.argsort(-np.asarray(found["mu_star"])):
                numbers = (found[key][row] for key in ("mu_star", "mu_star_conf", "sigma"))
                table.writerow((name, found["names"][row], *(f"{float(number):.3g}" for number in numbers)))
    figure, panels = plt.subplots(1, len(ranked), figsize=(11, 3.8), layout="constrained")
    for panel, (name, found) in zip(panels, ranked.items(), strict=True):
        rows = np.argsort(-np.asarray(found["mu_star"]))[:SHOWN][::-1]
        width, error = (np.asarray(found[key], float)[rows] for key in ("mu_star", "mu_star_conf"))
        panel.barh(range(len(rows)), width, xerr=error, color="#0072B2", ecolor="#7f7f7f")
        panel.set_yticks(range(len(rows)), [found["names"][row] for row in rows], fontsize=7)
        panel.set_title(WORDS[name], fontsize=8)
        panel.tick_params(axis="x", labelsize=7)
        panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(DOCS / "images" / "sensitivity.png", dpi=130)


def main() -> None:
    """Runs the design and writes table and figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trajectories", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(ranking(problem_of(load_case()), given.trajectories, given.seed))


if __name__ == "__main__":
    main()
