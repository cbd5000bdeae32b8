"""What of the orders is not known, as parameters with a prior, and the orders that a patient then had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import Anywhere
from insulinoma.model.subsystem import Parameter
from insulinoma.simulate.regimen import Order, Regimen, UnknownDay

Floats = npt.NDArray[np.float64]


def unknown_amounts(orders: Iterable[Order]) -> dict[str, Parameter]:
    """A factor for each amount that is assumed, log-normal around 1."""
    spreads = {item.unsure.amount: item.unsure.sd_log for item in orders if item.unsure.amount}
    return {
        f"amount.{name}": Parameter(1.0, "1", f"amount of {name}, by that assumed", sd_log=spread, status="assumption")
        for name, spread in spreads.items()
    }


def unknown_days(days: Iterable[UnknownDay]) -> dict[str, Parameter]:
    """A record day for each that is assumed, anywhere in its range."""
    return {
        f"day.{item.name}": Anywhere(
            item.day, "d", f"day of {item.name}", low=item.earliest, high=item.latest, status="assumption"
        )
        for item in days
    }


def lateness(days: Iterable[UnknownDay], values: Mapping[str, Floats]) -> dict[str, Floats]:
    """By how many days each unknown day is later than assumed, (lanes,) by its name."""
    return {item.name: values[f"day.{item.name}"] - item.day for item in days}


def as_given(regimens: Sequence[Regimen], values: Mapping[str, Floats], late: Mapping[str, Floats]) -> list[Regimen]:
    """The orders that each patient had, one regimen a lane, from factors of amounts and lateness of days (lanes,)."""
    return [
        Regimen(tuple(_given(item, values, late, lane) for item in regimen.orders))
        for lane, regimen in enumerate(regimens)
    ]


def _given(item: Order, values: Mapping[str, Floats], late: Mapping[str, Floats], lane: int) -> Order:
    unsure = item.unsure
    if not unsure.amount and unsure.start is None:
        return item
    factor = float(values[f"amount.{unsure.amount}"][lane]) if unsure.amount else 1.0
    return item.given(factor, float(late[unsure.start.name][lane]) if unsure.start else 0.0)
