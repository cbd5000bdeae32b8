"""The moment at which a rule ends the test of each patient of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.stopping import StopRule

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Table = Mapping[str, Floats]
_PARTS = 32


@dataclass(frozen=True)
class Stop:
    """When and by which rule a patient's test ended, and the quantities at that moment."""

    minutes: float
    rule: StopRule
    values: dict[str, float]


def stops(
    rules: Sequence[StopRule], grid: Floats, table: Table, again: Callable[[Wholes, Floats], Table]
) -> dict[int, Stop]:
    """The patients whose test a rule ends, by their row of `table` (patients, times).

    `again(rows, moments)` gives the quantities of some patients once more, at moments of each of them: the interval
    of the grid in which a rule is first met is cut in parts, and the part in which it is met by a straight line.
    """
    if not rules:
        return {}
    nearest = _distances(rules, table).min(axis=0)
    rows = np.flatnonzero(nearest.min(axis=1, initial=np.inf) <= 0)
    if not len(rows):
        return {}
    first = (nearest[rows] <= 0).argmax(axis=1)
    moments = np.linspace(grid[np.maximum(first - 1, 0)], grid[first], _PARTS + 1, axis=1)
    fine = again(rows, moments)
    distances = _distances(rules, fine)
    return {
        row: _stop(rules, moments[place], distances[:, place], {name: values[place] for name, values in fine.items()})
        for place, row in enumerate(rows.tolist())
    }


def _distances(rules: Sequence[StopRule], table: Table) -> Floats:
    """How far each rule is from being met, (rules, patients, times); never met where a value is missing."""
    return np.array([np.nan_to_num(np.max(rule.gaps(table), axis=0), nan=np.inf) for rule in rules])


def _stop(rules: Sequence[StopRule], moments: Floats, distances: Floats, values: Table) -> Stop:
    """The end of one test within its interval; at the end of it where rounding hides that a rule is met."""
    nearest = distances.min(axis=0)
    after = int((nearest <= 0).argmax()) if nearest.min() <= 0 else len(moments) - 1
    before = max(after - 1, 0)
    rule = int(distances[:, after].argmin())
    high, low = distances[rule, before], distances[rule, after]
    share = min(high / (high - low), 1.0) if high > max(low, 0) else 0.0
    at = {name: float(column[before] + share * (column[after] - column[before])) for name, column in values.items()}
    return Stop(float(moments[before] + share * (moments[after] - moments[before])), rules[rule], at)
