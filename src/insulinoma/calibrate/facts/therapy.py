"""What was given and done, on the clock of the simulation, and what of it is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from insulinoma.calibrate.facts.clock import Clock
from insulinoma.data import read_table
from insulinoma.model.compose import Model
from insulinoma.model.treatments.registry import TREATMENTS
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.record.facts import Measurement, Treatment
from insulinoma.simulate.case_regimen import case_regimen
from insulinoma.simulate.regimen import Order, Regimen, UnknownDay, Unsure, give
from insulinoma.simulate.subject import Subject

PROCEDURES = ("embolize", "chemoembolize", "ablate", "resect")


@cache
def twin_model(sites: tuple[str, ...], treatments: tuple[str, ...]) -> Model:
    """The twin with a tumor at some sites, some treatments, and glucose into a vein.

    >>> "dextrose.parenteral_nutrition" in twin_model(("primary",), ()).inputs
    True
    """
    drugs = tuple(name for name in TREATMENTS if name == "dextrose" or name in treatments)
    return patient_with_tumor(sites=sites, treatments=drugs)


class Window(NamedTuple):
    """Record days on which a treatment ran, and the unknown days with which they move, "" for none."""

    first: float
    last: float
    with_first: str = ""
    with_last: str = ""


@dataclass(frozen=True)
class Therapy:
    """The orders from the start of the simulation on, `warm_up` days before day 0 of the record.

    `windows` are those in which a treatment of the record ran, by its id; `assumed` and `left_out` are sentences.
    """

    regimen: Regimen
    warm_up: int
    windows: dict[str, Window]
    assumed: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def treatments(self) -> tuple[str, ...]:
        """The treatments of the model that the orders use."""
        return needed(self.regimen)

    @property
    def days(self) -> tuple[UnknownDay, ...]:
        """The days on which something assumed to begin may have begun."""
        found = {item.unsure.start.name: item.unsure.start for item in self.regimen.orders if item.unsure.start}
        return tuple(found.values())

    @property
    def procedures(self) -> list[float]:
        """The record days of all procedures on the tumor."""
        days = [order.start / 1440 - self.warm_up for order in self.regimen.orders if is_procedure(order)]
        return sorted(days)


def is_procedure(order: Order) -> bool:
    """Whether an order is a procedure on the tumor."""
    return order.what.partition(".")[2] in PROCEDURES


def needed(regimen: Regimen) -> tuple[str, ...]:
    """The treatments of the model in which the events and inputs of a regimen are declared."""
    asked = {order.what.rpartition(".")[2] for order in regimen.orders}
    found = []
    for name, part in TREATMENTS.items():
        if asked & {*part.events, *part.inputs} or name in {order.what.partition(".")[0] for order in regimen.orders}:
            found.append(name)
    return tuple(found)


def therapy(clock: Clock, who: Subject, warm_up: int) -> Therapy:
    """The orders of a record, of the declared assumptions, and of usual doses where there is neither.

    The patient eats as at home until day 0, and after it where the assumptions have no meals.
    """
    stated = case_regimen(clock.record)
    usual = {row["treatment"]: row for row in read_table("calibrate", "usual_doses.csv")}
    covered = {order.fact for order in stated.regimen.orders}
    orders = [_shifted(order, warm_up) for order in stated.regimen.orders]
    assumed, left_out = list(stated.assumed), {}
    for treatment in clock.record.treatments:
        name = treatment.id or treatment.treatment
        row = usual.get(treatment.treatment)
        if name in covered:
            continue
        if row is None:
            left_out[name] = next((text for text in stated.left_out if text.startswith(f"{name}:")), "not modeled")
            continue
        first, end, start = _days(clock, treatment, row)
        unsure = Unsure(name if row["sd_log"] else "", float(row["sd_log"] or 0.0), start, stays=not row["days"])
        orders += [replace(item, unsure=unsure) for item in _order(row, name, first + warm_up, end + warm_up)]
        assumed.append(f"{name}: {row['amount']} on days {first:g} to {end:g}; {row['note']}")
    eats = any(order.what == "meal" for order in orders)
    home = _meals(who, 0, warm_up if eats else warm_up + int(clock.end))
    regimen = Regimen((*home.orders, *orders))
    return Therapy(regimen, warm_up, _windows(orders, warm_up), tuple(assumed), left_out)


def _shifted(order: Order, days: int) -> Order:
    stop = None if order.stop is None else order.stop + 1440.0 * days
    return replace(order, start=order.start + 1440.0 * days, stop=stop)


def _order(row: dict[str, str], name: str, first: float, end: float) -> tuple[Order, ...]:
    begin, stop = f"{1440 * first} min", f"{1440 * end} min"
    if row["every"]:
        times = max(int((end - first) * 24 / float(row["every"].split()[0])), 1)
        found = give(row["order"], row["amount"], at=begin, every=row["every"], times=times)
    else:
        found = give(row["order"], row["amount"], start=begin, stop=stop)
    return tuple(replace(order, fact=name) for order in found.orders)


def _days(clock: Clock, treatment: Treatment, row: dict[str, str]) -> tuple[float, float, UnknownDay | None]:
    """The days on which a drug was given; a few, whose first is not known, where only a window is."""
    first, end = clock.window(treatment)
    name = clock.moved_with(treatment)[0]
    moving = next((item for item in clock.unknown if item.name == name), None)
    whole = treatment.start is not None or clock.record.span(treatment.when).whole
    length = float(row["days"] or end - first)
    if whole or first + length >= end:
        return first, end, moving
    return first, first + length, UnknownDay(treatment.id or treatment.treatment, first, first, end - length)


def _windows(orders: Sequence[Order], warm_up: int) -> dict[str, Window]:
    """From the first order of each treatment to its last, as they move."""
    found: dict[str, Window] = {}
    for order in sorted(orders, key=lambda item: item.start):
        if not order.fact:
            continue
        times = [moment for pair in order.occasions() for moment in pair if moment is not None]
        moves = order.unsure.start.name if order.unsure.start else ""
        here = Window(
            min(times) / 1440 - warm_up, max(times) / 1440 - warm_up, moves, "" if order.unsure.stays else moves
        )
        before = found.get(order.fact)
        if before is not None:
            here = Window(before.first, max(here.last, before.last), before.with_first, here.with_last)
        found[order.fact] = here
    return found


def _meals(who: Subject, first: int, last: int) -> Regimen:
    regimen = Regimen()
    for hour, share in who.meals:
        grams = share * who.carbohydrate * who.weight
        at = f"{(24 * first + hour) * 60} min"
        regimen += give("meal", f"{grams} g", at=at, every="1 d", times=last - first)
    return regimen


def covariates(measurements: tuple[Measurement, ...], values: dict[str, float]) -> dict[str, float]:
    """Weight and height as measured, added to other covariates."""
    names = {"body_weight": ("person.weight", "kg"), "body_height": ("person.height", "cm")}
    for item in measurements:
        if item.analyte in names and item.value is not None:
            name, unit = names[item.analyte]
            values[name] = item.converted(unit).value
    return values
