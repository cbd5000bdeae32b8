"""The numbers that a fact takes from its source, for finding them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from insulinoma.record.fields import Amount
from insulinoma.record.schema import Age, Claim, Diagnosis, Fact, Finding, Measurement, Timed, Treatment
from insulinoma.record.timeline import DAYS_IN, Point


@dataclass(frozen=True)
class Printed:
    """A number that stands in a source, and how its unit may be printed there."""

    value: float
    text: str
    units: tuple[str, ...] = ()


def numbers_of(fact: Fact) -> Iterator[Printed]:
    """The numbers of a fact: values, days, durations, doses, courses, grades."""
    yield from _own_numbers(fact)
    if isinstance(fact, Timed):
        points = (point for _, when in fact.times() for point in when.points if point is not None)
        yield from (number for point in points for number in _numbers_of_point(point))


@singledispatch
def _own_numbers(fact: Fact) -> Iterator[Printed]:
    return iter(())


@_own_numbers.register
def _(fact: Age) -> Iterator[Printed]:
    yield Printed(fact.years, f"{fact.years:g}")


@_own_numbers.register
def _(fact: Measurement) -> Iterator[Printed]:
    if fact.unit is not None:
        unit = fact.kind.unit(fact.unit)
        for value in fact.numbers:
            yield Printed(value, f"{value:g} {fact.unit}", (unit.symbol, *unit.spellings))


@_own_numbers.register
def _(fact: Claim) -> Iterator[Printed]:
    if fact.value is not None and fact.unit is not None:
        yield Printed(fact.value, f"{fact.value:g} {fact.unit}", (fact.unit.removesuffix("s"),))


@_own_numbers.register
def _(fact: Finding) -> Iterator[Printed]:
    yield from _numbers_of_amount(fact.duration)
    if isinstance(fact.count, int):
        yield Printed(fact.count, f"{fact.count}")


@_own_numbers.register
def _(fact: Diagnosis) -> Iterator[Printed]:
    if fact.grade is not None:
        yield Printed(fact.grade, f"grade {fact.grade}")


@_own_numbers.register
def _(fact: Treatment) -> Iterator[Printed]:
    yield from _numbers_of_amount(fact.dose)
    if fact.courses is not None:
        yield Printed(fact.courses, f"{fact.courses} courses", ("course", "cycle"))


def _numbers_of_amount(amount: Amount | None) -> Iterator[Printed]:
    if amount is not None:
        yield Printed(amount.value, amount.text, (amount.unit.split("/")[0],))


def _numbers_of_point(point: Point) -> Iterator[Printed]:
    if point.day is not None:
        yield Printed(point.day, f"day {point.day:g}", ("day",))
    if point.offset:
        unit, length = next((name, days) for name, days in reversed(DAYS_IN.items()) if abs(point.offset) >= days)
        amount = abs(point.offset) / length
        yield Printed(amount, f"{amount:g} {unit}", (unit,))
