"""Arithmetic on a vector of lanes in LLVM, with exponential and logarithm that call no library.

The polynomials interpolate at Chebyshev points, which is within a factor of two of the best there is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Literal

import numpy as np
from llvmlite import binding, ir

from insulinoma.simulate.batch.expression import Expression

Precision = Literal["float32", "float64"]
_I32 = ir.IntType(32)
_CONTRACT = ("contract",)
_SIMPLE = {"add": "fadd", "subtract": "fsub", "multiply": "fmul"}


@dataclass(frozen=True)
class Format:
    """One format of floating-point numbers: bits, bits of the mantissa, lanes of a vector.

    Exponents of two are kept within `largest`, so that a product of two powers stays finite. `tolerance`
    is the error that a step may have, relative to a state and its value at rest; a patient who would need
    steps below `smallest_step` (minutes) has failed.
    """

    name: Precision
    bits: int
    mantissa: int
    lanes: int
    largest: float
    exp2_degree: int
    log2_degree: int
    refinements: int
    tolerance: float
    smallest_step: float

    @property
    def scalar(self) -> Any:
        """The type of one number."""
        return ir.FloatType() if self.bits == 32 else ir.DoubleType()


FORMATS = {
    "float32": Format("float32", 32, 23, 16, 62.0, 6, 9, 1, 4e-3, 1e-3),
    "float64": Format("float64", 64, 52, 8, 500.0, 11, 7, 2, 1e-4, 1e-6),
}


@cache
def has_estimates() -> bool:
    """Whether this processor estimates reciprocals of 512-bit vectors."""
    return bool(binding.get_host_cpu_features().get("avx512f"))


@cache
def has_sse() -> bool:
    """Whether this processor is one of Intel's kind, which has a word that controls subnormal numbers."""
    return bool(binding.get_host_cpu_features().get("sse2"))


@cache
def polynomial(of: Callable[[float], float], low: float, high: float, degree: int) -> tuple[float, ...]:
    """The coefficients, lowest power first, of the polynomial through Chebyshev points.

    >>> [round(c, 6) for c in polynomial(lambda x: x * x + x + 1, -1.0, 1.0, 2)]
    [1.0, 1.0, 1.0]
    """
    found = np.polynomial.Chebyshev.interpolate(np.vectorize(of), degree, domain=[low, high])
    return tuple(map(float, found.convert(kind=np.polynomial.Polynomial).coef))


def _exp2(x: float) -> float:
    return math.exp2(x)


def _log2_by_z(z: float) -> float:
    return math.log1p(z) / z / math.log(2) if z else 1 / math.log(2)


def _log2_by_s2(w: float) -> float:
    s = math.sqrt(w)
    return 2 * math.atanh(s) / s / math.log(2) if s else 2 / math.log(2)


class Lanes:
    """Emits operations on values of one type: a vector of lanes, or one number (`lanes` is 1)."""

    def __init__(self, builder: ir.IRBuilder, form: Format, lanes: int) -> None:
        self.builder, self.form, self.lanes = builder, form, lanes
        self.estimates = lanes == form.lanes and has_estimates()
        self.type: Any = self._wide(form.scalar)
        self.whole: Any = self._wide(ir.IntType(form.bits))

    def constant(self, value: float) -> Any:
        """A number in all lanes."""
        return ir.Constant(self.type, [value] * self.lanes if self.lanes > 1 else value)

    def emit(self, item: Expression, args: Sequence[Any]) -> Any:
        """The instructions of one operation."""
        if item.op in _SIMPLE:
            return getattr(self.builder, _SIMPLE[item.op])(*args, flags=_CONTRACT)
        return getattr(self, item.op)(*args)

    def negative(self, x: Any) -> Any:
        """The opposite."""
        return self.builder.fneg(x)

    def reciprocal(self, x: Any) -> Any:
        """One divided by x: where the processor has a fast estimate, that, refined by Newton's method."""
        if not self.estimates:
            return self.builder.fdiv(self.constant(1.0), x)
        found = self._estimate("rcp14", x)
        for _ in range(self.form.refinements):
            error = self.fma(self.negative(x), found, self.constant(1.0))
            found = self.fma(found, error, found)
        return found

    def sqrt(self, x: Any) -> Any:
        """The square root, refined in the same way; zero of zero."""
        if not self.estimates:
            return self.builder.call(self._intrinsic("llvm.sqrt", 1), [x])
        half, inverse = self.constant(0.5), self._estimate("rsqrt14", x)
        for _ in range(self.form.refinements - 1):
            error = self.fma(self.builder.fmul(x, inverse), self.negative(inverse), self.constant(1.0))
            inverse = self.fma(self.builder.fmul(inverse, half), error, inverse)
        root = self.builder.fmul(x, inverse)
        error = self.fma(self.negative(root), root, x)
        found = self.fma(error, self.builder.fmul(inverse, half), root)
        return self.builder.select(self.equal(x, self.constant(0.0)), x, found)

    def fma(self, a: Any, b: Any, c: Any) -> Any:
        """`a * b + c`, rounded once."""
        return self.builder.call(self._intrinsic("llvm.fma", 3), [a, b, c])

    def smaller(self, a: Any, b: Any) -> Any:
        """The smaller of two; `a` where `a` is not a number."""
        return self.builder.select(self.builder.fcmp_ordered(">", a, b), b, a)

    def larger(self, a: Any, b: Any) -> Any:
        """The larger of two; `a` where `a` is not a number."""
        return self.builder.select(self.builder.fcmp_ordered("<", a, b), b, a)

    def absolute(self, x: Any) -> Any:
        """The size without its sign."""
        return self.builder.call(self._intrinsic("llvm.fabs", 1), [x])

    def ceil(self, x: Any) -> Any:
        """The next whole number above."""
        return self.builder.call(self._intrinsic("llvm.ceil", 1), [x])

    def less(self, a: Any, b: Any) -> Any:
        """Whether `a` is below `b`; not where one of them is not a number."""
        return self.builder.fcmp_ordered("<", a, b)

    def equal(self, a: Any, b: Any) -> Any:
        """Whether two are the same."""
        return self.builder.fcmp_ordered("==", a, b)

    def finite_or(self, x: Any, other: float) -> Any:
        """The value, or another one where it is not a number."""
        return self.builder.select(self.builder.fcmp_unordered("uno", x, x), self.constant(other), x)

    def spread(self, x: Any) -> Any:
        """One number in all lanes."""
        found = self.builder.insert_element(ir.Constant(self.type, ir.Undefined), x, ir.Constant(_I32, 0))
        same = ir.Constant(ir.VectorType(_I32, self.lanes), [0] * self.lanes)
        return self.builder.shuffle_vector(found, ir.Constant(self.type, ir.Undefined), same)

    def any(self, condition: Any) -> Any:
        """Whether a condition holds in any lane."""
        mask = ir.IntType(self.lanes)
        return self.builder.icmp_unsigned("!=", self.builder.bitcast(condition, mask), ir.Constant(mask, 0))

    def largest_lane(self, x: Any) -> Any:
        """The largest of all lanes."""
        found = x
        width = self.lanes
        while width > 1:
            width //= 2
            order = [(lane + width) % self.lanes for lane in range(self.lanes)]
            mask = ir.Constant(ir.VectorType(_I32, self.lanes), order)
            found = self.larger(found, self.builder.shuffle_vector(found, found, mask))
        return self.builder.extract_element(found, ir.Constant(_I32, 0))

    def exp2(self, x: Any) -> Any:
        """Two to the power of x: a polynomial of the fraction, and the whole part added to the exponent."""
        b, form = self.builder, self.form
        x = self.larger(self.smaller(x, self.constant(form.largest)), self.constant(-form.largest))
        magic = self.constant(1.5 * 2.0**form.mantissa)
        shifted = b.fadd(x, magic)
        rest = b.fsub(x, b.fsub(shifted, magic))
        value = self._horner(polynomial(_exp2, -0.5, 0.5, form.exp2_degree), rest)
        power = b.shl(b.bitcast(shifted, self.whole), self._whole(form.mantissa))
        return b.bitcast(b.add(b.bitcast(value, self.whole), power), self.type)

    def log2(self, x: Any) -> Any:
        """The binary logarithm; not a number below zero, very low at zero."""
        b, form = self.builder, self.form
        bits = b.bitcast(x, self.whole)
        above = b.sub(bits, self._whole(self._root_half))
        exponent = b.ashr(above, self._whole(form.mantissa))
        mantissa = b.bitcast(b.sub(bits, b.shl(exponent, self._whole(form.mantissa))), self.type)
        z = b.fsub(mantissa, self.constant(1.0))
        found = b.fadd(b.sitofp(exponent, self.type), self._log2_of_mantissa(mantissa, z))
        return b.select(b.fcmp_ordered(">=", x, self.constant(0.0)), found, self.constant(math.nan))

    def _log2_of_mantissa(self, mantissa: Any, z: Any) -> Any:
        b, degree = self.builder, self.form.log2_degree
        if self.form.bits == 32:
            return b.fmul(z, self._horner(polynomial(_log2_by_z, 0.5**0.5 - 1, 2**0.5 - 1, degree), z))
        s = b.fmul(z, self.reciprocal(b.fadd(mantissa, self.constant(1.0))))
        limit = ((2**0.5 - 1) / (2**0.5 + 1)) ** 2
        return b.fmul(s, self._horner(polynomial(_log2_by_s2, 0.0, limit, degree), b.fmul(s, s)))

    @cached_property
    def _root_half(self) -> int:
        kinds = (np.float32, np.int32) if self.form.bits == 32 else (np.float64, np.int64)
        return int(np.array(0.5**0.5, dtype=kinds[0]).view(kinds[1]))

    def _horner(self, coefficients: Sequence[float], x: Any) -> Any:
        found = self.constant(coefficients[-1])
        for c in coefficients[-2::-1]:
            found = self.fma(found, x, self.constant(c))
        return found

    def _whole(self, value: int) -> Any:
        return ir.Constant(self.whole, [value] * self.lanes if self.lanes > 1 else value)

    def _estimate(self, name: str, x: Any) -> Any:
        """An estimate to 14 bits, of which Intel's instruction set has one for vectors of 512 bits."""
        kind = "ps" if self.form.bits == 32 else "pd"
        mask = ir.IntType(self.lanes)
        full = f"llvm.x86.avx512.{name}.{kind}.512"
        declared = self.builder.module.globals.get(full)
        declared = declared or ir.Function(
            self.builder.module, ir.FunctionType(self.type, [self.type, self.type, mask]), full
        )
        return self.builder.call(declared, [x, self.constant(0.0), ir.Constant(mask, -1)])

    def _wide(self, kind: Any) -> Any:
        return ir.VectorType(kind, self.lanes) if self.lanes > 1 else kind

    def _intrinsic(self, name: str, count: int) -> Any:
        suffix = f"f{self.form.bits}" if self.lanes == 1 else f"v{self.lanes}f{self.form.bits}"
        declared = self.builder.module.globals.get(f"{name}.{suffix}")
        kind = ir.FunctionType(self.type, [self.type] * count)
        return declared or ir.Function(self.builder.module, kind, f"{name}.{suffix}")
