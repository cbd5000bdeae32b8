"""Which output feeds which input, with every fault of the wiring found at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from insulinoma.errors import Fault, InputError, did_you_mean
from insulinoma.model.subsystem import Input, Subsystem
from insulinoma.model.units import ratio

Parts = Mapping[str, Subsystem]


@dataclass(frozen=True)
class Wire:
    """The source of an input, and the factor that joins a clock in days to one in minutes."""

    source: str
    factor: float


def wire(model: str, parts: Parts, connect: Mapping[str, str]) -> dict[str, Wire]:
    """The wire of every input that is fed from inside the model, by qualified name.

    An input takes the one quantity of another subsystem that has its name, or the one that
    `connect` names. InputError with all faults: missing, doubled and unit-mismatched connections.
    """
    sources = dict(_sources(parts))
    faults = list(_unknown_inputs(model, parts, connect))
    wires = {}
    for part, subsystem in parts.items():
        for name, declared in subsystem.inputs.items():
            target = f"{part}.{name}"
            found = _source(model, target, declared, sources, connect.get(target))
            if isinstance(found, Fault):
                faults.append(found)
            elif found:
                joined = _join(model, target, declared.unit, found, sources[found])
                if isinstance(joined, Fault):
                    faults.append(joined)
                else:
                    wires[target] = joined
    if faults:
        raise InputError(faults)
    return wires


def _sources(parts: Parts) -> Iterator[tuple[str, str]]:
    for part, subsystem in parts.items():
        for table in (subsystem.states, subsystem.outputs, subsystem.constants, subsystem.parameters):
            for name, declared in table.items():
                yield f"{part}.{name}", declared.unit


def _unknown_inputs(model: str, parts: Parts, connect: Mapping[str, str]) -> Iterator[Fault]:
    inputs = [f"{part}.{name}" for part, subsystem in parts.items() for name in subsystem.inputs]
    for target, source in connect.items():
        if target not in inputs:
            problem = f"{source!r} is connected to {target!r}, which is not an input"
            yield Fault(
                model,
                0,
                target,
                "unknown-input",
                problem,
                "an input of the model",
                did_you_mean(target, inputs),
            )


def _source(
    model: str, target: str, declared: Input, sources: Mapping[str, str], chosen: str | None
) -> str | Fault | None:
    if chosen is not None:
        if chosen in sources:
            return chosen
        problem = f"the input {target!r} is connected to {chosen!r}, which does not exist"
        return Fault(
            model,
            0,
            target,
            "missing-source",
            problem,
            "a quantity of the model",
            did_you_mean(chosen, sources),
        )
    part, _, name = target.partition(".")
    same = [source for source in sources if source.endswith(f".{name}") and not source.startswith(f"{part}.")]
    if len(same) > 1:
        problem = f"the input {target!r} could come from {' and from '.join(map(repr, same))}"
        return Fault(
            model,
            0,
            target,
            "doubled",
            problem,
            "one source",
            f"Name the one in connect={{{target!r}: ...}}.",
        )
    if not same and declared.default is None:
        problem = f"the input {target!r} ({declared.meaning}, {declared.unit}) has no source"
        expected = f"another subsystem with a quantity named {name!r}, or an entry of connect"
        return Fault(model, 0, target, "missing", problem, expected, did_you_mean(name, sources))
    return same[0] if same else None


def _join(model: str, target: str, unit: str, source: str, source_unit: str) -> Wire | Fault:
    factor = ratio(source_unit, unit)
    clocks = round(math.log(factor, 1440)) if factor and factor > 0 else 0
    if factor is not None and math.isclose(factor, 1440.0**clocks, rel_tol=1e-12) and (clocks == 0 or _timed(unit)):
        return Wire(source, factor if clocks else 1.0)
    problem = f"{source!r} gives {source_unit}, {target!r} takes {unit}"
    return Fault(model, 0, target, "unit-mismatch", problem, f"{unit} from {source!r}", "Change one of the two units.")


def _timed(unit: str) -> bool:
    return any(part.strip("/ *") in ("min", "d") for part in unit.replace("/", " ").replace("*", " ").split())
