"""Equations run on quantities: dimensions must match, and no unit may be converted in silence.

A sum of 1/h and 1/min has matching dimensions, and yet the same numbers without units give another
result. So each equation is computed with quantities and with bare numbers, and the two must agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pint

from insulinoma.errors import Fault
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Equations, Subsystem, Values
from insulinoma.model.units import registry, unit

_Views = tuple[Values, Values, Values]


def check_units(model: Model, *, off_rest: float = 1.3) -> list[Fault]:
    """Every unit fault in the equations, the basal states and the events of a model.

    The equations are evaluated away from rest, at `off_rest` times the basal states, so that no
    term is hidden by being zero.
    """
    known = _somewhere(model, off_rest)
    faults: list[Fault] = []
    for part, subsystem in model.parts.items():
        bare = model.views(part, known)
        measured = _with_units(subsystem, bare)
        where = f"{model.name}.{part}"
        clock = subsystem.time_unit
        units = {name: f"{state.unit}/{clock}" for name, state in subsystem.states.items()}
        units |= {name: output.unit for name, output in subsystem.outputs.items()}
        faults += _agree(where, "equations", subsystem.equations(*bare), partial(subsystem.equations, *measured), units)
        rest = {name: state.unit for name, state in subsystem.states.items()}
        rest |= {name: constant.unit for name, constant in subsystem.constants.items()}
        faults += _agree(where, "basal", subsystem.basal(*bare[1:]), partial(subsystem.basal, *measured[1:]), rest)
        faults += _check_events(where, subsystem, bare, measured)
    return faults


def _somewhere(model: Model, off_rest: float) -> dict[str, Any]:
    values = model.parameter_values()
    inputs = {name: value + 0.1 for name, value in model.input_values().items()}
    known = {**values, **inputs, **model.at_rest(values)}
    known |= {name: known[name] * off_rest + 0.01 for name in model.states}
    return {**known, **model.evaluate(known)[1]}


def _check_events(where: str, subsystem: Subsystem, bare: _Views, measured: _Views) -> Iterator[Fault]:
    units = {name: state.unit for name, state in subsystem.states.items()}
    for name, event in subsystem.events.items():
        amount = registry().Quantity(0.5, unit(event.unit))
        plain = event.action(subsystem, *bare, 0.5)
        yield from _agree(where, name, plain, partial(event.action, subsystem, *measured, amount), units)


def _agree(
    where: str, method: str, plain: Equations, measure: Callable[[], Equations], units: Mapping[str, str]
) -> Iterator[Fault]:
    try:
        found = measure()
    except (pint.DimensionalityError, pint.OffsetUnitCalculusError) as error:
        yield Fault(where, _line(error), method, "dimension", str(error), "terms of one dimension")
        return
    for name, value in found.items():
        quantity = registry().Quantity(1.0, "") * value
        try:
            magnitude = quantity.to(unit(units[name])).magnitude
        except pint.DimensionalityError:
            problem = f"the equation gives {quantity.units:~}"
            yield Fault(where, 0, f"{method}.{name}", "dimension", problem, units[name])
            continue
        if not math.isclose(magnitude, plain[name], rel_tol=1e-9, abs_tol=1e-12):
            problem = f"hidden unit conversion: {plain[name]:.6g} as written, {magnitude:.6g} once units are obeyed"
            yield Fault(
                where,
                0,
                f"{method}.{name}",
                "hidden-conversion",
                problem,
                f"one scale of units ({units[name]})",
            )


def _line(error: BaseException) -> int:
    """The line of the model's own source where an evaluation failed."""
    lines = [0]
    trace = error.__traceback__
    while trace:
        if (
            trace.tb_frame.f_code.co_name not in ("<lambda>", "_agree")
            and "pint" not in trace.tb_frame.f_code.co_filename
        ):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines[-1]


def _with_units(subsystem: Subsystem, bare: _Views) -> _Views:
    y, p, u = bare
    own = {**subsystem.parameters, **subsystem.constants}

    def measured(values: Values, declared: Mapping[str, Any]) -> Values:
        return Values({n: registry().Quantity(getattr(values, n), unit(d.unit)) for n, d in declared.items()})

    return measured(y, subsystem.states), measured(p, own), measured(u, subsystem.inputs)
