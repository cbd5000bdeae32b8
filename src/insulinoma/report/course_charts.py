"""Charts of measured values: an axis of numbers, the points as reported, and their labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log10

from insulinoma.quantities import convert
from insulinoma.report.axes import TimeScale, round_values
from insulinoma.report.course import CourseRow
from insulinoma.report.course_entries import spots
from insulinoma.report.palette import INK, QUIET
from insulinoma.report.scene import Item, Line, Mark, Text
from insulinoma.report.style import Style

MANY = 60


@dataclass(frozen=True)
class Frame:
    """The area of a chart in millimeters, and the vertical positions of its values."""

    top: float
    bottom: float
    low: float
    high: float
    log: bool = False

    def y(self, value: float) -> float:
        """Where a value lies; outside the range, at its edge."""
        scale: Callable[[float], float] = log10 if self.log else float
        inside = min(max(value, self.low), self.high)
        share = (scale(inside) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.bottom - share * (self.bottom - self.top)


@dataclass(frozen=True)
class Spot:
    """A value ready to be drawn: where, how, and which row it is."""

    x: float
    y: float
    row: CourseRow
    shape: str
    color: str
    label: str = ""


def threads(found: list[Spot], color: str, width: float) -> list[Line]:
    """Thin lines between values of successive known times; never to a value whose time is not known."""
    whole = [spot for spot in found if spot.row.place.known == "exact" and not spot.row.place.whole]
    sure = sorted((spot for spot in whole if spot.row.kind == "value"), key=lambda spot: spot.x)
    if len(sure) < 3:
        return []
    return [Line(tuple((spot.x, spot.y) for spot in sure), color, width, z=1.8, key="thread")]


def point(spot: Spot, size: float, frame: Frame) -> list[Item]:
    """A value as a mark: hollow where its day is not stated, a caret for a bound, a stroke for an interval."""
    row = spot.row
    hollow = row.place.known != "exact"
    shape = spot.shape
    items: list[Item] = []
    if row.kind == "censored":
        shape = "below" if row.words.startswith("<") else "above"
    if row.kind == "interval" and row.upper_value is not None and not frame.log:
        top = frame.y(mg_dl(row, row.upper_value) if row.panel == "glucose" else row.upper_value)
        items.append(Line(((spot.x, spot.y), (spot.x, top)), spot.color, 1.2, key=row.key, z=2.5))
    big = 1.45 * max(size, 1.4) if shape == "star" else size
    return [*items, Mark(spot.x, spot.y, shape, big, spot.color, hollow, "value", row.key)]


def small_chart(rows: list[CourseRow], scale: TimeScale, style: Style, top: float) -> tuple[list[Item], float]:
    """One quantity with its own axis of numbers, in the unit of its first value."""
    unit = rows[0].unit
    values = [_in_unit(row, row.value, unit) for row in rows if row.value is not None]
    low, high = min(values), max(values)
    low = 0.0 if low >= 0 and low < 0.6 * high else low - 0.1 * (high - low or abs(high) or 1.0)
    frame = Frame(top, top + style.chart * 0.55, low, high + 0.08 * (high - low))
    items: list[Item] = [Line(((scale.left, frame.top), (scale.left, frame.bottom)), INK, 0.6)]
    for value in round_values(frame.low, frame.high, 3):
        items += tick(frame.y(value), f"{value:g}", scale, style, on_left=True)
    found = [
        Spot(x, frame.y(_in_unit(row, row.value or 0.0, unit)), row, "circle", INK)
        for row, x in zip(rows, spots(rows, scale), strict=True)
    ]
    items += threads(found, QUIET, 0.6)
    size = style.mark * (0.8 if len(rows) <= 30 else 0.55)
    return items + [item for spot in found for item in point(spot, size, frame)], frame.bottom


def _in_unit(row: CourseRow, value: float, unit: str) -> float:
    return value if row.unit == unit else convert(row.name, value, row.unit, unit).value


def tick(y: float, words: str, scale: TimeScale, style: Style, *, on_left: bool) -> list[Item]:
    """A tick of an axis of numbers with its label."""
    x = scale.left if on_left else scale.right
    out = -0.8 if on_left else 0.8
    line = Line(((x + out, y), (x, y)), INK, 0.6)
    return [line, Text(x + 1.7 * out, y, words, style.text, "right" if on_left else "left")]


def mg_dl(row: CourseRow, value: float) -> float:
    """A glucose value of a row in mg/dL."""
    return convert(row.name, value, row.unit, "mg/dL").value
