"""Targets 15 and 16: diazoxide and octreotide in virtual patients."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from insulinoma.simulate.draws import noise
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.cohort import SEED, Patient, cohort
from insulinoma.simulate.validation.daily_life import SOLVER, eating, last_meal
from insulinoma.simulate.validation.people import People, drip
from insulinoma.simulate.validation.reading import Floats, at, microunits, series, times
from insulinoma.simulate.validation.target import Target

_MG_DL_PER_MMOL_L = 18.016
_DAYS, _NIGHT = 5, 540.0
_STUDIED, _IN_USE = 3.0, 300.0
_VISITS = 0.4
_FLOOR = "50 mg/dL"
_SAMPLES = range(20, 181, 20)


def _visit(one: Patient, visit: int) -> Subject:
    """The patient at one of several examinations; what a tumor secretes differs from one to the next."""
    name = "tumor_secretion.sigma"
    values = dict(one.who.parameters)
    factor = math.exp(_VISITS * float(noise(SEED, f"visit {visit}", [one.number])[0]))
    return replace(one.who, parameters=tuple({**values, name: values[name] * factor}.items()))


def _days(who: Subject, start: Mapping[str, float], daily: float) -> Solution:
    """Five days of meals with so many mg of diazoxide a day in three doses."""
    regimen = eating(who, days=_DAYS)
    if daily:
        regimen += give("diazoxide", f"{daily / 3} mg", at="0 min", every="8 h", times=3 * _DAYS)
    end = 1440.0 * _DAYS
    days = Protocol("days", "five days of diazoxide", "DiazoxideRatio", end, lambda _: regimen, every=15.0)
    return days.run(who, start=start, solver=SOLVER).require()


def _morning(who: Subject, start: Mapping[str, float], daily: float) -> float:
    """Insulin in uU/mL by glucose in mmol/L after such days and a night without food."""
    days = _days(who, start, daily)
    evening = {name: float(days[name].values[-1]) for name in who.model.states}
    regimen = last_meal(who) + drip("target", _FLOOR, _NIGHT)
    if daily:
        regimen += give("diazoxide", f"{daily / 3} mg", at="0 min")
    night = Protocol("night", "a night without food", "DiazoxideRatio", _NIGHT, lambda _: regimen, clamped=True)
    return _ratio(night.run(who, start=evening, solver=SOLVER).require())


def _ratio(found: Solution) -> float:
    """Insulin in uU/mL by glucose in mmol/L at the end."""
    glucose = series(found, "glucose.G")[-1] / _MG_DL_PER_MMOL_L
    return float(microunits(series(found, "insulin.I")[-1]) / glucose)


def _symptoms(found: Solution) -> bool:
    """Whether the last two days had symptoms of the brain or of the autonomic nerves, at a quarter of their scale."""
    last = times(found) >= 1440.0 * (_DAYS - 2)
    levels = [series(found, f"symptoms.{kind}")[last] for kind in ("neuroglycopenia", "autonomic")]
    return bool((np.maximum(*levels) > 0.25).any())


def _diazoxide(people: People) -> Mapping[str, float]:
    """As published, patients are told apart by whether the ratio fell."""
    patients = cohort("benign")
    before = np.array([_morning(_visit(one, 1), one.start, 0.0) for one in patients])
    after = np.array([_morning(_visit(one, 2), one.start, _STUDIED * one.who.weight) for one in patients])
    symptoms = [_symptoms(_days(one.who, one.start, _IN_USE)) for one in patients]
    fell = after < before
    return {
        "ratio_before": float(before[fell].mean()),
        "ratio_after": float(after[fell].mean()),
        "fall": float(100 * (1 - after[fell].mean() / before[fell].mean())),
        "fell": float(100 * fell.mean()),
        "others_before": float(before[~fell].mean()),
        "others_after": float(after[~fell].mean()),
        "symptom_free": float(100 * (1 - np.mean(symptoms))),
    }


def _octreotide_test(who: Subject) -> Regimen:
    end = _NIGHT + 180
    given = give("octreotide_drip", "100 ug/h", start=f"{_NIGHT} min", stop=f"{end} min")
    return last_meal(who) + given + drip("target", _FLOOR, end)


def _insulin(one: Patient) -> Floats:
    """Insulin in uU/mL before and, on the mean of nine samples, during three hours of octreotide."""
    test = Protocol(
        name="octreotide",
        meaning="octreotide at 100 ug/h",
        ref="ECE2008P274",
        minutes=_NIGHT + 180,
        regimen=_octreotide_test,
        clamped=True,
    )
    found = test.run(one.who, start=one.start, solver=SOLVER).require()
    samples = [at(found, "insulin.I", _NIGHT + minute) for minute in _SAMPLES]
    return microunits(1.0) * np.array([at(found, "insulin.I", _NIGHT), np.mean(samples)])


def _octreotide(people: People) -> Mapping[str, float]:
    levels = np.array([_insulin(one) for one in cohort("benign")])
    falls = 100 * (1 - levels[:, 1] / levels[:, 0])
    return {
        "insulin_before": float(levels[:, 0].mean()),
        "insulin_during": float(levels[:, 1].mean()),
        "suppression": float(np.maximum(falls, 0).mean()),
        "suppressed": float(100 * np.mean(falls >= 20)),
    }


TARGETS = (
    Target(
        15,
        "diazoxide",
        "256 patients, 3 mg/kg a day for 5 days, insulin by glucose at 07 hours; symptoms at 300 mg a day",
        _diazoxide,
    ),
    Target(
        16,
        "octreotide",
        "256 patients at 07 hours after a night without food, glucose kept at 50 mg/dL; 100 ug/h for three hours",
        _octreotide,
    ),
)
