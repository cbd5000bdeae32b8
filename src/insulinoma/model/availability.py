"""A value of which only one thing is known: whether it is known.

The composition runs the equations on it to find in which order the parts can be computed.
"""

from __future__ import annotations

from typing import Any


class Availability:
    """Known or unknown; arithmetic with anything unknown is unknown."""

    __array_ufunc__ = None

    def __init__(self, known: bool) -> None:
        self.known = known

    def _with(self, other: Any) -> Availability:
        return KNOWN if self.known and is_known(other) else UNKNOWN

    def _same(self) -> Availability:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _with
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = _with
    __neg__ = __pos__ = exp = log = tanh = sqrt = _same


def is_known(value: Any) -> bool:
    """Whether a value is known; all values but `UNKNOWN` are.

    >>> is_known(UNKNOWN + 1.0), is_known(2 * KNOWN)
    (False, True)
    """
    return not isinstance(value, Availability) or value.known


KNOWN = Availability(True)
UNKNOWN = Availability(False)
