"""Targets 19 and 20: radiation and chemotherapy in virtual tumors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from insulinoma.errors import ComputationError
from insulinoma.model.compose import Model
from insulinoma.model.tumor_course import tumor_course
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import draws
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.cohort import SEED
from insulinoma.simulate.validation.people import People
from insulinoma.simulate.validation.reading import Floats
from insulinoma.simulate.validation.target import Target

_DAY, _MONTH = 1440.0, 30.44
_COUNT = 2048
_LIVER, _LIVER_SPREAD = 224.0, 0.41
_CONTROLLED, _FLARE = 0.55, 1.2


def _model(treatment: str) -> Model:
    return tumor_course(sites=("primary", "right_lobe"), treatments=(treatment,), markers=False)


def _courses(treatment: str, regimen: Regimen, quantity: str, doubling: tuple[float, float], days: int) -> Floats:
    """A quantity of every tumor day by day, from its value at the start; liver metastases of about 224 mL."""
    model = _model(treatment)
    spread = {"tumor.V_liver": (_LIVER, _LIVER_SPREAD), "tumor.VDT": doubling}
    declared = {
        name: replace(model.parameters[name], value=value, cv=None, sd_log=sd) for name, (value, sd) in spread.items()
    }
    who = Subject("tumors", declared=tuple(declared.items()), model=model)
    people = draws(who, range(_COUNT), seed=SEED, fixed={"tumor.d_primary": 2.7})
    found = simulate_batch(
        model, regimen, days=days, parameters=people, follow=(quantity,), moments=_DAY * np.arange(days + 1)
    )
    if found.failures:
        raise ComputationError(f"{len(found.failures)} of {_COUNT} tumors could not be computed.")
    return np.asarray(found.moments[quantity].values, float).T


def _radiation(people: People) -> Mapping[str, float]:
    """Four cycles every nine weeks; hypoglycemia is taken as over where secretion is below 55 % of its start."""
    name = "lutetium_dotatate"
    regimen = give(name, "7.4 GBq", at="1 min", every="63 d", times=4)
    secretion = _courses(name, regimen, "tumor_secretion.S_total", (300.0, 0.6), 700)
    secretion = secretion / secretion[0]
    low = secretion < _CONTROLLED
    ever, first = low.any(0), low.argmax(0)
    back = [bool((secretion[max(day, 200) :, tumor] > _CONTROLLED).any()) for tumor, day in enumerate(first)]
    return {
        "resolved": float(100 * ever.mean()),
        "months": float(np.median(np.where(ever, first / _MONTH, np.inf))),
        "recurred": float(100 * np.mean(np.array(back)[ever])),
        "flare": float(100 * np.mean(secretion[2] > _FLARE)),
    }


def _chemotherapy(people: People) -> Mapping[str, float]:
    """Six courses every three weeks; response is a fall of the diameter by 30 %, progression a rise by 20 %."""
    name = "etoposide_cisplatin"
    regimen = give(name, "1", at="0 min", every="21 d", times=6)
    volume = _courses(name, regimen, "burden.CT_tumor", (50.0, 0.48), 350)
    diameter = (volume / volume[0]) ** (1 / 3)
    grown = diameter > 1.2 * np.minimum.accumulate(diameter, 0)
    when = np.where(grown.any(0), grown.argmax(0), len(diameter)) / _MONTH
    return {
        "response": float(100 * np.mean(diameter[:200].min(0) <= 0.7)),
        "immediate": float(100 * np.mean(diameter[63] >= 1.2)),
        "progression": float(np.median(when)),
    }


TARGETS = (
    Target(19, "radiation", f"{_COUNT} tumors, 7.4 GBq of 177Lu-DOTATATE four times every nine weeks", _radiation),
    Target(20, "etoposide and cisplatin", f"{_COUNT} tumors, six courses every three weeks", _chemotherapy),
)
