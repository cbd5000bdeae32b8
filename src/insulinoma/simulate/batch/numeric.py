"""The values of expressions for many patients, in 64 bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from insulinoma.simulate.batch.expression import Expression, in_order

_FUNCTIONS: dict[str, Any] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "negative": np.negative,
    "reciprocal": np.reciprocal,
    "power": np.power,
    "exp2": np.exp2,
    "log2": np.log2,
    "sqrt": np.sqrt,
}


def values(wanted: Iterable[Expression], known: Mapping[str, Any]) -> list[Any]:
    """The value of each expression, the symbols being known; not finite where it is not defined."""
    wanted = list(wanted)
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for item in in_order(wanted):
            if item.op == "symbol":
                found[item.number] = known[item.value]
            elif item.op == "constant":
                found[item.number] = item.value
            else:
                found[item.number] = _FUNCTIONS[item.op](*(found[arg.number] for arg in item.args))
    return [found[item.number] for item in wanted]
