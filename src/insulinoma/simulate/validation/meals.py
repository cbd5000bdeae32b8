"""Targets 1, 2, 3 and 13: rest, meals, and the secretion of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from insulinoma.simulate.protocol import Protocol, protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject, habitual_state
from insulinoma.simulate.validation.people import People
from insulinoma.simulate.validation.reading import at, series, times
from insulinoma.simulate.validation.target import Target

_NIGHT = Protocol("morning", "two hours of rest after a night", "Polonsky1988", 120.0, lambda who: Regimen(), every=5.0)


def _three_meals(who: Subject) -> Regimen:
    """20, 40 and 40 % of 3.75 g/kg, one, five and ten hours after 08:00 [Polonsky1988]."""
    regimen = Regimen()
    for hour, share in ((1, 0.2), (5, 0.4), (10, 0.4)):
        regimen += give("meal", f"{share * 3.75 * who.weight} g", at=f"{hour} h")
    return regimen


_DAY = Protocol("day", "24 hours with three meals from 08:00", "Polonsky1988", 1440.0, _three_meals)


@cache
def morning(people: People) -> Solution:
    """Two hours of rest from 12 hours after dinner."""
    return _NIGHT.run(people.man)


def by_surface(people: People) -> float:
    """What turns pmol/kg into pmol/m2."""
    values = people.man.values
    rest = people.man.model.at_rest(values)
    return float(values["person.weight"] / rest["person.BSA"])


def _rest(people: People) -> Mapping[str, float]:
    found = morning(people)
    return {
        "glucose": at(found, "glucose.G", 60),
        "glucose_rest": float(people.man.values["glucose.G_b"]),
        "insulin": at(found, "insulin.I", 60),
        "production": at(found, "liver.EGP", 60),
    }


def _meal(people: People) -> Mapping[str, float]:
    found = replace(protocol("mixed-meal"), every=1.0).run(people.man)
    glucose = series(found, "glucose.G")
    return {
        "peak": float(glucose.max()),
        "peak_time": float(times(found)[glucose.argmax()]),
        "glucose_120": at(found, "glucose.G", 120),
        "glucose_240": at(found, "glucose.G", 240),
        "peak_insulin": float(series(found, "insulin.I").max()),
    }


def _drink(people: People) -> Mapping[str, float]:
    test = protocol("ogtt-75g")
    short, long = (test.run(people.man, start=habitual_state(people.man, hours_fasted=hours)) for hours in (12.0, 36.0))
    after = at(short, "glucose.G", 120)
    return {"glucose_120": after, "below_140": after, "glucose_120_36h": at(long, "glucose.G", 120)}


def _secretion(people: People) -> Mapping[str, float]:
    found = _DAY.run(people.man, start=habitual_state(people.man, hours_fasted=14.0))
    scale = by_surface(people)
    return {
        "secretion": at(morning(people), "islets.S_islet", 60) * scale,
        "extraction": 100 * float(people.man.values["insulin.E_Hb"]),
        "secretion_24h": float(np.trapezoid(series(found, "islets.S_islet"), times(found))) * scale / 1000,
    }


TARGETS = (
    Target(1, "rest", "man, 14 days of three meals with 3 g/kg of carbohydrate, then 12 hours without food", _rest),
    Target(2, "mixed meal", "1 g/kg of solid carbohydrate after 12 hours without food", _meal),
    Target(3, "75 g by mouth", "a drink with 75 g after 12 and after 36 hours without food", _drink),
    Target(13, "secretion", "rest, and 24 hours with three meals (20, 40, 40 % of 3.75 g/kg)", _secretion),
)
