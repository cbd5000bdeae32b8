"""Thresholds as printed, compared with a value in the unit in which the value was reported.

54 mg/dL is not below 54 mg/dL, although it is 2.997 mmol/L: each printed unit has its own edge.
Arithmetic is decimal. A censored or interval value decides only when all of it lies on one side.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from insulinoma.assessment.verdict import Verdict
from insulinoma.data import read_table
from insulinoma.quantities import analyte, convert
from insulinoma.record.schema import Measurement

Sign = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True)
class Range:
    """The values that a reported result can stand for; None is open to that side."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool = True
    high_included: bool = True

    def all_satisfy(self, sign: Sign, limit: Decimal) -> bool:
        """Whether every value of the range satisfies the comparison."""
        if sign in ("<", "<="):
            return self.high is not None and (
                self.high < limit or (self.high == limit and (sign == "<=" or not self.high_included))
            )
        return self.low is not None and (
            self.low > limit or (self.low == limit and (sign == ">=" or not self.low_included))
        )

    def scaled(self, factor: Decimal) -> Range:
        """The range in another unit."""
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        return Range(low, high, self.low_included, self.high_included)


@dataclass(frozen=True)
class Threshold:
    """A rule's limit: one comparison, the limit in each unit, and whether the unit is printed."""

    name: str
    analyte: str
    sign: Sign
    limits: tuple[tuple[str, str], ...]
    printed: tuple[tuple[str, str], ...]
    edition: str
    citation: str

    @property
    def text(self) -> str:
        """The limit as printed, in each printed unit.

        >>> threshold("es_glucose").text
        '< 55 mg/dL (3.0 mmol/L)'
        """
        first, *others = [f"{limit} {unit}" for unit, limit in self.printed]
        return f"{self.sign} {first}" + (f" ({', '.join(others)})" if others else "")


@dataclass(frozen=True)
class Comparison:
    """What a reported value says of a threshold, and a note where a conversion or a bound mattered."""

    verdict: Verdict
    note: str | None = None


OPPOSITE: dict[Sign, Sign] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@cache
def thresholds() -> dict[str, Threshold]:
    """All thresholds by name, from `criteria/thresholds.csv`."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in read_table("criteria", "thresholds.csv"):
        rows.setdefault(row["name"], []).append(row)
    return {name: _threshold(name, group) for name, group in rows.items()}


def threshold(name: str) -> Threshold:
    """The threshold of a name."""
    return thresholds()[name]


def compare(measurement: Measurement, name: str) -> Comparison:
    """Whether a measurement satisfies a threshold, in the unit in which it was reported.

    Not evaluable where there is no number, or where a bound or an interval leaves both answers open.

    >>> from insulinoma.record.fields import Source
    >>> glucose = {"analyte": "glucose", "unit": "mg/dL", "source": (Source("chart"),)}
    >>> compare(Measurement(value=54, **glucose), "level_2").verdict.value
    'not_met'
    >>> compare(Measurement(below=60, **glucose), "level_2").verdict.value
    'not_evaluable'
    """
    bounds = (measurement.value, measurement.below, measurement.above, measurement.between)
    return _compare(name, measurement.unit, measurement.factor, *bounds)


def reported_range(measurement: Measurement) -> Range | None:
    """The values that a measurement can stand for, in its reported unit; None for a statement."""
    return _range(measurement.value, measurement.below, measurement.above, measurement.between)


def reported_text(measurement: Measurement) -> str:
    """A measurement as the source reports it: '54 mg/dL', '< 5 uU/mL', 'decreased'."""
    unit = f" {measurement.unit}" if measurement.unit else ""
    if measurement.value is not None:
        return f"{number_text(measurement.value)}{unit}"
    if measurement.below is not None:
        return f"< {number_text(measurement.below)}{unit}"
    if measurement.above is not None:
        return f"> {number_text(measurement.above)}{unit}"
    if measurement.between is not None:
        low, high = measurement.between
        return f"{number_text(low)} to {number_text(high)}{unit}"
    return measurement.direction or measurement.statement or measurement.flag or "not stated"


def number_text(value: float) -> str:
    """A number as short as it is exact.

    >>> number_text(67.5), number_text(235.0)
    ('67.5', '235')
    """
    return f"{value:.12g}"


def exact(value: float) -> Decimal:
    """The decimal that a number was written as."""
    return Decimal(repr(value))


Bounds = tuple[float, float]


@lru_cache(maxsize=1 << 16)
def _compare(
    name: str,
    printed: str | None,
    factor: float | None,
    value: float | None,
    below: float | None,
    above: float | None,
    between: Bounds | None,
) -> Comparison:
    limit = threshold(name)
    reported = _range(value, below, above, between)
    if reported is None or printed is None:
        return Comparison(Verdict.NOT_EVALUABLE, "no number is reported")
    unit = analyte(limit.analyte).unit(printed).symbol
    limits = dict(limit.limits)
    note = None
    if unit not in limits:
        target = limit.printed[0][0]
        used = convert(limit.analyte, 1.0, printed, target, factor=factor)
        reported = reported.scaled(Decimal(repr(used.factor)))
        note = f"{unit} is not a printed unit of this threshold: converted to {target} with {used.factor:g}"
        unit = target
    return _decide(reported, limit, Decimal(limits[unit]), note)


def _range(value: float | None, below: float | None, above: float | None, between: Bounds | None) -> Range | None:
    if value is not None:
        return Range(exact(value), exact(value))
    if below is not None:
        return Range(None, exact(below), high_included=False)
    if above is not None:
        return Range(exact(above), None, low_included=False)
    return Range(exact(between[0]), exact(between[1])) if between is not None else None


def _decide(reported: Range, limit: Threshold, edge: Decimal, note: str | None) -> Comparison:
    if reported.all_satisfy(limit.sign, edge):
        return Comparison(Verdict.MET, note)
    if reported.all_satisfy(OPPOSITE[limit.sign], edge):
        return Comparison(Verdict.NOT_MET, note)
    open_both_ways = f"the reported bounds allow values on both sides of {limit.text}"
    return Comparison(Verdict.NOT_EVALUABLE, f"{note}; {open_both_ways}" if note else open_both_ways)


def _threshold(name: str, rows: list[dict[str, str]]) -> Threshold:
    first = rows[0]
    limits = tuple((row["unit"], row["value"]) for row in rows)
    printed = tuple((row["unit"], row["value"]) for row in rows if row["printed"] == "yes")
    sign: Sign = first["comparison"]  # type: ignore[assignment]
    return Threshold(name, first["analyte"], sign, limits, printed, first["edition"], first["citation"])
