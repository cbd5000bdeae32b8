"""Orders as a browser sends them, moved on the clock of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import ceil

from insulinoma.errors import UsageError
from insulinoma.simulate.regimen import Order, order

MOST_OCCASIONS = 3000


def order_of(entry: Mapping[str, str]) -> Order:
    """The order of one entry of a request; UsageError says what is wrong with it."""
    try:
        return order({key: text for key, text in entry.items() if text})
    except ValueError as error:
        raise UsageError(f"A number of the order {entry.get('give')!r} cannot be read.") from error


def bounded(orders: Iterable[Order]) -> None:
    """UsageError where orders have more occasions than a run can hold."""
    if sum(item.times for item in orders) > MOST_OCCASIONS:
        raise UsageError(f"The orders have too many occasions. Expected at most {MOST_OCCASIONS}.")


def moved(item: Order, minutes: float) -> list[Order]:
    """An order so many minutes later; what lies before time zero is left out, occasion by occasion."""
    if item.start >= 0:
        return [_at(item, item.start + minutes, None if item.stop is None else item.stop + minutes)]
    return [
        replace(_at(item, max(start, 0.0) + minutes, None if stop is None else stop + minutes), every=0.0, times=1)
        for start, stop in item.occasions()
        if (start >= 0 if stop is None else stop > 0)
    ]


def _at(item: Order, start: float, stop: float | None) -> Order:
    return replace(item, start=start, stop=stop)


def until(item: Order, minutes: float) -> list[Order]:
    """The part of an order that lies before a moment, occasion by occasion."""
    return [
        replace(item, start=start, stop=None if stop is None else min(stop, minutes), every=0.0, times=1)
        for start, stop in item.occasions()
        if start < minutes
    ]


def after(item: Order, minutes: float) -> list[Order]:
    """The part of an order from a moment on, on a clock that begins then."""
    if item.stop is not None:
        return moved(replace(item, start=item.start - minutes, stop=item.stop - minutes), 0.0)
    before = max(0, ceil((minutes - item.start) / item.every)) if item.every else int(item.start < minutes)
    if before >= item.times:
        return []
    return [replace(item, start=item.start + before * item.every - minutes, times=item.times - before)]
