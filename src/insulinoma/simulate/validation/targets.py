"""All targets by number, and what can be said of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from insulinoma.data import read_table
from insulinoma.errors import UsageError
from insulinoma.model.patient import patient
from insulinoma.simulate.validation import clamps, drugs, fasting, hormones, insulinoma, meals, tolerance, tumor
from insulinoma.simulate.validation.people import TYPICAL, People
from insulinoma.simulate.validation.target import Row, Target, compare

_MODULES = (meals, tolerance, clamps, hormones, fasting, insulinoma, drugs, tumor)
TARGETS: Mapping[int, Target] = dict(
    sorted((target.number, target) for module in _MODULES for target in module.TARGETS)
)
FAST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13)
_EDGE = 0.05


@cache
def run_target(number: int, people: People = TYPICAL) -> tuple[Row, ...]:
    """Every row of a target, simulated anew; 0 are the fasts that lie beside the twenty.

    UsageError for a number that is no target.
    """
    if number not in TARGETS:
        raise UsageError(f"{number} is not a target. Expected one of {', '.join(map(str, TARGETS))}.")
    return compare(TARGETS[number], people)


def met(rows: Iterable[Row]) -> dict[int, bool]:
    """The targets in these rows, and whether all rows of each are inside; what lies beside the twenty is left out."""
    found: dict[int, bool] = {}
    for row in rows:
        if row.published.target:
            found[row.published.target] = found.get(row.published.target, True) and row.inside
    return found


def reasons() -> dict[int, str]:
    """Why a target is missed, by target."""
    return {int(row["target"]): row["why"] for row in read_table("validation", "why.csv")}


@cache
def ranges() -> dict[str, tuple[float, float]]:
    """Published ranges of typical values, by parameter.

    >>> ranges()["glucose.V_G"]
    (1.49, 1.88)
    """
    rows = read_table("validation", "ranges.csv")
    return {row["parameter"]: (float(row["low"]), float(row["high"])) for row in rows}


def at_edge() -> dict[str, str]:
    """Parameters whose typical value is within 5 % of an end of its range, with that range.

    The range is the published one, or the one that was searched where none is published.
    """
    found = {}
    for name, item in patient().parameters.items():
        low, high = ranges().get(name, (item.low, item.high))
        limited = low > 0 and high < float("inf") and item.status != "covariate"
        width = _EDGE * (high - low)
        if limited and (item.value < low + width or item.value > high - width):
            found[name] = f"{item.value:g} in {low:g} to {high:g} {item.unit}".rstrip(" 1")
    return found


def outside() -> list[str]:
    """Parameters whose typical value is outside its published range."""
    values = patient().parameter_values()
    return [name for name, (low, high) in ranges().items() if not low <= values[name] <= high]


def statuses() -> dict[str, int]:
    """How many parameters of the twin rest on what: literature, fit, derived, assumption, covariate."""
    counts: dict[str, int] = {}
    for item in patient().parameters.values():
        counts[item.status] = counts.get(item.status, 0) + 1
    return counts


def summary(rows: Sequence[Row]) -> str:
    """How many targets are met, how many rows, and how many numbers stand against how many fitted parameters."""
    judged = met(rows)
    counted = [row for row in rows if row.published.target]
    fitted = statuses()["fit"]
    return (
        f"{sum(judged.values())} of {len(judged)} targets have every row inside its band "
        f"({sum(row.inside for row in counted)} of {len(counted)} rows); {fitted} parameters of the twin are fitted "
        f"or were set on these data."
    )
