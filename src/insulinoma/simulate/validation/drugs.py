"""Targets 15 and 16: diazoxide and octreotide in virtual patients."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from insulinoma.model.clamp import GlucoseClamp
from insulinoma.model.compose import Model, extend
from insulinoma.model.patient import patient
from insulinoma.model.treatments.diazoxide import Diazoxide
from insulinoma.model.treatments.octreotide import Octreotide
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.cohort import Faster, cohort, with_parts
from insulinoma.simulate.validation.daily_life import SOLVER, eating, fast
from insulinoma.simulate.validation.insulinoma import during_fast
from insulinoma.simulate.validation.people import drip
from insulinoma.simulate.validation.reading import Floats, microunits, series, times
from insulinoma.simulate.validation.target import Target

_MG_DL_PER_MMOL_L = 18.016
_DAYS, _NIGHT = 5, 540.0


@cache
def _with_diazoxide() -> Model:
    connect = {"tumor.f_tumor": "diazoxide.diazoxide_tumor", "islets.f_islet": "diazoxide.diazoxide_islet"}
    return extend(patient(), "with_diazoxide", {"diazoxide": Diazoxide()}, connect=connect)


@cache
def _with_octreotide() -> Model:
    drug = "octreotide.octreotide"
    connect = {
        "tumor.f_tumor": f"{drug}_tumor",
        "islets.f_islet": f"{drug}_islet",
        "counter_regulation.f_glucagon": f"{drug}_glucagon",
    }
    return extend(patient(), "with_octreotide", {"octreotide": Octreotide(), "clamp": GlucoseClamp()}, connect=connect)


def _ratio(found: Solution) -> float:
    """Insulin in uU/mL by glucose in mmol/L at the end."""
    glucose = series(found, "glucose.G")[-1] / _MG_DL_PER_MMOL_L
    return float(microunits(series(found, "insulin.I")[-1]) / glucose)


def _treated(who: Subject, start: Mapping[str, float]) -> Solution:
    """Five days of meals with 1 mg/kg every eight hours, then a night without food."""
    regimen = eating(who, days=_DAYS) + give("diazoxide", f"{who.weight} mg", at="0 min", every="8 h", times=15)
    regimen += give("meal", f"{0.12 * who.carbohydrate * who.weight} g", at=f"{_DAYS} d")
    return simulate(
        who.model,
        regimen,
        end=1440.0 * _DAYS + _NIGHT,
        every=15.0,
        parameters=dict(who.parameters),
        start=start,
        solver=SOLVER,
    ).require()


def _symptoms(found: Solution) -> bool:
    """Whether the last day of treatment had neuroglycopenia at half its scale."""
    last = times(found) >= 1440.0 * (_DAYS - 1)
    return bool((series(found, "symptoms.neuroglycopenia")[last] > 0.5).any())


def _diazoxide() -> Mapping[str, float]:
    before, after, symptoms, responds = [], [], [], []
    for number, one in enumerate(cohort("benign")):
        who = with_parts(one.who, _with_diazoxide(), ["diazoxide"], number)
        course = _treated(who, one.start)
        before.append(_ratio(fast(one.who, one.start, hours=_NIGHT / 60)))
        after.append(_ratio(course))
        symptoms.append(_symptoms(course))
        responds.append(who.values["diazoxide.responds"] > 0.5)
    first, last, chosen = np.array(before), np.array(after), np.array(responds)
    return {
        "ratio_before": float(first[chosen].mean()),
        "ratio_after": float(last[chosen].mean()),
        "fall": float(100 * (1 - last[chosen].mean() / first[chosen].mean())),
        "responders": float(100 * np.mean(last < 0.9 * first)),
        "others": float(last[~chosen].mean() / first[~chosen].mean()),
        "symptom_free": float(100 * (1 - np.mean(symptoms))),
    }


def _insulin(one: Faster, number: int) -> Floats:
    """Insulin in uU/mL before and after three hours of octreotide during the fast, glucose kept at 45 mg/dL."""
    who = with_parts(one.who, _with_octreotide(), ["octreotide"], number)
    regimen = drip("octreotide_drip", "100 ug/h", 180) + drip("target", "45 mg/dL", 180)
    found = simulate(
        who.model, regimen, end=180.0, parameters=dict(who.parameters), start=during_fast(one), solver=SOLVER
    )
    return np.asarray(series(found.require(), "insulin.I")[[0, -1]] / 6.0)


def _octreotide() -> Mapping[str, float]:
    levels = np.array([_insulin(one, number) for number, one in enumerate(cohort("benign"))])
    falls = 100 * (1 - levels[:, 1] / levels[:, 0])
    return {
        "insulin_before": float(levels[:, 0].mean()),
        "insulin_after": float(levels[:, 1].mean()),
        "suppression": float(falls.mean()),
        "suppressed": float(100 * np.mean(falls >= 10)),
    }


TARGETS = (
    Target(15, "diazoxide", "128 patients, 1 mg/kg every 8 hours for 5 days; insulin by glucose at 07 hours", _diazoxide),
    Target(16, "octreotide", "128 patients during the fast, 100 ug/h into a vein for three hours", _octreotide),
)
