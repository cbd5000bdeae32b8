"""Targets 6, 7 and 9: glucose clamps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from insulinoma.simulate.validation.meals import morning
from insulinoma.simulate.validation.people import People, clamp, drip
from insulinoma.simulate.validation.reading import at, mean, microunits
from insulinoma.simulate.validation.target import Target

_THIEBAUD = (0.5, 0.8, 1.0, 3.0, 10.0)
_RIZZA = (0.15, 0.3, 0.45, 0.6, 0.8, 1.2, 2.0, 4.0, 10.0)


def _infusion(people: People) -> Mapping[str, float]:
    runs = [clamp(rate, 90, 120).run(people.man) for rate in _THIEBAUD]
    insulin = [microunits(mean(found, "insulin.I", 80, 120)) for found in runs]
    given = [mean(found, "clamp.clamp", 80, 120) for found in runs]
    return {f"infusion_{level}": float(np.interp(level, insulin, given)) for level in (72, 100, 300, 1132)}


def _dose_response(people: People) -> Mapping[str, float]:
    runs = [clamp(rate, 90, 180).run(people.man) for rate in _RIZZA]
    basal = at(morning(people), "liver.EGP", 60)
    insulin = np.array([microunits(mean(found, "insulin.I", 150, 180)) for found in runs])
    production = np.array([mean(found, "liver.EGP", 150, 180) for found in runs])
    disposal = np.array([mean(found, "glucose.R_d", 150, 180) for found in runs])
    first = microunits(at(morning(people), "insulin.I", 60))
    return {
        "production_half": float(np.interp(-basal / 2, -np.r_[basal, production], np.r_[first, insulin])),
        "disposal_half": float(np.interp((disposal[-1] + basal) / 2, disposal, insulin)),
        "production_60": float(np.interp(60, insulin, production)),
        "disposal_largest": float(disposal[-1]),
    }


def _hypoglycemia(people: People) -> Mapping[str, float]:
    """At 50 mg/dL, and at 90 mg/dL with the glucagon and epinephrine of hypoglycemia infused."""
    low, normal = clamp(2.0, 50, 120).run(people.man), clamp(2.0, 90, 120).run(people.man)
    values = people.man.values
    rise = {
        name: mean(low, f"counter_regulation.{name}", 90, 120) - mean(normal, f"counter_regulation.{name}", 90, 120)
        for name in ("H", "Ep")
    }
    glucagon = rise["H"] * values["counter_regulation.CL_H"]
    epinephrine = rise["Ep"] / values["counter_regulation.tau_E"]
    more = drip("glucagon_infusion", f"{glucagon} pg/kg/min", 120)
    more += drip("epinephrine_infusion", f"{epinephrine} pg/mL/min", 120)
    replaced = clamp(2.0, 90, 120, more=more).run(people.man)
    return {
        "production_50": mean(low, "liver.EGP", 90, 120),
        "disposal_50": mean(low, "glucose.R_d", 90, 120),
        "production_90": mean(replaced, "liver.EGP", 90, 120),
        "disposal_90": mean(replaced, "glucose.R_d", 90, 120),
    }


TARGETS = (
    Target(6, "clamp, infusion", "glucose held at 90 mg/dL, five doses of insulin, last 40 of 120 minutes", _infusion),
    Target(7, "clamp, dose-response", "glucose held at 90 mg/dL, nine doses, last 30 of 180 minutes", _dose_response),
    Target(9, "hypoglycemic clamp", "2 mU/kg/min, 50 mg/dL; again at 90 with the hormones infused", _hypoglycemia),
)
