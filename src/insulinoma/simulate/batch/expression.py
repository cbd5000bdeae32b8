"""Expressions: what flows through the equations of a model to find out what they compute.

Equal expressions are one object. What is constant is folded; what depends on nothing but the patient
stays apart from what changes with the states, so that it is computed once and not at each step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from numbers import Real
from typing import Any

CONSTANT, PATIENT, MOVING = 0, 1, 2
_LARGEST_POWER = 8


class Graph:
    """Makes expressions, each of them once."""

    def __init__(self) -> None:
        self._made: dict[Any, Expression] = {}

    def constant(self, value: float) -> Expression:
        """A number."""
        return self._make("constant", (), float(value) + 0.0, CONSTANT)

    def symbol(self, name: str, *, moving: bool) -> Expression:
        """A quantity by name: one of the patient, or one that changes within a course."""
        return self._make("symbol", (), name, MOVING if moving else PATIENT)

    def of(self, value: Any) -> Expression:
        """A value as an expression."""
        return value if isinstance(value, Expression) else self.constant(value)

    def operation(self, op: str, *args: Expression) -> Expression:
        """An operation on expressions, as it stands."""
        return self._make(op, args, None, max(arg.level for arg in args))

    def _make(self, op: str, args: tuple[Expression, ...], value: Any, level: int) -> Expression:
        key = (op, value, tuple(id(arg) for arg in args))
        if key not in self._made:
            self._made[key] = Expression(self, op, args, value, level, len(self._made))
        return self._made[key]


class Expression:
    """One value: an operation on others, a constant or a symbol.

    `level` tells whether it is constant, belongs to the patient, or moves; `number` is its place in the
    order in which expressions were made, in which arguments come first.
    """

    __slots__ = ("args", "graph", "level", "number", "op", "value")
    __array_ufunc__ = None

    def __init__(self, graph: Graph, op: str, args: tuple[Expression, ...], value: Any, level: int, number: int):
        self.graph, self.op, self.args, self.value, self.level, self.number = graph, op, args, value, level, number

    def __add__(self, other: Any) -> Any:
        return _with(add, self, other)

    def __radd__(self, other: Any) -> Any:
        return _with(add, other, self)

    def __sub__(self, other: Any) -> Any:
        return _with(subtract, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _with(subtract, other, self)

    def __mul__(self, other: Any) -> Any:
        return _with(multiply, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _with(multiply, other, self)

    def __truediv__(self, other: Any) -> Any:
        return _with(divide, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _with(divide, other, self)

    def __pow__(self, other: Any) -> Any:
        return _with(power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _with(power, other, self)

    def __neg__(self) -> Expression:
        return subtract(self.graph.constant(0.0), self)

    def __pos__(self) -> Expression:
        return self

    def exp(self) -> Expression:
        """The exponential."""
        return exp2(multiply(self, self.graph.constant(math.log2(math.e))))

    def log(self) -> Expression:
        """The natural logarithm."""
        return multiply(log2(self), self.graph.constant(math.log(2)))

    def tanh(self) -> Expression:
        """The hyperbolic tangent, as one minus a share that falls from two to zero."""
        one, two = self.graph.constant(1.0), self.graph.constant(2.0)
        growth = exp2(multiply(self, self.graph.constant(2 * math.log2(math.e))))
        return subtract(one, multiply(two, reciprocal(add(one, growth))))

    def sqrt(self) -> Expression:
        """The square root."""
        return _folded("sqrt", math.sqrt, self)

    def __repr__(self) -> str:
        return str(self.value) if not self.args else f"{self.op}({', '.join(map(repr, self.args))})"


def _with(operation: Callable[[Expression, Expression], Expression], a: Any, b: Any) -> Any:
    """An operation on an expression and a number; any other kind of value is asked itself."""
    graph = a.graph if isinstance(a, Expression) else b.graph
    if not all(isinstance(x, Expression | Real) for x in (a, b)):
        return NotImplemented
    return operation(graph.of(a), graph.of(b))


def is_number(x: Expression, value: float) -> bool:
    """Whether an expression is that constant."""
    return x.level == CONSTANT and x.value == value


def add(a: Expression, b: Expression) -> Expression:
    """The sum; what belongs to the patient is summed apart from what moves."""
    graph = a.graph
    if a.level == CONSTANT and b.level == CONSTANT:
        return graph.constant(a.value + b.value)
    if a.level < b.level:
        a, b = b, a
    if is_number(b, 0.0):
        return a
    if b.level < MOVING and a.op == "add" and a.level == MOVING and a.args[1].level < MOVING:
        return add(a.args[0], add(a.args[1], b))
    if b.op == "negative" and b.level == MOVING:
        return subtract(a, b.args[0])
    if a.op == "negative":
        return subtract(b, a.args[0])
    if a.level == b.level and a.number > b.number:
        a, b = b, a
    return graph.operation("add", a, b)


def subtract(a: Expression, b: Expression) -> Expression:
    """The difference."""
    graph = a.graph
    if b.level == CONSTANT:
        return add(a, graph.constant(-b.value))
    if a is b:
        return graph.constant(0.0)
    if is_number(a, 0.0):
        return b.args[0] if b.op == "negative" else graph.operation("negative", b)
    if b.op == "negative":
        return add(a, b.args[0])
    if b.level == PATIENT and a.level == MOVING:
        return add(a, graph.operation("negative", b))
    return graph.operation("subtract", a, b)


def multiply(a: Expression, b: Expression) -> Expression:
    """The product, with one factor of the patient at most; two reciprocals become one."""
    graph = a.graph
    if a.level == CONSTANT and b.level == CONSTANT:
        return graph.constant(a.value * b.value)
    if a.level < b.level:
        a, b = b, a
    if b.level == CONSTANT and b.value in (0.0, 1.0, -1.0):
        return (graph.constant(0.0), a, -a)[int(b.value)]
    if a.op == "negative":
        return multiply(a.args[0], -b) if b.level < MOVING else -multiply(a.args[0], b)
    if a.level == MOVING:
        return _multiply_moving(a, b)
    if a.level == b.level and a.number > b.number:
        a, b = b, a
    return graph.operation("multiply", a, b)


def _multiply_moving(a: Expression, b: Expression) -> Expression:
    """The product of what moves with anything but a constant that has no effect."""
    graph = a.graph
    moving, share = _share(a)
    if b.level < MOVING:
        return multiply(moving, multiply(share, b)) if share is not None else graph.operation("multiply", a, b)
    other, second = _share(b)
    if share is not None or second is not None:
        one = graph.constant(1.0)
        return multiply(multiply(moving, other), multiply(share or one, second or one))
    if b.op == "negative":
        return -multiply(a, b.args[0])
    if a.op == b.op == "reciprocal" and not any(x.args[0].op == "multiply" for x in (a, b)):
        return reciprocal(multiply(a.args[0], b.args[0]))
    return graph.operation("multiply", *sorted((a, b), key=lambda x: x.number))


def _share(a: Expression) -> tuple[Expression, Expression | None]:
    """What moves in a product, and the factor of the patient if there is one."""
    if a.op == "multiply" and a.args[1].level < MOVING:
        return a.args[0], a.args[1]
    return a, None


def divide(a: Expression, b: Expression) -> Expression:
    """The quotient: a product with the reciprocal; `s / (1 + s)` of an exponential is `1 / (1 + 1 / s)`."""
    if is_number(a, 0.0):
        return a
    if a.op == "exp2" and b.op == "add" and b.args[0] is a and is_number(b.args[1], 1.0):
        return reciprocal(add(exp2(-a.args[0]), a.graph.constant(1.0)))
    return multiply(a, reciprocal(b))


def reciprocal(a: Expression) -> Expression:
    """One divided by an expression."""
    if a.op == "reciprocal":
        return a.args[0]
    moving, share = _share(a) if a.level == MOVING else (a, None)
    if share is not None:
        return multiply(reciprocal(moving), reciprocal(share))
    return _folded("reciprocal", lambda x: 1 / x, a)


def power(a: Expression, n: Expression) -> Expression:
    """The power: by multiplication for a small whole exponent, by logarithm for any other."""
    if n.level == CONSTANT and n.value == 0.5:
        return a.sqrt()
    if n.level == CONSTANT and n.value == int(n.value) and abs(n.value) <= _LARGEST_POWER:
        found = _whole_power(a, abs(int(n.value)))
        return found if n.value >= 0 else reciprocal(found)
    if a.level < MOVING and n.level < MOVING:
        if a.level == CONSTANT and n.level == CONSTANT:
            return a.graph.constant(a.value**n.value)
        return a.graph.operation("power", a, n)
    return exp2(multiply(log2(a), n))


def _whole_power(a: Expression, n: int) -> Expression:
    if n == 0:
        return a.graph.constant(1.0)
    half = _whole_power(a, n // 2)
    return multiply(multiply(half, half), a) if n % 2 else multiply(half, half)


def exp2(a: Expression) -> Expression:
    """Two to the power of an expression."""
    return a.args[0] if a.op == "log2" else _folded("exp2", lambda x: 2.0**x, a)


def log2(a: Expression) -> Expression:
    """The binary logarithm; that of a product with a factor of the patient is a sum."""
    if a.op == "exp2":
        return a.args[0]
    moving, share = _share(a) if a.level == MOVING else (a, None)
    if share is not None:
        return add(log2(moving), log2(share))
    return _folded("log2", math.log2, a)


def _folded(op: str, function: Callable[[float], float], a: Expression) -> Expression:
    return a.graph.constant(function(a.value)) if a.level == CONSTANT else a.graph.operation(op, a)


def in_order(wanted: Iterable[Expression], *, level: int = CONSTANT) -> Iterator[Expression]:
    """All that the expressions wanted need, arguments first; of what is below `level` no arguments."""
    found: dict[int, Expression] = {}
    waiting = list(wanted)
    while waiting:
        item = waiting.pop()
        if item.number not in found:
            found[item.number] = item
            waiting.extend(item.args if item.level >= level else ())
    return iter(found[number] for number in sorted(found))
