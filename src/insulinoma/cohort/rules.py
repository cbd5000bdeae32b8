"""Adaptive rules: on which day each acts in whom, and what it changes in a patient's orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.design import Rule
from insulinoma.cohort.engine import DayTable
from insulinoma.cohort.orders import for_weight, moved, orders_of
from insulinoma.model.compose import Model
from insulinoma.simulate.regimen import Order

_DAY = 1440.0


@dataclass(frozen=True)
class Deed:
    """A rule that acted at the end of a day."""

    day: int
    rule: str


@dataclass
class Chart:
    """The orders of one patient in one arm, and what rules have done."""

    weight: float
    orders: list[Order]
    deeds: list[Deed] = field(default_factory=list)

    def count(self, rule: Rule) -> int:
        """How often a rule has acted."""
        return sum(deed.rule == rule.name for deed in self.deeds)

    def act(self, rule: Rule, day: int, model: Model) -> None:
        """Carries out a rule at the midnight that ends a day."""
        midnight = _DAY * (day + 1)
        self.orders = [kept for item in self.orders for kept in _stopped(item, rule.stop, midnight)]
        self.orders += [for_weight(moved(item, midnight), model, self.weight) for item in orders_of(rule.give)]
        self.deeds.append(Deed(day, rule.name))


def first_day(rule: Rule, met: npt.NDArray[np.bool_], chart: Chart, begin: int) -> int | None:
    """The first day from `begin` on at whose end a rule acts; `met` tells by day whether its condition holds."""
    if chart.count(rule) >= rule.most:
        return None
    acted = [deed.day for deed in chart.deeds if deed.rule == rule.name]
    earliest = max(begin, int(np.ceil(rule.first)), acted[-1] + int(np.ceil(rule.pause)) if acted else 0)
    length = int(rule.when.days)
    for day in np.flatnonzero(met[earliest:]) + earliest:
        if day + 1 >= length and met[day + 1 - length : day + 1].all():
            return int(day)
    return None


def conditions(rules: Iterable[Rule], model: Model, table: DayTable, before: DayTable) -> list[npt.NDArray[np.bool_]]:
    """By rule, patients by days: whether its condition holds; never where a day could not be computed."""
    with np.errstate(invalid="ignore"):
        return [rule.when.met(model, table, before) for rule in rules]


def _stopped(item: Order, names: tuple[str, ...], moment: float) -> Iterator[Order]:
    """What is left of an order when its drug is stopped at a moment."""
    if item.what not in names and item.what.partition(".")[2] not in names:
        yield item
    elif item.stop is None:
        given = sum(start < moment for start, _ in item.occasions())
        if given:
            yield replace(item, times=given)
    else:
        for start, stop in item.occasions():
            if start < moment and stop is not None:
                yield replace(item, start=start, stop=min(stop, moment), every=0.0, times=1)
