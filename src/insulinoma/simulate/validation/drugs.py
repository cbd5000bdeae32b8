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
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.cohort import Faster, cohort, with_parts
from insulinoma.simulate.validation.daily_life import SOLVER, eating, fast
from insulinoma.simulate.validation.people import drip
from insulinoma.simulate.validation.reading import Floats, at, microunits, series, times
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
        "insulin.f_clearance": f"{drug}_clearance",
        "insulin_action.f_peripheral_sensitivity": f"{drug}_sensitivity",
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
    """Insulin in uU/mL before and after three hours of octreotide; glucose kept at 50 mg/dL or above from 22 hours."""
    who = with_parts(one.who, _with_octreotide(), ["octreotide"], number)
    end = _NIGHT + 180
    regimen = eating(who, days=1).orders[:1]
    given = give("octreotide_drip", "100 ug/h", start=f"{_NIGHT} min", stop=f"{end} min")
    found = simulate(
        who.model,
        Regimen(regimen) + given + drip("target", "50 mg/dL", end),
        end=end,
        parameters=dict(who.parameters),
        start=one.start,
        solver=SOLVER,
    ).require()
    return np.array([microunits(at(found, "insulin.I", moment)) for moment in (_NIGHT, end)])


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
    Target(
        15, "diazoxide", "256 patients, 1 mg/kg every 8 hours for 5 days; insulin by glucose at 07 hours", _diazoxide
    ),
    Target(
        16,
        "octreotide",
        "256 patients at 07 hours after a night without food, glucose kept at 50 mg/dL; 100 ug/h for three hours",
        _octreotide,
    ),
)
