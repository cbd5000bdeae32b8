"""Targets 8, 10 and 14: glucagon, thresholds, and counter-regulation that fails."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject, habitual_state
from insulinoma.simulate.validation.people import People, drip
from insulinoma.simulate.validation.reading import at, series, times
from insulinoma.simulate.validation.target import Target

_LEVELS = (90, 78, 70, 66, 62, 55, 45)
_GLUCAGON = Protocol(
    name="glucagon",
    meaning="glucagon at 3 ng/kg/min for two hours",
    ref="Glucagon1979",
    minutes=210.0,
    every=1.0,
    regimen=lambda who: drip("glucagon_infusion", "3 ng/kg/min", 120),
)
_HELD = Protocol(
    name="held",
    meaning="2 mU/kg/min, glucose not below 50 mg/dL",
    ref="Mitrakou1993",
    minutes=90.0,
    clamped=True,
    regimen=lambda who: drip("insulin_infusion", "2 mU/kg/min", 90) + drip("target", "50 mg/dL", 90),
)


def _steps(who: Subject) -> Regimen:
    regimen = drip("insulin_infusion", "2 mU/kg/min", 40 * len(_LEVELS))
    for step, level in enumerate(_LEVELS):
        regimen += give("target", f"{level} mg/dL", start=f"{40 * step} min", stop=f"{40 * step + 40} min")
    return regimen


_STEPPED = Protocol("steps", "glucose lowered in steps", "Mitrakou1991", 280.0, _steps, every=1.0, clamped=True)


def _glucagon(people: People) -> Mapping[str, float]:
    found = _GLUCAGON.run(people.man)
    production = series(found, "liver.EGP")
    return {
        "production_15": at(found, "liver.EGP", 15),
        "production_60": at(found, "liver.EGP", 60) / production[0],
        "production_after": float(production[times(found) > 120].min()),
    }


def _threshold(found: Solution, name: str) -> float:
    """Glucose at which a hormone has risen by a tenth of its rise at 45 mg/dL."""
    level = series(found, name)
    before = at(found, name, 38)
    return float(series(found, "glucose.G")[np.argmax(level > before + 0.1 * (level[-1] - before))])


def _thresholds(people: People) -> Mapping[str, float]:
    found = _STEPPED.run(people.man)
    names = {"glucagon": "counter_regulation.H", "epinephrine": "counter_regulation.Ep"}
    return {quantity: _threshold(found, name) for quantity, name in names.items()}


def _failure(people: People) -> Mapping[str, float]:
    healthy = _HELD.run(people.man)
    start = habitual_state(people.patient, hours_fasted=4.0)
    patient = _HELD.run(people.patient, start=start)
    return {
        f"{hormone}_{who}": float(series(found, name)[-1])
        for hormone, name in (("epinephrine", "counter_regulation.Ep"), ("glucagon", "counter_regulation.H"))
        for who, found in (("healthy", healthy), ("insulinoma", patient))
    }


TARGETS = (
    Target(8, "glucagon infusion", "3 ng/kg/min for two hours after 12 hours without food", _glucagon),
    Target(10, "thresholds", "2 mU/kg/min, steps of 40 minutes from 90 to 45 mg/dL", _thresholds),
    Target(14, "failing counter-regulation", "90 minutes at 50 mg/dL; typical insulinoma after 12 days", _failure),
)
