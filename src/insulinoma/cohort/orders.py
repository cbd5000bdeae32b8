"""Orders of an arm as a patient gets them: by weight, moved to their day, cut to the days that are simulated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from insulinoma.model.compose import Model
from insulinoma.model.units import ratio
from insulinoma.simulate.regimen import Order, order
from insulinoma.simulate.subject import Subject

_DAY = 1440.0


def orders_of(entries: Iterable[Mapping[str, str | int | float]], *, file: str = "trial", line: int = 0) -> list[Order]:
    """The orders of a list of entries; UsageError for the first that cannot be read."""
    return [order({key: str(value) for key, value in entry.items()}, place=(file, line)) for entry in entries]


def by_weight(item: Order, model: Model) -> bool:
    """Whether an amount is meant by kg of body weight where the model takes a whole amount."""
    table = model.events if item.stop is None else model.inputs
    units = [known.unit for name, known in table.items() if item.what in (name, name.partition(".")[2])]
    return bool(units) and item.unit.endswith("/kg") and ratio(item.unit, units[0]) is None


def for_weight(item: Order, model: Model, weight: float) -> Order:
    """The order for a patient of a weight in kg."""
    if not by_weight(item, model):
        return item
    return replace(item, amount=item.amount * weight, unit=item.unit.removesuffix("/kg"))


def meals(who: Subject, weight: float, days: int) -> list[Order]:
    """The meals of so many days from a midnight on, and the dextrose that the subject lives with.

    >>> from insulinoma.simulate.subject import subject
    >>> len(meals(subject("insulinoma"), 66.0, 3))
    5
    """
    found = [
        Order("meal", share * who.carbohydrate * weight, "g", 60.0 * hour, every=_DAY, times=days)
        for hour, share in who.meals
    ]
    if who.dextrose:
        found.append(Order("dextrose", who.dextrose, "mg/kg/min", 0.0, stop=_DAY * days))
    return found


def moved(item: Order, minutes: float) -> Order:
    """The order so many minutes later."""
    return replace(item, start=item.start + minutes, stop=None if item.stop is None else item.stop + minutes)


def within(orders: Iterable[Order], start: float, stop: float) -> Iterator[Order]:
    """What of some orders falls between two moments in minutes, with time zero at the first of them.

    >>> drug = Order("diazoxide", 1.0, "mg", 480.0, every=480.0, times=9)
    >>> [item.start for item in within([drug], 1440.0, 1920.0)]
    [0.0]
    """
    for item in orders:
        if item.stop is not None:
            yield from _lasting(item, start, stop)
        elif item.times == 1:
            if start <= item.start < stop:
                yield moved(item, -start)
        else:
            first = max(0, math.ceil((start - item.start) / item.every))
            after = min(item.times, math.ceil((stop - item.start) / item.every))
            if after > first:
                yield replace(item, start=item.start + first * item.every - start, times=after - first)


def _lasting(item: Order, start: float, stop: float) -> Iterator[Order]:
    for begin, end in item.occasions():
        if end is not None and end > start and begin < stop:
            yield replace(item, start=max(begin, start) - start, stop=min(end, stop) - start, every=0.0, times=1)


def with_nothing_given(orders: list[Order], kinds: Iterable[Order]) -> list[Order]:
    """The orders, and for every kind of order that is not among them one of nothing.

    So all patients of an arm have the same kinds of orders, whatever its rules have done, and share
    one compiled program.
    """
    present = {(item.what, item.stop is None) for item in orders}
    missing = {(item.what, item.stop is None): item for item in kinds}
    nothing = [
        Order(item.what, 0.0, item.unit, 0.0, stop=None if item.stop is None else 1.0)
        for key, item in missing.items()
        if key not in present
    ]
    return orders + nothing
