"""Days of frequent meals, as patients with an insulinoma live, counted from the late snack."""

from __future__ import annotations

from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.subject import Subject

SOLVER = Solver(rtol=1e-5, atol=1e-6)


def eating(who: Subject, *, days: int) -> Regimen:
    """The meals of the subject for days that begin with the last meal of the day before."""
    regimen = Regimen()
    for hour, share in who.meals:
        grams, start = share * who.carbohydrate * who.weight, (hour - who.last_meal) % 24
        regimen += give("meal", f"{grams} g", at=f"{60 * start} min", every="1 d", times=days)
    return regimen


def last_meal(who: Subject, *, at: float = 0.0) -> Regimen:
    """The last meal of the day, alone."""
    return give("meal", f"{who.meals[-1][1] * who.carbohydrate * who.weight} g", at=f"{at} min")
