"""The fast of patients with an insulinoma, and targets 12, 17 and 18."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from insulinoma.simulate.protocol import Protocol, protocol
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.cohort import Patient, cohort
from insulinoma.simulate.validation.daily_life import SOLVER
from insulinoma.simulate.validation.fasting import half_lives, healthy_suppression, long_fast, suppression_of
from insulinoma.simulate.validation.people import People, drip
from insulinoma.simulate.validation.reading import microunits, series, state, times
from insulinoma.simulate.validation.target import Target

_NG_PER_PMOL = 331.0
_EARLY, _LATE = 180.0, 480.0
_SUPPRESSION = Protocol(
    name="suppression",
    meaning="0.125 U/kg of insulin over an hour, glucose not below 31 mg/dL",
    ref="Saddig2002",
    minutes=90.0,
    clamped=True,
    regimen=lambda who: drip("insulin_infusion", f"{125 / 60} mU/kg/min", 60) + drip("target", "31 mg/dL", 90),
)


def during_fast(one: Patient) -> dict[str, float]:
    """The state at 60 % of the patient's own fast, three to eight hours after the snack."""
    return state(one.fast, min(_LATE, max(_EARLY, 0.6 * float(times(one.fast)[-1]))))


def _fasts(people: People) -> Mapping[str, float]:
    everyone = cohort("benign")
    hours = np.array([one.hours for one in everyone])
    stopped = [one.fast for one in everyone if one.stopped]
    long = [one.fast for one in everyone if one.hours > 5]
    man, values = people.man.model, people.man.values
    rest = man.evaluate({**values, **man.at_rest(values), **man.input_values()})[1]
    healthy = float(rest["glucose.U_t"])
    return {
        **{f"stopped_{limit}h": float(100 * np.mean(hours <= limit)) for limit in (12, 24, 48)},
        "insulin_at_stop": microunits(_mean_end(stopped, "insulin.I")),
        "c_peptide_at_stop": _mean_end(stopped, "c_peptide.C_1") / _NG_PER_PMOL,
        "uptake_not_above": float(100 * np.mean([series(found, "glucose.U_t")[-1] <= healthy for found in long])),
    }


def _mean_end(every: list[Solution], name: str) -> float:
    return float(np.mean([series(found, name)[-1] for found in every]))


def _c_peptide(people: People) -> Mapping[str, float]:
    falls = [
        suppression_of(_SUPPRESSION.run(one.who, start=during_fast(one), solver=SOLVER)) for one in cohort("benign")
    ]
    return {
        **half_lives(people),
        "suppression": healthy_suppression(people),
        "suppression_insulinoma": float(np.mean(falls)),
    }


def _rise(who: Subject, start: Mapping[str, float]) -> float:
    """The rise of glucose in the half hour after 1 mg of glucagon into a vein, in mg/dL."""
    found = replace(protocol("glucagon-1mg-iv"), every=1.0).run(who, start=start)
    glucose = series(found, "glucose.G")
    return float(glucose[times(found) <= 30].max() - glucose[0])


def _glucagon(people: People) -> Mapping[str, float]:
    rises = np.array([_rise(one.who, state(one.fast)) for one in cohort("benign") if one.stopped])
    return {
        "rise": float(np.median(rises)),
        "share": float(100 * np.mean(rises >= 25)),
        "rise_men": _rise(people.man, state(long_fast(people.man))),
        "rise_women": _rise(people.woman, state(long_fast(people.woman))),
    }


def _proinsulin(people: People) -> Mapping[str, float]:
    return {
        kind: float(np.median([series(one.fast, "proinsulin.P_1")[-1] for one in cohort(kind) if one.stopped]))
        for kind in ("benign", "malignant")
    }


TARGETS = (
    Target(
        0, "fasts of insulinoma", "256 virtual patients, fast from 22 hours as it ships, ended by hypoglycemia", _fasts
    ),
    Target(
        12,
        "C-peptide",
        "decay after a bolus; 0.125 U/kg of insulin in an hour, healthy people, and 256 patients during their fast",
        _c_peptide,
    ),
    Target(17, "glucagon 1 mg", "into a vein at the end of the fast, patients and healthy people", _glucagon),
    Target(18, "proinsulin", "at the end of the fast, 256 benign and 128 malignant", _proinsulin),
)
