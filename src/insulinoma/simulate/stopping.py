"""Rules that end a simulation before its time, as a protocol states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Limit:
    """A quantity of the model at or beyond a value, in the unit of the model."""

    quantity: str
    value: float
    side: str = "below"


@dataclass(frozen=True)
class StopRule:
    """Ends the simulation, by the name of what happened, at the moment at which all of its limits are reached."""

    name: str
    text: str
    limits: tuple[Limit, ...]

    def gaps(self, known: Mapping[str, Any]) -> list[Any]:
        """How far each limit is from being reached, by its value; `known` holds states and outputs."""
        return [
            (known[limit.quantity] - limit.value) * (1.0 if limit.side == "below" else -1.0) / abs(limit.value)
            for limit in self.limits
        ]

    def distance(self, known: Mapping[str, Any]) -> Any:
        """Positive while the rule is not met."""
        from jax import numpy as jnp

        return jnp.max(jnp.stack(self.gaps(known)))


HYPOGLYCEMIA = StopRule("hypoglycemia", "plasma glucose at or below 45 mg/dL", (Limit("glucose.G", 45.0),))
SYMPTOMS = StopRule(
    "hypoglycemia",
    "plasma glucose below 55 mg/dL with symptoms",
    (Limit("glucose.G", 55.0), Limit("symptoms.neuroglycopenia", 0.5, side="above")),
)
