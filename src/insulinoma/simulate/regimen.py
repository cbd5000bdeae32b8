"""What is given and done to a patient, and when: data in the clinic's words.

An order names an event or a free input of the model (`meal`, `dextrose`, `embolize_right`), an
amount with its unit, and a time: one moment, or a start and a stop.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from insulinoma.errors import Fault, InputError, UsageError, did_you_mean

_QUANTITY = re.compile(r"\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>(?![\d.]).*?)\s*$")
_DAY = re.compile(r"\s*day\s+(?P<day>\d+(?:\.\d+)?)(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}))?\s*$")
_MINUTES = {"min": 1.0, "h": 60.0, "d": 1440.0, "day": 1440.0, "days": 1440.0}
_KEYS = ("give", "amount", "at", "from", "to", "every", "times")


@dataclass(frozen=True)
class UnknownDay:
    """The day of something undated: `day` is assumed, and any from `earliest` to `latest` is as likely."""

    name: str
    day: float
    earliest: float
    latest: float


@dataclass(frozen=True)
class Unsure:
    """What of an order is assumed: its amount, its start, or both.

    The amount is that assumed times a factor common to all orders of the name `amount`, whose logarithm has the
    standard deviation `sd_log`. The start moves with the day `start`, and the stop with it unless it `stays`.
    """

    amount: str = ""
    sd_log: float = 0.0
    start: UnknownDay | None = None
    stays: bool = False


@dataclass(frozen=True)
class Order:
    """One order: `what` in `amount` from `start` to `stop` (minutes), or at `start` where there is no stop.

    It is repeated every `every` minutes, `times` times in all. `fact` is the treatment of a record that
    the order carries out.
    """

    what: str
    amount: float
    unit: str
    start: float
    stop: float | None = field(default=None, kw_only=True)
    every: float = field(default=0.0, kw_only=True)
    times: int = field(default=1, kw_only=True)
    fact: str = field(default="", kw_only=True)
    unsure: Unsure = field(default=Unsure(), kw_only=True)
    place: tuple[str, int] = field(default=("regimen", 0), kw_only=True, compare=False)

    def occasions(self) -> Iterator[tuple[float, float | None]]:
        """Start and stop of every repetition, in minutes."""
        for count in range(self.times):
            shift = count * self.every
            yield self.start + shift, None if self.stop is None else self.stop + shift

    def given(self, factor: float, days: float) -> Order:
        """The order with its amount times a factor, begun so many days later than assumed."""
        shift = 1440.0 * days
        stop = self.stop if self.stop is None or self.unsure.stays else self.stop + shift
        return replace(self, amount=self.amount * factor, start=self.start + shift, stop=stop)


@dataclass(frozen=True)
class Regimen:
    """All orders of a patient; time zero is the start of the simulation, `day 0` at 00:00."""

    orders: tuple[Order, ...] = ()

    def __add__(self, other: Regimen) -> Regimen:
        return Regimen(self.orders + other.orders)

    def before(self, minutes: float) -> Regimen:
        """The orders without the repetitions that start at a moment or later.

        >>> give("meal", "60 g", at="7 h", every="1 d", times=14).before(7 * 60 + 2 * 1440).orders[0].times
        2
        """
        counts = [sum(start < minutes for start, _ in item.occasions()) for item in self.orders]
        return Regimen(tuple(replace(item, times=n) for item, n in zip(self.orders, counts, strict=True) if n))


def minutes(text: str) -> float:
    """A time in minutes: `90 min`, `12 h`, `3 d`, `day 12` or `day 12 08:30`.

    UsageError for a time without a unit.

    >>> minutes("day 1 08:30"), minutes("2 h")
    (1950.0, 120.0)
    """
    if day := _DAY.match(text):
        return float(day["day"]) * 1440 + int(day["hour"] or 0) * 60 + int(day["minute"] or 0)
    found = _QUANTITY.match(text)
    if found is None or found["unit"] not in _MINUTES:
        raise UsageError(f"{text!r} is not a time. Expected a form such as '90 min', '12 h', '3 d' or 'day 12 08:30'.")
    return float(found["number"]) * _MINUTES[found["unit"]]


def quantity(text: str) -> tuple[float, str]:
    """A number and its unit, `1` where there is none; UsageError for anything else.

    >>> quantity("75 g"), quantity("0.5")
    ((75.0, 'g'), (0.5, '1'))
    """
    found = _QUANTITY.match(text)
    if found is None or not math.isfinite(number := float(found["number"])):
        raise UsageError(f"{text!r} is not an amount. Expected a number and a unit, such as '75 g'.")
    return number, found["unit"] or "1"


def give(
    what: str, amount: str, *, at: str = "", start: str = "", stop: str = "", every: str = "", times: int = 1
) -> Regimen:
    """A regimen of one order, in the words of the clinic.

    >>> give("meal", "75 g", at="0 min").orders[0].amount
    75.0
    """
    entry = {
        "give": what,
        "amount": amount,
        "at": at,
        "from": start,
        "to": stop,
        "every": every,
        "times": str(times),
    }
    return Regimen((order({key: text for key, text in entry.items() if text}),))


def read_regimen(path: Path) -> Regimen:
    """The regimen of a YAML file or a CSV table; InputError with every fault, by line."""
    entries = _rows(path) if path.suffix == ".csv" else _mappings(path)
    orders, faults = [], []
    for line, entry in entries:
        try:
            orders.append(order(entry, place=(path.name, line)))
        except UsageError as error:
            faults.append(Fault(path.name, line, str(entry.get("give", "")), "order", str(error).rstrip("."), ""))
    if faults:
        raise InputError(faults)
    return Regimen(tuple(orders))


def order(entry: dict[str, str], *, fact: str = "", place: tuple[str, int] = ("order", 0)) -> Order:
    """The order of one row or mapping; UsageError says what is wrong with it."""
    for key in entry:
        if key not in _KEYS:
            raise UsageError(
                f"{key!r} is not a word of an order. Expected {', '.join(_KEYS)}. {did_you_mean(key, _KEYS)}"
            )
    if missing := [key for key in ("give", "amount") if not entry.get(key)]:
        raise UsageError(f"The order has no {' and no '.join(missing)}.")
    if bool(entry.get("at")) == bool(entry.get("from")):
        raise UsageError("The order has no time, or two. Expected 'at', or 'from' with 'to'.")
    if bool(entry.get("from")) != bool(entry.get("to")):
        raise UsageError("The order has a start or a stop alone. Expected 'from' with 'to'.")
    if not (entry.get("times") or "1").isdecimal() or (times := int(entry.get("times") or 1)) < 1:
        raise UsageError(f"{entry['times']!r} is not a number of times. Expected a whole number from 1 on.")
    if times > 1 and not entry.get("every"):
        raise UsageError("The order is repeated and does not say how often. Expected 'every', such as '8 h'.")
    number, unit = quantity(entry["amount"])
    stop = minutes(entry["to"]) if entry.get("to") else None
    start = minutes(entry.get("at") or entry["from"])
    if stop is not None and stop <= start:
        raise UsageError("The order stops before it starts.")
    every = minutes(entry["every"]) if entry.get("every") else 0.0
    return Order(entry["give"], number, unit, start, stop=stop, every=every, times=times, fact=fact, place=place)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            yield reader.line_num, {key: text.strip() for key, text in row.items() if text}


def _mappings(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    root: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    items = [value for key, value in root.value if key.value == "regimen"] if isinstance(root, yaml.MappingNode) else []
    if len(items) != 1 or not isinstance(items[0], yaml.SequenceNode):
        raise InputError(
            [Fault(path.name, 1, "regimen", "shape", "there is no list of orders", "a list under 'regimen:'")]
        )
    for node in items[0].value:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise InputError(
                [Fault(path.name, line, "regimen", "shape", "an order is not a mapping", "'give:', 'amount:'")]
            )
        yield line, {key.value: str(value.value) for key, value in node.value}
