"""Who is simulated: a named set of parameters, and the state that daily life leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.parameter_set import by_hand, parameter_set, parameter_sets
from insulinoma.model.patient import patient
from insulinoma.model.subsystem import Parameter
from insulinoma.model.tumor import SITES
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.model.tumor_sets import tumor_set
from insulinoma.simulate.regimen import Regimen, give

if TYPE_CHECKING:
    from insulinoma.simulate.program import Solver

NO_GROWTH = 1e9
Meals = tuple[tuple[float, float], ...]
_THREE: Meals = ((7, 0.25), (12, 0.375), (18, 0.375))
FIVE_MEALS: Meals = ((7, 0.2), (10, 0.12), (13, 0.28), (18, 0.28), (22, 0.12))
# Sensitivity, autonomic failure and islets where long hyperinsulinemia has brought them; daily life goes on from there.
LONG_ILL = (
    ("insulin_action.A_L", 0.7),
    ("insulin_action.A_P", 0.23),
    ("counter_regulation.B", 0.6),
    ("islets.F", 0.6),
)


@dataclass(frozen=True)
class Subject:
    """A virtual person: parameters that differ from the typical ones, and the habits of daily life.

    `declared` holds the rows of the subject's tables with their spread; what was set by hand is in `parameters`
    alone, so that it is no prior. Meals are (hour, share of the
    `carbohydrate`, in g/kg by day); `dextrose` (mg/kg/min) runs in daily life and not in tests. A test
    after an overnight fast starts at the latest `longest_fast` hours after the last meal.
    """

    name: str
    parameters: tuple[tuple[str, float], ...] = ()
    declared: tuple[tuple[str, Parameter], ...] = ()
    carbohydrate: float = 3.0
    meals: Meals = _THREE
    dextrose: float = 0.0
    longest_fast: float = 12.0
    begin: tuple[tuple[str, float], ...] = ()
    model: Model = field(default_factory=patient)

    @property
    def values(self) -> dict[str, float]:
        """The values of all parameters of the subject."""
        return self.model.parameter_values(dict(self.parameters))

    @property
    def priors(self) -> dict[str, Parameter]:
        """All parameters of the model, with value, spread and source as the subject has them."""
        return {**self.model.parameters, **dict(self.declared)}

    @property
    def weight(self) -> float:
        """Body weight in kg."""
        return float(self.values["person.weight"])

    @property
    def last_meal(self) -> float:
        """The hour of the day at which the subject eats last; 22 for one who lives on infusions."""
        return self.meals[-1][0] if self.meals else 22.0


@dataclass(frozen=True)
class _Ill:
    """What makes a subject with a tumor: the table of the tumor, its sites, and habits."""

    tumor: str
    sites: tuple[str, ...]
    longest_fast: float
    meals: Meals = FIVE_MEALS
    dextrose: float = 0.0


_TUMORS = {
    "insulinoma": _Ill("benign-insulinoma", ("primary",), 12.0),
    "malignant-insulinoma": _Ill("malignant-insulinoma", SITES, 3.0),
    "muro-2014": _Ill("index-case", SITES, 1.0, meals=(), dextrose=1.5),
}


def subject(name: str) -> Subject:
    """The subject of a name, such as `healthy-woman`; UsageError with the nearest names.

    >>> subject("healthy-woman").weight
    58.0
    """
    if name not in parameter_sets():
        hint = did_you_mean(name, parameter_sets())
        raise UsageError(f"{name!r} is not a subject. Expected one of {', '.join(parameter_sets())}. {hint}".strip())
    ill = _TUMORS.get(name)
    if ill is None:
        return Subject(name, *_tables(parameter_set(name, patient()), {}))
    model = patient_with_tumor(sites=ill.sites)
    declared = {**tumor_set(ill.tumor, model), **parameter_set(name, model)}
    return Subject(
        name,
        *_tables(declared, by_hand(name, model)),
        carbohydrate=3.6,
        meals=ill.meals,
        dextrose=ill.dextrose,
        longest_fast=ill.longest_fast,
        begin=LONG_ILL,
        model=model,
    )


def _tables(
    declared: dict[str, Parameter], by_hand: dict[str, Parameter]
) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, Parameter], ...]]:
    values = {**declared, **by_hand}
    return tuple((name, item.value) for name, item in values.items()), tuple(declared.items())


def daily_meals(who: Subject, *, days: int) -> Regimen:
    """The meals of so many days from midnight on, and the dextrose that the subject lives with."""
    regimen = Regimen()
    for hour, share in who.meals:
        grams = share * who.carbohydrate * who.weight
        regimen += give("meal", f"{grams} g", at=f"{60 * hour} min", every="1 d", times=days)
    if who.dextrose:
        regimen += give("dextrose", f"{who.dextrose} mg/kg/min", start="0 d", stop=f"{days} d")
    return regimen


@lru_cache(maxsize=64)
def habitual_state(
    who: Subject, *, hours_fasted: float, days: int = 14, solver: Solver | None = None
) -> dict[str, float]:
    """The states of the body after days of daily life, so many hours after the last meal (0: right before it).

    The tumor stays what it is at time zero. ComputationError when the subject cannot be brought there.
    """
    from insulinoma.simulate.solver import simulate

    end = (days - 1) * 1440 + 60 * (who.last_meal + hours_fasted)
    held = {"tumor.VDT": NO_GROWTH} if "tumor.VDT" in who.model.parameters else {}
    found = simulate(
        who.model,
        daily_meals(who, days=days),
        end=end,
        every=end,
        parameters={**dict(who.parameters), **held},
        start=dict(who.begin),
        priors=dict(who.declared),
        solver=solver,
    ).require()
    return {name: float(found[name][-1]) for name in who.model.states if name in patient().states}
