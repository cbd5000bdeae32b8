"""Who is simulated: a named set of parameters, and the state that daily life leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.parameter_set import parameter_set, parameter_sets
from insulinoma.model.patient import patient
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

DINNER = 18 * 60.0
_MEALS = (("07:00", 0.25), ("12:00", 0.375), ("18:00", 0.375))


@dataclass(frozen=True)
class Subject:
    """A virtual person: parameters that differ from the typical ones, and the daily carbohydrate in g/kg."""

    name: str
    parameters: tuple[tuple[str, float], ...] = ()
    carbohydrate: float = 3.0
    model: Model = field(default_factory=patient)

    @property
    def values(self) -> dict[str, float]:
        """The values of all parameters of the subject."""
        return self.model.parameter_values(dict(self.parameters))

    @property
    def weight(self) -> float:
        """Body weight in kg."""
        return float(self.values["person.weight"])


def subject(name: str) -> Subject:
    """The subject of a name, such as `healthy-woman`; UsageError with the nearest names.

    >>> subject("healthy-woman").weight
    58.0
    """
    if name not in parameter_sets():
        hint = did_you_mean(name, parameter_sets())
        raise UsageError(f"{name!r} is not a subject. Expected one of {', '.join(parameter_sets())}. {hint}".strip())
    return Subject(name, tuple(parameter_set(name, patient()).items()))


def daily_meals(who: Subject, *, days: int) -> Regimen:
    """Three meals a day, a quarter of the carbohydrate in the morning, the rest at noon and in the evening."""
    regimen = Regimen()
    for clock, share in _MEALS:
        grams = share * who.carbohydrate * who.weight
        regimen += give("meal", f"{grams} g", at=f"day 0 {clock}", every="1 d", times=days)
    return regimen


@lru_cache(maxsize=64)
def habitual_state(who: Subject, *, hours_fasted: float, days: int = 14) -> dict[str, float]:
    """All states after days of three meals, so many hours after the last dinner (0: right before it).

    ComputationError when the subject cannot be brought there.
    """
    end = (days - 1) * 1440 + DINNER + hours_fasted * 60
    found = simulate(who.model, daily_meals(who, days=days), end=end, every=end, parameters=dict(who.parameters))
    return {name: float(found.require()[name][-1]) for name in who.model.states}
