"""Targets 11 and 12 in healthy people: the fast of 72 hours, and C-peptide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np

from insulinoma.simulate.protocol import Protocol, protocol
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject, habitual_state
from insulinoma.simulate.validation.people import People, drip
from insulinoma.simulate.validation.reading import at, mean, series, times
from insulinoma.simulate.validation.target import Target

_DIGESTED = 300.0
_BOLUS = Protocol(
    name="c-peptide-bolus",
    meaning="C-peptide into a vein, islets silent",
    ref="VanCauter1992",
    minutes=240.0,
    every=1.0,
    regimen=lambda who: drip("f_islet", "0", 240),
)


@cache
def long_fast(who: Subject) -> Solution:
    """72 hours without food from the last dinner of days with 3.75 g/kg of carbohydrate, not ended by any rule."""
    return replace(protocol("fast-72h"), rules=()).run(replace(who, carbohydrate=3.75))


def _fasting(people: People) -> Mapping[str, float]:
    man, woman = long_fast(people.man), long_fast(people.woman)
    shares = {f"share_{start}": _new_glucose(man, start, stop) for start, stop in ((0, 22), (22, 36), (36, 54))}
    return {
        "nadir_men": float(series(man, "glucose.G").min()),
        "nadir_women": float(series(woman, "glucose.G").min()),
        **shares,
    }


def _new_glucose(found: Solution, start: float, stop: float) -> float:
    """Share of production in % that is not net loss of glycogen, hours counted from five hours after dinner."""
    first, last = _DIGESTED + 60 * start, _DIGESTED + 60 * stop
    lost = (at(found, "liver.Gc", first) - at(found, "liver.Gc", last)) / (last - first)
    return 100 * (1 - lost / mean(found, "liver.EGP", first, last))


def suppression_of(found: Solution) -> float:
    """The fall of C-peptide to its lowest, in %."""
    level = series(found, "c_peptide.C_1")
    return float(100 * (1 - level.min() / level[0]))


def half_lives(people: People) -> dict[str, float]:
    """Both half-lives of C-peptide in minutes, from its decay as one reads it from samples."""
    start = habitual_state(people.man, hours_fasted=12.0) | {"c_peptide.C_1": 5000.0, "c_peptide.C_2": 0.0}
    found = _BOLUS.run(people.man, start=start)
    moments, level = times(found), series(found, "c_peptide.C_1")
    late = (moments >= 120) & (moments <= 200)
    slow, offset = np.polyfit(moments[late], np.log(level[late]), 1)
    early = (moments > 2) & (moments < 15)
    fast, _ = np.polyfit(moments[early], np.log(level[early] - np.exp(offset + slow * moments[early])), 1)
    return {"half_life_fast": float(-np.log(2) / fast), "half_life_slow": float(-np.log(2) / slow)}


def healthy_suppression(people: People) -> float:
    """The fall of C-peptide in % while 0.125 U/kg of insulin are given over an hour."""
    return suppression_of(replace(protocol("c-peptide-suppression"), every=1.0).run(people.man))


TARGETS = (
    Target(
        11,
        "fast of 72 hours",
        "man and woman, 72 hours from the last dinner of a diet with 3.75 g/kg of carbohydrate",
        _fasting,
    ),
)
