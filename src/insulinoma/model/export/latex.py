"""The equations and parameters of a model as LaTeX, one section a subsystem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy

from insulinoma.model.subsystem import Parameter, Subsystem, Values

_ESCAPED = re.compile(r"([&%#_{}$])")


def latex(parts: Mapping[str, Subsystem]) -> str:
    """The LaTeX source: for each subsystem what it is, its equations, its quantities and parameters."""
    return "\n\n".join(_section(name, subsystem) for name, subsystem in parts.items()) + "\n"


def markdown(parts: Mapping[str, Subsystem]) -> str:
    """The equations as markdown with LaTeX in it: for each subsystem what it is, and its equations."""
    return "\n\n".join(_passage(name, subsystem) for name, subsystem in parts.items()) + "\n"


def equations(subsystem: Subsystem) -> list[str]:
    """The equations of a subsystem in its own symbols, derivatives first.

    >>> from insulinoma.model.library.topp import Glucose
    >>> print(equations(Glucose())[0])
    \\frac{dG}{dt} = - G \\left(E_{G0} + I S_{I}\\right) + R_{0}
    """
    y, u = (Values({name: _symbol(name) for name in table}) for table in (subsystem.states, subsystem.inputs))
    p = Values({name: _symbol(name) for name in (*subsystem.parameters, *subsystem.constants)})
    found = subsystem.equations(y, p, u)
    rates = [rf"\frac{{d{_print(_symbol(name))}}}{{dt}} = {_print(found[name])}" for name in subsystem.states]
    outputs = [f"{_print(_symbol(name))} = {_print(found[name])}" for name in subsystem.outputs]
    rest = [
        f"{_print(_symbol(name))}{'(0)' if name in subsystem.states else ''} = {_print(value)}"
        for name, value in subsystem.basal(p, u).items()
    ]
    return [*rates, *outputs, *rest]


def _passage(name: str, subsystem: Subsystem) -> str:
    clock = "minutes" if subsystem.time_unit == "min" else "days"
    meaning = " ".join((type(subsystem).__doc__ or "").split())
    lines = "\n\n".join(f"$$ {equation} $$" for equation in equations(subsystem))
    return f"## {name}\n\n{meaning} Time in {clock}.\n\n{lines}".rstrip()


def _section(name: str, subsystem: Subsystem) -> str:
    meaning = _escape((type(subsystem).__doc__ or "").strip())
    lines = " \\\\\n".join(f"& {equation}" for equation in equations(subsystem))
    rows = ["symbol & value & unit & meaning & source \\\\\n\\hline"]
    for table in (subsystem.states, subsystem.inputs, subsystem.outputs, subsystem.constants):
        for key, quantity in table.items():
            rows.append(f"${_print(_symbol(key))}$ & & {_escape(quantity.unit)} & {_escape(quantity.meaning)} & \\\\")
    rows += [_parameter_row(key, parameter) for key, parameter in subsystem.parameters.items()]
    return f"\\section{{{_escape(name)}}}\n{meaning}\n\n\\begin{{align*}}\n{lines}\n\\end{{align*}}\n\n" + "\n".join(
        ["\\begin{tabular}{lrlll}", *rows, "\\end{tabular}"]
    )


def _parameter_row(name: str, parameter: Parameter) -> str:
    source = f"{parameter.ref} ({parameter.status})" if parameter.ref else parameter.status
    cells = [f"${_print(_symbol(name))}$", f"{parameter.value:g}", parameter.unit, parameter.meaning, source]
    return " & ".join([cells[0], *map(_escape, cells[1:])]) + r" \\"


def _symbol(name: str) -> Any:
    return sympy.Symbol(name, real=True)


def _print(expression: Any) -> str:
    return str(sympy.latex(sympy.nsimplify(expression) if isinstance(expression, float) else expression))


def _escape(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", text).replace("^", r"\textasciicircum{}")
