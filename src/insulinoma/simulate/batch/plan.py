"""Regimens as plans for the kernel: edges in time, and what is due at each of them.

Regimens that differ in amounts only share one plan; the amounts are kept by patient and order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.errors import Fault, InputError
from insulinoma.model.compose import Model
from insulinoma.simulate.batch.layout import ADD, DAY, END, EVENT, MOMENT, RESET, SET
from insulinoma.simulate.regimen import Order, Regimen
from insulinoma.simulate.schedule import target

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int32]
MINUTES = 1440.0
_BOLUS = "glucose.dextrose_bolus"


@dataclass(frozen=True)
class Plan:
    """Edges (minutes), their flags, and the changes at edge `k`: rows `first[k]` to `first[k + 1]`.

    A change is a kind, the number of the input or event that it concerns, and the order that has the amount.
    """

    times: Floats
    flags: Wholes
    first: Wholes
    kinds: Wholes
    targets: Wholes
    orders: Wholes


@dataclass(frozen=True)
class Orders:
    """The orders of one regimen as the model knows them: qualified names, and factors to its units."""

    names: tuple[str, ...]
    amounts: Floats
    timing: tuple[Any, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The inputs that are set and the events that happen."""
        return frozenset(self.names)


def read_orders(model: Model, regimens: Sequence[Regimen]) -> list[Orders]:
    """The orders of every regimen; InputError with every order that the model cannot follow."""
    faults: list[Fault] = []
    factors: dict[tuple[str, str, bool], tuple[str, float]] = {}
    found: dict[int, Orders] = {}
    for regimen in regimens:
        if id(regimen) not in found:
            found[id(regimen)] = _orders(model, regimen, factors, faults)
    if faults:
        raise InputError(faults)
    return [found[id(regimen)] for regimen in regimens]


def _orders(
    model: Model, regimen: Regimen, factors: dict[tuple[str, str, bool], tuple[str, float]], faults: list[Fault]
) -> Orders:
    names, amounts = [], []
    for order in regimen.orders:
        key = (order.what, order.unit, order.stop is None)
        if key not in factors:
            one = Order(order.what, 1.0, order.unit, order.start, stop=order.stop, place=order.place)
            factors[key] = target(model, one, faults)
        name, factor = factors[key]
        names.append(name)
        amounts.append(order.amount * factor)
    timing = tuple((order.start, order.stop, order.every, order.times) for order in regimen.orders)
    return Orders(tuple(names), np.array(amounts), timing)


def plan(orders: Orders, inputs: Sequence[str], events: Sequence[str], days: int, moments: Floats) -> Plan:
    """The plan of a regimen for so many days; `inputs` and `events` as the kernel numbers them."""
    end = days * MINUTES
    occasions = [_occasions(timing) for timing in orders.timing]
    midnights = np.arange(days + 1) * MINUTES
    moments_all = np.concatenate([midnights, moments, *(times.ravel() for times in occasions)])
    times = np.unique(moments_all[(moments_all >= 0) & (moments_all <= end)])
    flags = np.where(np.isin(times, midnights[1:]), DAY, 0) | np.where(np.isin(times, moments), MOMENT, 0)
    flags[-1] |= END
    of_inputs = np.array([*_input_changes(orders, occasions, times, inputs)], dtype=np.int64).reshape(-1, 4)
    table = np.concatenate([of_inputs, *_event_changes(orders, occasions, times, events)])
    table = table[table[:, 0] < len(times) - 1]
    table = table[np.argsort(table[:, 0], kind="stable")]
    first = np.searchsorted(table[:, 0], np.arange(len(times) + 1))
    kinds, targets, of = (table[:, column].astype(np.int32) for column in (1, 2, 3))
    return Plan(times, flags.astype(np.int32), first.astype(np.int32), kinds, targets, of)


def bolus_by_day(orders: Orders, days: int) -> Floats:
    """Grams of dextrose injected by day, for an amount of one of each order: `(orders, days)`."""
    found = np.zeros((len(orders.names), days))
    for row, (name, timing) in enumerate(zip(orders.names, orders.timing, strict=True)):
        if name == _BOLUS:
            starts = _occasions(timing)[:, 0]
            inside = starts[(starts >= 0) & (starts < days * MINUTES)]
            np.add.at(found[row], (inside // MINUTES).astype(int), 1e-3)
    return found


def _occasions(timing: tuple[Any, ...]) -> Floats:
    """Start, and stop where there is one, of every repetition: `(times, 1 or 2)`."""
    start, stop, every, times = timing
    bounds = np.array([start] if stop is None else [start, stop])
    return np.asarray(np.arange(times)[:, None] * every + bounds)


def _event_changes(
    orders: Orders, occasions: list[Floats], times: Floats, events: Sequence[str]
) -> Iterator[npt.NDArray[np.int64]]:
    """The events, in the order in which the model declares them where they fall on one moment."""
    for number, event in enumerate(events):
        rows = [row for row, name in enumerate(orders.names) if name == event]
        if not rows:
            continue
        starts = np.concatenate([occasions[row][:, 0] for row in rows])
        of = np.repeat(rows, [len(occasions[row]) for row in rows])
        inside = (starts >= 0) & (starts < times[-1])
        edges, of = np.searchsorted(times, starts[inside]), of[inside]
        found, counts = np.unique(edges, return_counts=True)
        if (counts > 1).any():
            problem = f"it happens twice at {times[found[counts > 1][0]]:g} min"
            raise InputError([Fault("regimen", 0, event, "twice", problem, "one amount")])
        yield np.stack([edges, np.full_like(edges, EVENT), np.full_like(edges, number), of], axis=1)


def _input_changes(
    orders: Orders, occasions: list[Floats], times: Floats, inputs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """The orders of one input add up; its default holds where there is none."""
    for number, name in enumerate(inputs):
        rows = [row for row, what in enumerate(orders.names) if what == name]
        active: list[int] = []
        for edge in _edges_of([occasions[row] for row in rows], times):
            now = [row for row in rows if _covers(occasions[row], times[edge])]
            if now != active:
                if not now:
                    yield edge, RESET, number, 0
                for place, row in enumerate(now):
                    yield edge, ADD if place else SET, number, row
            active = now


def _edges_of(occasions: list[Floats], times: Floats) -> list[int]:
    """The edges at which one of the orders starts or stops, and the first."""
    bounds = np.concatenate([times[:1], *(bounds.ravel() for bounds in occasions)])
    return [int(edge) for edge in np.searchsorted(times, np.unique(bounds[(bounds >= 0) & (bounds <= times[-1])]))]


def _covers(bounds: Floats, time: float) -> bool:
    return bool(((bounds[:, 0] <= time) & (time < bounds[:, 1])).any())


def joined(plans: Mapping[Any, Plan]) -> tuple[dict[Any, int], Plan]:
    """All plans in one table, and the edge at which each of them starts."""
    starts, times, changes = {}, 0, 0
    firsts = []
    for key, item in plans.items():
        starts[key] = times
        firsts.append(item.first[:-1] + changes)
        times += len(item.times)
        changes += len(item.kinds)
    firsts.append(np.array([changes]))
    parts = [
        np.concatenate([getattr(item, name) for item in plans.values()])
        for name in ("times", "flags", "kinds", "targets", "orders")
    ]
    first = np.concatenate(firsts).astype(np.int32)
    return starts, Plan(parts[0], parts[1], first, parts[2], parts[3], parts[4])
