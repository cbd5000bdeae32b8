"""The few functions that equations use, for whatever flows through them.

A float goes to `math`, an array to numpy or jax, a symbol to sympy, a quantity is made
dimensionless first, and any other kind of value is asked for a method of that name. Smooth forms
stand in for `if`, `max` and `abs`, which equations may not use on states.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

_LIBRARIES = {
    "builtins": "math",
    "numpy": "numpy",
    "jax": "jax.numpy",
    "jaxlib": "jax.numpy",
    "sympy": "sympy",
}


def exp(x: Any) -> Any:
    """The exponential of a dimensionless value.

    >>> exp(0.0)
    1.0
    """
    return _call("exp", x)


def log(x: Any) -> Any:
    """The natural logarithm of a dimensionless value."""
    return _call("log", x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent of a dimensionless value."""
    return _call("tanh", x)


def sqrt(x: Any) -> Any:
    """The square root; a quantity keeps the root of its unit."""
    return x**0.5 if _is_quantity(x) else _call("sqrt", x)


def hill(x: Any, half: Any, n: Any) -> Any:
    """The Hill function: 0 at `x = 0`, one half at `x = half`, 1 far above; `x` and `half` share a unit.

    >>> hill(5.0, 5.0, 4)
    0.5
    """
    scaled = (x / half) ** n
    return scaled / (1 + scaled)


def smooth_positive(x: Any, width: Any) -> Any:
    """The positive part of `x`, rounded within about `width` of zero; both share a unit.

    >>> round(smooth_positive(3.0, 0.001), 6), round(smooth_positive(-3.0, 0.001), 6)
    (3.0, 0.0)
    """
    return (x + sqrt(x * x + width * width)) / 2


def held_positive(x: Any, width: Any) -> Any:
    """`1 + x`, kept above zero where `x` is below -1; exactly 1 at `x = 0`; dimensionless.

    Far above zero it is lower than `1 + x` by a quarter of the squared width.

    >>> held_positive(0.0, 0.1), round(held_positive(2.0, 0.1), 4), held_positive(-5.0, 0.1) > 0
    (1.0, 2.9983, True)
    """
    return smooth_positive(1 - width * width / 4 + x, width)


def smooth_step(x: Any, width: Any) -> Any:
    """A step from 0 to 1 at `x = 0`, rounded within about `width` of it; both share a unit.

    >>> smooth_step(0.0, 1.0)
    0.5
    """
    return (1 + tanh(x / width)) / 2


def _call(name: str, x: Any) -> Any:
    if _is_quantity(x):
        return getattr(math, name)(x.to("").magnitude)
    library = _LIBRARIES.get(type(x).__module__.partition(".")[0])
    return getattr(import_module(library), name)(x) if library else getattr(x, name)()


def _is_quantity(x: Any) -> bool:
    return type(x).__module__.partition(".")[0] == "pint"
