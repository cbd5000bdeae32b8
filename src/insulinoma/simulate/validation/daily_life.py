"""The daily life of patients with an insulinoma, who eat often, and the fast that ends it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.stopping import Limit, StopRule
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.reading import state

SOLVER = Solver(rtol=1e-5, atol=1e-6)
BELOW_45 = StopRule("hypoglycemia", "plasma glucose below 45 mg/dL", (Limit("glucose.G", 45.0),))
_SNACK = 0.12
_MEALS = ((9, 0.2), (12, 0.12), (15, 0.28), (20, 0.28))
_SMOOTH = 0.15


def eating(who: Subject, *, days: int, first: float = 0.0) -> Regimen:
    """Five meals a day at 07, 10, 13, 18 and 22 hours, days that begin with the late snack."""
    regimen = Regimen()
    for hour, share in ((0, _SNACK), *_MEALS):
        grams = f"{share * who.carbohydrate * who.weight} g"
        regimen += give("meal", grams, at=f"{first + 60 * hour} min", every="1 d", times=days)
    return regimen


def before_snack(who: Subject, *, days: int = 6) -> dict[str, float]:
    """All states after days of such meals, right before the snack of 22 hours."""
    found = simulate(
        who.model,
        eating(who, days=days),
        end=1440.0 * days,
        every=1440.0,
        parameters=dict(who.parameters),
        start=_adapted(who),
        solver=SOLVER,
    )
    return state(found.require())


def fast(
    who: Subject, start: Mapping[str, float], *, hours: float, snack: bool = True, rules: tuple[StopRule, ...] = ()
) -> Solution:
    """A fast from the snack of 22 hours, sampled every five minutes, ended by the rules."""
    regimen = give("meal", f"{_SNACK * who.carbohydrate * who.weight} g", at="0 min") if snack else Regimen()
    return simulate(
        who.model,
        regimen,
        end=60.0 * hours,
        parameters=dict(who.parameters),
        start=start,
        rules=rules,
        solver=SOLVER,
    ).require()


def _adapted(who: Subject) -> dict[str, float]:
    """A first guess of what changes over days: sensitivities, autonomic failure, islets, from the tumor's secretion."""
    p = who.values
    cleared = (p["insulin.CL_h"] + p["insulin.CL_p"]) * p["insulin.I_b"]
    insulin = max(1.3, 1 + p["tumor.sigma"] * 0.5 * (1 - p["insulin.E_Hb"]) / cleared)
    lost = {name: p[f"insulin_action.kappa_{name}"] for name in ("L", "P")}
    sensitivity = {
        f"insulin_action.A_{name}": 0.9 * (1 + _SMOOTH * kappa) / (1 + kappa * (math.log(insulin) + _SMOOTH))
        for name, kappa in lost.items()
    }
    return {**sensitivity, "counter_regulation.B": 0.6, "islets.F": 0.6}
