"""A regimen against a model: the moments at which something changes, and what changes then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.errors import Fault, InputError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.export.change import Change
from insulinoma.model.subsystem import outside
from insulinoma.model.units import ratio
from insulinoma.simulate.regimen import Order, Regimen

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Schedule:
    """Segments between edges (minutes): inputs are constant within one, events happen at its start.

    Orders of one input add up; its default holds where there is none. `amounts` is NaN where an
    event does not happen.
    """

    edges: Floats
    inputs: Floats
    amounts: Floats


def schedule(model: Model, regimen: Regimen, end: float) -> Schedule:
    """The segments of a regimen up to `end` minutes.

    InputError with every order that names nothing in the model, has a wrong unit, an amount that is not
    possible, or comes twice.
    """
    faults: list[Fault] = []
    targets = [target(model, order, faults) for order in regimen.orders]
    if faults:
        raise InputError(faults)
    moments = {0.0, end}
    for order in regimen.orders:
        moments.update(moment for pair in order.occasions() for moment in pair if moment is not None)
    edges = np.array(sorted(moment for moment in moments if 0.0 <= moment <= end))
    inputs = np.full((len(edges) - 1, len(model.inputs)), np.nan)
    amounts = np.full((len(edges) - 1, len(model.events)), np.nan)
    for order, (name, amount) in zip(regimen.orders, targets, strict=True):
        for start, stop in order.occasions():
            if stop is not None:
                column = list(model.inputs).index(name)
                during = (edges[:-1] >= start) & (edges[:-1] < stop)
                inputs[during, column] = np.nan_to_num(inputs[during, column]) + amount
            elif 0.0 <= start < end:
                row, column = int(np.searchsorted(edges, start)), list(model.events).index(name)
                if not np.isnan(amounts[row, column]):
                    faults.append(_fault(order, "twice", f"it happens twice at {start:g} min", "one amount"))
                amounts[row, column] = amount
    if faults:
        raise InputError(faults)
    defaults = np.array([*model.input_values().values()])
    return Schedule(edges, np.where(np.isnan(inputs), defaults, inputs), amounts)


def changes(model: Model, plan: Schedule) -> list[Change]:
    """The schedule moment by moment, for another simulator."""
    found = []
    before = list(model.input_values().values())
    for minutes, inputs, amounts in zip(plan.edges[:-1], plan.inputs, plan.amounts, strict=True):
        rows = zip(model.inputs, before, inputs, strict=True)
        changed = {name: float(now) for name, was, now in rows if now != was}
        events = {name: float(a) for name, a in zip(model.events, amounts, strict=True) if not np.isnan(a)}
        if changed or events:
            found.append(Change(float(minutes), changed, events))
        before = list(inputs)
    return found


def target(model: Model, order: Order, faults: list[Fault]) -> tuple[str, float]:
    """The qualified name that an order means, and its amount in the unit of the model; a fault is added to `faults`."""
    table = model.events if order.stop is None else model.inputs
    kind = "happens at one moment" if order.stop is None else "lasts from a start to a stop"
    found = [name for name in table if order.what in (name, name.partition(".")[2])]
    if len(found) != 1:
        problem = f"{model.name} has {'no' if not found else 'more than one'} {order.what!r} that {kind}"
        expected = ", ".join(found or table) or "an order without it"
        faults.append(_fault(order, "unknown", problem, f"one of {expected}", did_you_mean(order.what, table)))
        return "", 0.0
    unit = table[found[0]].unit
    factor = ratio(order.unit, unit)
    if factor is None:
        faults.append(_fault(order, "unit", f"{order.unit!r} is not a unit of {found[0]!r}", f"a unit such as {unit}"))
        return "", 0.0
    amount = order.amount * factor
    if bounds := outside(amount, table[found[0]]):
        problem = f"{order.amount:g} {order.unit if order.unit != '1' else ''}".strip()
        faults.append(_fault(order, "range", f"{problem} is not possible", bounds))
    return found[0], amount


def _fault(order: Order, kind: str, problem: str, expected: str, remedy: str = "") -> Fault:
    return Fault(*order.place, order.what, kind, problem, expected, remedy)
