"""What was given and done, on the clock of the simulation; unknown rates as parameters with a prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from insulinoma.calibrate.clock import Clock
from insulinoma.data import read_table
from insulinoma.model.compose import Model, extend
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, Subsystem, Values
from insulinoma.model.treatments.registry import TREATMENTS
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.record.facts import Measurement, Treatment
from insulinoma.simulate.case_regimen import case_regimen
from insulinoma.simulate.regimen import Order, Regimen, give
from insulinoma.simulate.subject import Subject

PROCEDURES = ("embolize", "chemoembolize", "ablate", "resect")


class GlucoseGiven(Subsystem):
    """Glucose into a vein: at a known rate, by a drip of unknown rate, and by nutrition of unknown rate."""

    dextrose = Input("mg/kg/min", "glucose at a known rate", default=0.0)
    dextrose_of_unknown_rate = Input("mg/kg/min", "drip at a usual rate", default=0.0)
    parenteral_nutrition = Input("mg/min", "glucose of parenteral nutrition as assumed", default=0.0)
    drip = Output("mg/kg/min", "glucose by drip")
    nutrition = Output("mg/min", "glucose of parenteral nutrition")

    x_dextrose = Parameter(1.0, "1", "rate of the drip, by that assumed", sd_log=0.5, status="assumption")
    x_nutrition = Parameter(1.0, "1", "rate of nutrition, by that assumed", sd_log=0.5, status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        """The rates that are given."""
        return {
            "drip": u.dextrose + p.x_dextrose * u.dextrose_of_unknown_rate,
            "nutrition": p.x_nutrition * u.parenteral_nutrition,
        }


@cache
def twin_model(sites: tuple[str, ...], treatments: tuple[str, ...]) -> Model:
    """The twin with a tumor at some sites, some treatments, and glucose given at rates that may be unknown.

    >>> "dextrose_given.x_nutrition" in twin_model(("primary",), ()).parameters
    True
    """
    drugs = tuple(name for name in TREATMENTS if name == "dextrose" or name in treatments)
    joined = {
        "dextrose.dextrose": "dextrose_given.drip",
        "dextrose.parenteral_nutrition": "dextrose_given.nutrition",
    }
    base = patient_with_tumor(sites=sites, treatments=drugs)
    return extend(base, "twin", {"dextrose_given": GlucoseGiven()}, connect=joined)


@dataclass(frozen=True)
class Therapy:
    """The orders from the start of the simulation on, `warm_up` days before day 0 of the record.

    `windows` are the record days on which a treatment of the record ran, by its id; `assumed` and
    `left_out` are sentences.
    """

    regimen: Regimen
    warm_up: int
    windows: dict[str, tuple[float, float]]
    assumed: tuple[str, ...]
    left_out: dict[str, str]

    @property
    def treatments(self) -> tuple[str, ...]:
        """The treatments of the model that the orders use."""
        return needed(self.regimen)

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
        first, end = _days(clock, treatment, row)
        orders += _order(row, name, first + warm_up, end + warm_up)
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


def _days(clock: Clock, treatment: Treatment, row: dict[str, str]) -> tuple[float, float]:
    """The days on which a drug was given; a few from the first on where only a window is known."""
    first, end = clock.window(treatment)
    whole = treatment.start is not None or clock.record.span(treatment.when).whole
    if whole or not row["days"]:
        return first, end
    return first, min(first + float(row["days"]), end)


def _windows(orders: Sequence[Order], warm_up: int) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for order in orders:
        times = [moment for pair in order.occasions() for moment in pair if moment is not None]
        first, end = min(times) / 1440 - warm_up, max(times) / 1440 - warm_up
        if order.fact:
            before = found.get(order.fact, (first, end))
            found[order.fact] = (min(first, before[0]), max(end, before[1]))
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
