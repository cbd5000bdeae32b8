"""A model as symbols: every derivative, output, initial state and event as an expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy

from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Values
from insulinoma.model.units import MINUTES


@dataclass(frozen=True)
class Symbols:
    """The symbols of a model. An output is a symbol where others use it, not its expression."""

    model: Model

    @cached_property
    def names(self) -> dict[str, str]:
        """Identifier of every quantity: `glucose.G_p` is `glucose__G_p`."""
        model = self.model
        every = (*model.states, *model.outputs, *model.constants, *model.parameters, *model.inputs)
        return {name: name.replace(".", "__") for name in every}

    def symbol(self, name: str) -> Any:
        """The symbol of a qualified name."""
        return sympy.Symbol(self.names[name], real=True)

    @cached_property
    def minutes_per_day(self) -> Any:
        """The symbol that joins a clock in days to one in minutes."""
        return sympy.Symbol("minutes_per_day", positive=True)

    def rates(self, part: str) -> dict[str, Any]:
        """The derivatives of a part by minute, by qualified name of the state."""
        subsystem = self.model.parts[part]
        found = subsystem.equations(*self._views(part))
        clock = 1 if MINUTES[subsystem.time_unit] == 1.0 else self.minutes_per_day
        return {f"{part}.{name}": sympy.sympify(found[name]) / clock for name in subsystem.states}

    def outputs(self, part: str) -> dict[str, Any]:
        """The outputs of a part, by qualified name."""
        subsystem = self.model.parts[part]
        found = subsystem.equations(*self._views(part))
        return {f"{part}.{name}": sympy.sympify(found[name]) for name in subsystem.outputs}

    def at_rest(self, part: str) -> dict[str, Any]:
        """The initial states and the constants of a part, by qualified name."""
        subsystem = self.model.parts[part]
        _, p, u = self._views(part)
        given = {name: state.initial for name, state in subsystem.states.items() if state.initial is not None}
        found = {**given, **subsystem.basal(p, u)}
        return {f"{part}.{name}": sympy.sympify(value) for name, value in found.items()}

    def happen(self, event: str, amount: Any) -> dict[str, Any]:
        """The states after an event, by qualified name."""
        part = event.partition(".")[0]
        found = self.model.events[event].action(self.model.parts[part], *self._views(part), amount)
        return {f"{part}.{name}": sympy.sympify(value) for name, value in found.items()}

    def _views(self, part: str) -> tuple[Values, Values, Values]:
        subsystem = self.model.parts[part]
        return (
            self._own(part, subsystem.states),
            self._own(part, [*subsystem.parameters, *subsystem.constants]),
            Values({name: self._input(f"{part}.{name}") for name in subsystem.inputs}),
        )

    def _own(self, part: str, names: Iterable[str] | Mapping[str, Any]) -> Values:
        return Values({name: self.symbol(f"{part}.{name}") for name in names})

    def _input(self, target: str) -> Any:
        wire = self.model.wires.get(target)
        if wire is None:
            return self.symbol(target)
        source = self.symbol(wire.source)
        if wire.factor == 1.0:
            return source
        return source * self.minutes_per_day if wire.factor > 1.0 else source / self.minutes_per_day
