"""Subsystems joined into one model by the names of their inputs and outputs.

Names are qualified by the part, as in `glucose.G_p`. Time runs in minutes; the equations of a part
whose clock is in days are divided by 1440 here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from insulinoma.errors import Fault, InputError, UsageError, did_you_mean
from insulinoma.model.availability import KNOWN, UNKNOWN, is_known
from insulinoma.model.subsystem import (
    Constant,
    Equations,
    Event,
    Input,
    Output,
    Parameter,
    State,
    Subsystem,
    Values,
)
from insulinoma.model.units import MINUTES
from insulinoma.model.wiring import Wire, wire

_Declared = TypeVar("_Declared", State, Input, Output, Constant, Parameter, Event)
_Call = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Model:
    """A composed model. Made by `compose`; all quantities by qualified name."""

    name: str
    parts: Mapping[str, Subsystem]
    connect: Mapping[str, str]
    wires: Mapping[str, Wire]

    @cached_property
    def states(self) -> dict[str, State]:
        """All states; their order is that of the vector inside `simulate`."""
        return self._qualified(lambda part: part.states)

    @cached_property
    def outputs(self) -> dict[str, Output]:
        """All outputs."""
        return self._qualified(lambda part: part.outputs)

    @cached_property
    def constants(self) -> dict[str, Constant]:
        """All numbers that follow from the parameters."""
        return self._qualified(lambda part: part.constants)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """All parameters."""
        return self._qualified(lambda part: part.parameters)

    @cached_property
    def events(self) -> dict[str, Event]:
        """All events that a regimen can cause."""
        return self._qualified(lambda part: part.events)

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """The inputs that no subsystem feeds: a regimen sets them, and their default holds otherwise."""
        found = self._qualified(lambda part: part.inputs)
        return {name: declared for name, declared in found.items() if name not in self.wires}

    def parameter_values(self, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The values of all parameters, some of them changed; UsageError for an unknown name."""
        for name in changes or {}:
            if name not in self.parameters:
                hint = did_you_mean(name, self.parameters)
                raise UsageError(f"{name!r} is not a parameter of {self.name}. {hint}".strip())
        return {name: declared.value for name, declared in self.parameters.items()} | dict(changes or {})

    def input_values(self) -> dict[str, float]:
        """The inputs of the model when no regimen acts."""
        return {name: float(declared.default or 0.0) for name, declared in self.inputs.items()}

    def at_rest(self, parameters: Mapping[str, Any], inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The states at rest and the constants that follow from the parameters.

        >>> from insulinoma.model.library.topp import topp_2000
        >>> round(topp_2000().at_rest(topp_2000().parameter_values())["islets.B"], 9)
        300.0
        """
        known = {**parameters, **(self.input_values() if inputs is None else inputs)}
        for call in self._calls_at_rest:
            self._run(call, known)
        return {name: known[name] for name in (*self.states, *self.constants)}

    def evaluate(self, known: Mapping[str, Any]) -> tuple[Equations, Equations]:
        """The derivatives of all states by minute, and all outputs.

        `known` holds states, parameters, constants and free inputs.
        """
        found = dict(known)
        rates: Equations = {}
        for call in self._calls:
            rates.update(self._run(call, found))
        return {name: rates[name] for name in self.states}, {name: found[name] for name in self.outputs}

    def happen(self, name: str, known: Mapping[str, Any], amount: Any) -> Equations:
        """The states that an event changes, with their values after it.

        `known` holds states, parameters, constants, free inputs and outputs.
        """
        part, _, _ = name.partition(".")
        changed = self.events[name].action(self.parts[part], *self.views(part, known), amount)
        return {f"{part}.{state}": value for state, value in changed.items()}

    def views(self, part: str, known: Mapping[str, Any]) -> tuple[Values, Values, Values]:
        """What one part sees of the model: its states, its parameters and constants, its inputs."""
        subsystem = self.parts[part]
        own = [*subsystem.parameters, *subsystem.constants]
        return (
            Values({name: known.get(f"{part}.{name}", UNKNOWN) for name in subsystem.states}),
            Values({name: known.get(f"{part}.{name}", UNKNOWN) for name in own}),
            Values({name: self._input(f"{part}.{name}", known) for name in subsystem.inputs}),
        )

    def _input(self, target: str, known: Mapping[str, Any]) -> Any:
        joined = self.wires.get(target)
        if joined is None:
            return known[target]
        value = known.get(joined.source, UNKNOWN)
        return value if joined.factor == 1.0 else value * joined.factor

    def _run(self, call: _Call, known: dict[str, Any]) -> Equations:
        method, part = call
        subsystem = self.parts[part]
        y, p, u = self.views(part, known)
        if method == "basal":
            starts = {name: state.initial for name, state in subsystem.states.items() if state.initial is not None}
            known.update({f"{part}.{name}": value for name, value in {**starts, **subsystem.basal(p, u)}.items()})
            return {}
        found = subsystem.equations(y, p, u)
        known.update({f"{part}.{name}": found[name] for name in subsystem.outputs})
        minutes = MINUTES[subsystem.time_unit]
        rates = {f"{part}.{name}": found[name] for name in subsystem.states}
        return rates if minutes == 1.0 else {name: rate / minutes for name, rate in rates.items()}

    @cached_property
    def _calls(self) -> list[_Call]:
        given = {**self.states, **self.parameters, **self.constants, **self.inputs}
        last = [("equations", part) for part in self.parts]
        return [*self._schedule(last, dict.fromkeys(given, KNOWN), self.outputs), *last]

    @cached_property
    def _calls_at_rest(self) -> list[_Call]:
        calls = [(method, part) for part in self.parts for method in ("basal", "equations")]
        given = dict.fromkeys({**self.parameters, **self.inputs}, KNOWN)
        return self._schedule(calls, given, {**self.states, **self.constants})

    def _schedule(self, calls: list[_Call], known: dict[str, Any], wanted: Iterable[str]) -> list[_Call]:
        """The calls, each as often as it has something new to give, until all that is wanted is known."""
        schedule: list[_Call] = []
        while unknown := [name for name in wanted if not is_known(known.get(name, UNKNOWN))]:
            before = len(schedule)
            for call in calls:
                part = self.parts[call[1]]
                own = [f"{call[1]}.{name}" for name in (*part.states, *part.constants, *part.outputs)]
                count = _count(known, own)
                self._run(call, known)
                if _count(known, own) > count:
                    schedule.append(call)
            if len(schedule) == before:
                loop = " and ".join(map(repr, unknown))
                problem = f"{loop} wait for one another: an algebraic loop"
                raise InputError([Fault(self.name, 0, unknown[0], "loop", problem, "a state inside the loop")])
        return schedule

    def _qualified(self, table: Callable[[Subsystem], Mapping[str, _Declared]]) -> dict[str, _Declared]:
        return {
            f"{name}.{local}": declared
            for name, subsystem in self.parts.items()
            for local, declared in table(subsystem).items()
        }


def compose(name: str, parts: Mapping[str, Subsystem], *, connect: Mapping[str, str] | None = None) -> Model:
    """The model made of parts, each input fed by the quantity of its name or by the one in `connect`.

    InputError with every fault of the wiring, both ends named.
    """
    chosen = dict(connect or {})
    if faults := [fault for part, subsystem in parts.items() for fault in _incomplete(name, part, subsystem)]:
        raise InputError(faults)
    model = Model(name, dict(parts), chosen, wire(name, parts, chosen))
    model.at_rest(dict.fromkeys(model.parameters, KNOWN), dict.fromkeys(model.inputs, KNOWN))
    model.evaluate(dict.fromkeys({**model.states, **model.parameters, **model.constants, **model.inputs}, KNOWN))
    return model


def extend(model: Model, name: str, parts: Mapping[str, Subsystem], *, connect: Mapping[str, str]) -> Model:
    """A model with more parts: a protocol's controller, a treatment."""
    return compose(name, {**model.parts, **parts}, connect={**model.connect, **connect})


def _incomplete(model: str, part: str, subsystem: Subsystem) -> Iterator[Fault]:
    """The names that a part declares and does not compute, or computes and does not declare."""
    y, u = (Values(dict.fromkeys(table, KNOWN)) for table in (subsystem.states, subsystem.inputs))
    p = Values(dict.fromkeys({**subsystem.parameters, **subsystem.constants}, KNOWN))
    started = [name for name, state in subsystem.states.items() if state.initial is not None]
    given = {
        "equations": (set(subsystem.equations(y, p, u)), {*subsystem.states, *subsystem.outputs}),
        "basal": ({*started, *subsystem.basal(p, u)}, {*subsystem.states, *subsystem.constants}),
    }
    for method, (computed, declared) in given.items():
        for name in sorted(computed ^ declared):
            problem = f"{name!r} is declared and not in" if name in declared else f"{name!r} is not declared but in"
            where = f"{part}.{name}"
            yield Fault(model, 0, where, method, f"{problem} the result of {method}()", "declared names, all of them")


def _count(known: Mapping[str, Any], names: Iterable[str]) -> int:
    return sum(is_known(known.get(name, UNKNOWN)) for name in names)
