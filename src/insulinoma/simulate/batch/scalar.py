"""The equations of a trace as Python functions of one patient, for a GPU or its simulator.

They read the tables that the lanes read: states and inputs of this patient, and the patient's own
numbers in column `i` of `p`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from insulinoma.simulate.batch.expression import PATIENT, Expression
from insulinoma.simulate.batch.layout import Layout, computed

_FORMS = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "negative": "-{}",
    "reciprocal": "one / {}",
    "exp2": "real(exp(ln2 * min(max({}, -largest), largest)))",
    "log2": "real(log({0})) * inverse_ln2 if {0} > zero else (lowest if {0} == zero else none)",
    "sqrt": "real(sqrt({0})) if {0} >= zero else none",
}


def function(wanted: Mapping[str, Expression], rows: Layout, real: Any, largest: float) -> Callable[..., None]:
    """`(y, u, p, i, amount, out)`: writes the values of expressions to `out`, in their order."""
    places = {item.number: f"p[{row}, i]" for row, item in enumerate(rows.patient)}
    symbols = {name: f"y[{row}]" for row, name in enumerate(rows.states)}
    symbols |= {name: f"u[{row}]" for row, name in enumerate(rows.inputs)} | {"amount": "amount"}
    lines = ["def found(y, u, p, i, amount, out):", "    pass"]
    for item in computed(wanted.values()):
        if item.op == "constant":
            text = f"real({item.value!r})"
        elif item.level == PATIENT:
            text = places[item.number]
        elif item.op == "symbol":
            text = symbols[item.value]
        else:
            text = _FORMS[item.op].format(*(f"v{arg.number}" for arg in item.args))
        lines.append(f"    v{item.number} = {text}")
    lines += [f"    out[{row}] = v{item.number}" for row, item in enumerate(wanted.values())]
    names: dict[str, Any] = {"real": real, "one": real(1), "largest": real(largest), "ln2": real(math.log(2))}
    names |= {"zero": real(0), "lowest": real(-math.inf), "none": real(math.nan)}
    names |= {"inverse_ln2": real(1 / math.log(2)), "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "np": np}
    exec(compile("\n".join(lines), "<equations of a model>", "exec"), names)  # noqa: S102
    made: Callable[..., None] = names["found"]
    return made


def events(changes: Mapping[str, Mapping[str, Expression]], rows: Layout, real: Any, largest: float) -> list[Any]:
    """For every event the function of the states that it changes, and their rows."""
    return [
        (function(changed, rows, real, largest), np.array([rows.states.index(state) for state in changed], np.int32))
        for changed in changes.values()
    ]
