"""The course of patients in one arm, day by day, with the rules of the arm.

Whom no rule touches is simulated in one piece. Where a rule acts, the rest of the course is simulated
again from the state at the end of that day, so that no patient depends on what happens to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.design import Arm, Rule
from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import DayTable, Engine, run_days
from insulinoma.cohort.orders import for_weight, meals, orders_of, with_nothing_given, within
from insulinoma.cohort.rules import Chart, Deed, conditions, first_day
from insulinoma.cohort.run_in import Start
from insulinoma.cohort.visits import MORNING
from insulinoma.simulate.regimen import Order
from insulinoma.simulate.subject import Subject

_DAY = 1440.0
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """Every column of the day's table, patients by days, and by patient what rules have done."""

    table: DayTable
    deeds: list[list[Deed]]


def run_arm(
    who: Subject,
    arm: Arm,
    patients: Patients,
    start: Start,
    engine: Engine,
    *,
    days: int,
    follow: tuple[str, ...],
    mornings: Sequence[int] = (),
) -> Course:
    """The course of all patients in an arm over whole days; `follow` names quantities kept at the end of each.

    On the days of `mornings` glucose before breakfast is kept, too.
    """
    weights = patients.parameters["person.weight"]
    given = orders_of(arm.regimen)
    charts = [Chart(weight, [for_weight(item, who.model, weight) for item in given]) for weight in weights]
    names = tuple(dict.fromkeys((*follow, *who.model.states))) if arm.rules else follow
    kinds = [
        for_weight(item, who.model, 1.0)
        for item in [*given, *(order for rule in arm.rules for order in orders_of(rule.give))]
    ]
    run = _Run(who, patients, charts, engine, days, names, follow, kinds, mornings)
    waiting = {0: (np.arange(len(patients)), start.states)}
    while waiting:
        day = min(waiting)
        rows, states = waiting.pop(day)
        for later, (touched, left) in run.rest(arm.rules, day, rows, states, start.before).items():
            waiting[later] = _together(waiting.get(later), touched, left)
    return Course(run.table, [chart.deeds for chart in charts])


Waiting = tuple[Rows, dict[str, Floats]]


def _together(one: Waiting | None, rows: Rows, states: dict[str, Floats]) -> Waiting:
    """Two groups of patients who go on from the same day."""
    if one is None:
        return rows, states
    return np.concatenate([one[0], rows]), {name: np.concatenate([one[1][name], states[name]]) for name in states}


@dataclass
class _Run:
    """Fills the table of an arm from any day to the end."""

    who: Subject
    patients: Patients
    charts: list[Chart]
    engine: Engine
    days: int
    names: tuple[str, ...]
    follow: tuple[str, ...]
    kinds: list[Order]
    mornings: Sequence[int]
    table: DayTable = field(default_factory=dict)

    def rest(
        self, rules: tuple[Rule, ...], day: int, rows: Rows, states: dict[str, Floats], before: DayTable
    ) -> dict[int, Waiting]:
        """Simulates patients from a day to the end; whom a rule touches, by the day from which it counts."""
        found = self._simulated(day, rows, states)
        for name, values in found.items():
            if name in self.follow or name not in self.names:
                self.table.setdefault(name, np.full((len(self.patients), self.days), np.nan))[rows, day:] = values
        touched: dict[int, list[int]] = {}
        past = {name: values[rows] for name, values in before.items()}
        met = conditions(rules, self.who.model, {name: values[rows] for name, values in self.table.items()}, past)
        for index, row in enumerate(rows):
            when = self._act(rules, [condition[index] for condition in met], self.charts[row], day)
            if when is not None and when + 1 < self.days:
                touched.setdefault(when, []).append(index)
        return {when + 1: self._left(found, rows, when - day, indices) for when, indices in touched.items()}

    def _act(self, rules: tuple[Rule, ...], met: list[npt.NDArray[np.bool_]], chart: Chart, day: int) -> int | None:
        """Lets the rules act that come first; the day at whose end they did."""
        when = [first_day(rule, condition, chart, day) for rule, condition in zip(rules, met, strict=True)]
        first = min((item for item in when if item is not None), default=None)
        for rule, item in zip(rules, when, strict=True):
            if item is not None and item == first:
                chart.act(rule, item, self.who.model)
        return first

    def _left(self, found: DayTable, rows: Rows, column: int, indices: list[int]) -> Waiting:
        return rows[indices], {name: found[name][indices, column] for name in self.who.model.states}

    def _simulated(self, day: int, rows: Rows, states: dict[str, Floats]) -> DayTable:
        length, begin, end = self.days - day, _DAY * day, _DAY * self.days
        weights = self.patients.parameters["person.weight"]
        orders = [
            with_nothing_given(
                [*meals(self.who, weights[row], length), *within(self.charts[row].orders, begin, end)], self.kinds
            )
            for row in rows
        ]
        parameters = {name: values[rows] for name, values in self.patients.parameters.items()}
        return run_days(
            self.engine,
            self.who.model,
            orders,
            days=length,
            parameters=parameters,
            start=states,
            follow=self.names,
            moments=[_DAY * (morning - day) + MORNING for morning in self.mornings if morning >= day],
        )
