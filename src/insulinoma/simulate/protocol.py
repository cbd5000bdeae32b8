"""The named tests of the field: what is given, for how long, and what ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from insulinoma.errors import ComputationError, UsageError, did_you_mean
from insulinoma.model.clamp import GlucoseClamp
from insulinoma.model.compose import Model, extend
from insulinoma.model.parameter_set import parameter_sets
from insulinoma.quantities import join_or
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.solution import Solution, no_solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.stopping import StopRule
from insulinoma.simulate.subject import Subject, habitual_state, subject


@dataclass(frozen=True)
class Protocol:
    """A test: its regimen for a subject, its length in minutes, the rules that end it before.

    It starts `hours_fasted` after the last meal of days of daily life, or at midnight where that is
    not stated. `clamped` adds the controller that holds glucose at the `target` of the regimen.
    `needs` names the part of the model without which the test makes no sense. `notes` are told with the result.
    """

    name: str
    meaning: str
    ref: str
    minutes: float
    regimen: Callable[[Subject], Regimen]
    hours_fasted: float | None = 12.0
    every: float = 5.0
    rules: tuple[StopRule, ...] = ()
    clamped: bool = False
    needs: str = ""
    notes: tuple[str, ...] = ()

    def model(self, who: Subject) -> Model:
        """The model of the subject, with the controller where the test is a clamp.

        UsageError when the test needs what the subject does not have, such as a tumor.
        """
        if self.needs and self.needs not in who.model.parts:
            lacks = "metastases in the liver" if "primary" in who.model.parts else "a tumor"
            able = [name for name in parameter_sets() if self.needs in subject(name).model.parts]
            raise UsageError(f"{self.name!r} needs {lacks}, and {who.name!r} has none. Expected {join_or(able)}.")
        return _clamped(who.model) if self.clamped else who.model

    def run(self, who: Subject, *, start: Mapping[str, float] | None = None, solver: Solver | None = None) -> Solution:
        """The course of a subject in this test, from `start` or from the subject's daily life.

        Where daily life cannot be computed, the solution has failed and holds no series.
        """
        model = self.model(who)
        origin = {"subject": who.name, "protocol": self.name, "ref": self.ref}
        try:
            state = habitual_state(who, hours_fasted=self.hours(who), solver=solver) if start is None else start
        except ComputationError as error:
            return no_solution(f"Daily life before the test: {error}", origin)
        found = simulate(
            model,
            self.regimen(who),
            end=self.minutes,
            every=self.every,
            parameters=dict(who.parameters),
            start=state,
            rules=self.rules,
            solver=solver,
            priors=dict(who.declared),
        )
        return replace(found, origin={**found.origin, **origin})

    def hours(self, who: Subject) -> float:
        """Hours between the last meal and the start, at most those that the subject endures."""
        return 24 - who.last_meal if self.hours_fasted is None else min(self.hours_fasted, who.longest_fast)


def protocol(name: str) -> Protocol:
    """The protocol of a name, such as `fast-72h`; UsageError with the nearest names.

    >>> protocol("fast-72h").minutes
    4320.0
    """
    from insulinoma.simulate.protocols import PROTOCOLS

    if name not in PROTOCOLS:
        hint = did_you_mean(name, PROTOCOLS)
        raise UsageError(f"{name!r} is not a protocol. Expected one of {', '.join(PROTOCOLS)}. {hint}".strip())
    return PROTOCOLS[name]


def of_regimen(name: str, orders: Regimen) -> Protocol:
    """The orders alone, from midnight after days of daily life until a day after the last of them."""
    last = max((stop or start for order in orders.orders for start, stop in order.occasions()), default=0.0)
    meaning = "the orders of a regimen and nothing else, until a day after the last"
    return Protocol(name, meaning, "", last + 1440.0, lambda who: orders, hours_fasted=None)


@lru_cache(maxsize=8)
def _clamped(model: Model) -> Model:
    return extend(model, f"{model.name}_clamped", {"clamp": GlucoseClamp()}, connect={})
