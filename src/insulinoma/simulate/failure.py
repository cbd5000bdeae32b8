"""Why a simulation failed, in one sentence a person can act on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Parameter


def explain(
    model: Model, known: Mapping[str, Any], minutes: float, priors: Mapping[str, Parameter] | None = None
) -> str:
    """When it failed, the state that moved fastest, and the parameter farthest from its prior.

    `priors` replace values and spreads that the model declares.
    """
    try:
        rates, _ = model.evaluate({name: float(value) for name, value in known.items()})
        worst = max(rates, key=lambda name: _haste(rates[name], known[name]))
    except (ArithmeticError, ValueError, TypeError):
        worst = next((name for name in model.states if not math.isfinite(known[name])), next(iter(model.states)))
    value = _in_units(known[worst], model.states[worst].unit)
    return f"The integration failed at {minutes:.6g} min, where {worst} was {value}; {suspect(model, known, priors)}."


def suspect(model: Model, known: Mapping[str, Any], priors: Mapping[str, Parameter] | None = None) -> str:
    """The parameter farthest from its prior, in words."""
    prior = {**model.parameters, **(priors or {})}
    farthest = max(prior, key=lambda name: _distance(prior[name], known[name]))
    distance = _distance(prior[farthest], known[farthest])
    value = f"{farthest} = {_in_units(known[farthest], model.parameters[farthest].unit)}"
    if distance <= 0:
        return "all parameters are at their prior"
    return f"the parameter farthest from its prior is {value} ({distance:.1f} standard deviations)"


def _in_units(value: Any, unit: str) -> str:
    return f"{value:.4g}" if unit == "1" else f"{value:.4g} {unit}"


def _haste(rate: Any, value: Any) -> float:
    haste = abs(rate) / (abs(value) + 1e-9) if isinstance(rate, float) else math.inf
    return haste if math.isfinite(haste) else math.inf


def _distance(declared: Parameter, value: Any) -> float:
    """How many standard deviations of the logarithm (0.3 where none is declared) from the typical value."""
    if value == declared.value or declared.value <= 0:
        return 0.0
    if value <= 0:
        return math.inf
    return abs(math.log(value / declared.value)) / (declared.log_spread or 0.3)
