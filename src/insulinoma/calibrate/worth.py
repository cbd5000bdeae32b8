"""Which measurements a clinic could make would tell most about the patient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insulinoma.calibrate.facts.course import Course, Floats
from insulinoma.calibrate.identifiability import expected_information
from insulinoma.calibrate.problem import Problem
from insulinoma.data import read_table


@dataclass(frozen=True)
class Worth:
    """A measurement and the information (nats) that it is expected to give."""

    test: str
    day: int | None
    information: float
    why: str


def worths(problem: Problem, z: Floats, course: Course, seed: int) -> list[Worth]:
    """All tests of the table that the model can predict, the most informative first.

    Days are those of the first procedure on the tumor, the day after, four weeks after, and the last.
    """
    days = _days(problem)
    values = problem.coordinates.values(z)
    values |= _amounts(problem, values)
    found = []
    for row in read_table("calibrate", "tests.csv"):
        day = days.get(row["day"])
        if row["quantity"] in values:
            predicted = values[row["quantity"]]
        elif row["quantity"] in course.days and day is not None:
            predicted = course.each_day(row["quantity"], day, day + 1)[:, 0]
        else:
            continue
        information = expected_information(predicted, float(row["sd"]), seed)
        found.append(Worth(row["test"], day, information, row["why"]))
    return sorted(found, key=lambda item: -item.information)


def _amounts(problem: Problem, values: dict[str, Floats]) -> dict[str, Floats]:
    """The factors of assumed amounts, by what is given."""
    orders = [item for item in problem.given.regimen.orders if item.unsure.amount]
    return {f"amount of {item.what}": values[f"amount.{item.unsure.amount}"] for item in orders}


def _days(problem: Problem) -> dict[str, int]:
    """The record days at which tests are thought of; without a procedure only the first and the last."""
    procedures = problem.given.procedures
    last = int(problem.clock.end) - 1
    if not procedures:
        return {"first": 1, "last": last}
    first = int(np.floor(min(procedures)))
    return {"first": max(first - 1, 0), "next": first + 1, "after": min(first + 28, last), "last": last}
