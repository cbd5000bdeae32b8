"""Charts of measured values: an axis of numbers, the points as reported, and their labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import log10

from insulinoma.quantities import analyte, convert
from insulinoma.report.axes import TimeScale, round_values
from insulinoma.report.course import CourseRow
from insulinoma.report.course_entries import spots
from insulinoma.report.palette import BELOW_54, BELOW_70, BLUE, FAINT, INK, LEVELS, MARKERS, QUIET, SENSOR
from insulinoma.report.scene import Box, Item, Line, Mark, Span, Text, spread, text_width
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


def glucose_range(rows: list[CourseRow]) -> Span:
    """The range of a glucose axis in mg/dL, from 0 to above the highest value and the thresholds."""
    values = [_mg_dl(row, value) for row in rows for value in (row.value, row.upper_value) if value is not None]
    highest = max([*values, 100.0])
    return 0.0, 110.0 if highest <= 105 else highest * 1.06


def glucose_chart(
    rows: list[CourseRow], scale: TimeScale, style: Style, top: float, unit: str
) -> tuple[list[Item], float]:
    """Glucose with an axis in each unit, the bands below the thresholds, and each value by its level."""
    low, high = glucose_range(rows)
    height = style.chart * (1.35 if len(rows) > 12 else 1.0)
    frame = Frame(top, top + height, low, high)
    items = _glucose_axes(frame, scale, style, unit)
    found = [
        Spot(x, frame.y(_mg_dl(row, row.value or 0.0)), row, LEVELS[row.level][1], LEVELS[row.level][0])
        for row, x in zip(rows, spots(rows, scale), strict=True)
    ]
    sensor = [spot for spot in found if spot.row.name == "glucose_interstitial"]
    plasma = [spot for spot in found if spot.row.name != "glucose_interstitial"]
    items += _threads(sensor, SENSOR, 0.6) + _threads(plasma, BLUE, 0.5)
    size = style.mark * (1.0 if len(rows) <= MANY else 0.62)
    items += [item for spot in plasma for item in _point(spot, size, frame)]
    items += [item for spot in sensor for item in _point(spot, 0.35 * style.mark, frame)] if len(sensor) < 500 else []
    if len(rows) <= 8:
        items += _glucose_labels(plasma, frame, scale, style)
    items += _level_names(frame, found, scale, style)
    if scale.axis is not None and all(spot.x < scale.axis[0] for spot in found):
        x, y = (scale.axis[0] + scale.axis[1]) / 2, (frame.top + frame.y(70.0)) / 2
        items.append(Text(x, y, "no value with a stated day", style.text, "center", color=QUIET))
    return items, frame.bottom


def _level_names(frame: Frame, found: list[Spot], scale: TimeScale, style: Style) -> list[Item]:
    """The names of the levels in their bands, at the end that holds no point; none where both do."""
    y54, y70 = frame.y(54.0), frame.y(70.0)
    room = y54 - y70
    if room < style.text * 0.353 + 0.4:
        return []
    wide = text_width("level 2", style.text)
    for x in (scale.right - 3.0 - wide, scale.left + 0.8):
        if all(not (x - 2 < spot.x < x + wide + 2 and spot.y > y70 - 1.5) for spot in found):
            places = (((y54 + y70) / 2, "level 1"), (y54 + room / 2, "level 2"))
            return [Text(x, y, words, style.text, color=QUIET) for y, words in places]
    return []


def _mg_dl(row: CourseRow, value: float) -> float:
    return convert(row.name, value, row.unit, "mg/dL").value


def _glucose_axes(frame: Frame, scale: TimeScale, style: Style, unit: str) -> list[Item]:
    left, right = scale.left, scale.right
    y54, y70 = frame.y(54.0), frame.y(70.0)
    items: list[Item] = [
        Box(left, y54, right, frame.bottom, BELOW_54, z=0.2),
        Box(left, y70, right, y54, BELOW_70, z=0.2),
    ]
    for y in (y54, y70):
        items.append(Line(((left, y), (right, y)), QUIET, 0.5, (3.0, 2.0), gives_way=True, z=1.2))
    units = ("mmol/L", "mg/dL") if unit == "mmol/L" else ("mg/dL", "mmol/L")
    for side, name in zip(("left", "right"), units, strict=True):
        items += _glucose_ticks(frame, scale, style, name, on_left=side == "left")
    return items


def glucose_tick_values(high: float, unit: str, most: int) -> list[float]:
    """The ticks of a glucose axis up to `high` (mg/dL), in the unit of the axis: thresholds and round values.

    >>> glucose_tick_values(110.0, "mmol/L", 3)
    [3.0, 3.9, 0.0, 2.0, 4.0, 6.0]
    """
    top = high if unit == "mg/dL" else convert("glucose", high, "mg/dL", unit).value
    return [*((54.0, 70.0) if unit == "mg/dL" else (3.0, 3.9)), *round_values(0.0, top, most)]


def _glucose_ticks(frame: Frame, scale: TimeScale, style: Style, unit: str, *, on_left: bool) -> list[Item]:
    """Ticks where they stand clear of those before them, thresholds first."""
    taken: list[float] = []
    items: list[Item] = []
    values = glucose_tick_values(frame.high, unit, 5)
    for value in values:
        y = frame.y(convert("glucose", value, unit, "mg/dL").value)
        threshold = value in values[:2]
        if any(abs(y - other) < style.text * 0.353 + 0.35 for other in taken):
            continue
        taken.append(y)
        words = f"{value:.1f}" if unit == "mmol/L" and value and value < 4 and threshold else f"{value:g}"
        items += _tick(y, words, scale, style, on_left=on_left)
    at, align = (scale.left - 0.6, "right") if on_left else (scale.right + 0.6, "left")
    y = frame.top - style.line * 0.75
    items.append(Text(at, y, unit, style.text, "right" if align == "right" else "left", color=QUIET))
    x = scale.left if on_left else scale.right
    return [*items, Line(((x, frame.top), (x, frame.bottom)), INK, 0.6)]


def _tick(y: float, words: str, scale: TimeScale, style: Style, *, on_left: bool) -> list[Item]:
    x = scale.left if on_left else scale.right
    out = -0.8 if on_left else 0.8
    line = Line(((x + out, y), (x, y)), INK, 0.6)
    return [line, Text(x + 1.7 * out, y, words, style.text, "right" if on_left else "left")]


def _threads(found: list[Spot], color: str, width: float) -> list[Item]:
    """Thin lines between values of successive known times; never to a value whose time is not known."""
    whole = [spot for spot in found if spot.row.place.known == "exact" and not spot.row.place.whole]
    sure = sorted((spot for spot in whole if spot.row.kind == "value"), key=lambda spot: spot.x)
    if len(sure) < 3:
        return []
    return [Line(tuple((spot.x, spot.y) for spot in sure), color, width, z=1.8, key="thread")]


def _point(spot: Spot, size: float, frame: Frame) -> list[Item]:
    row = spot.row
    hollow = row.place.known != "exact"
    shape = spot.shape
    items: list[Item] = []
    if row.kind == "censored":
        shape = "below" if row.words.startswith("<") else "above"
    if row.kind == "interval" and row.upper_value is not None and not frame.log:
        top = frame.y(_mg_dl(row, row.upper_value) if row.panel == "glucose" else row.upper_value)
        items.append(Line(((spot.x, spot.y), (spot.x, top)), spot.color, 1.2, key=row.key, z=2.5))
    big = 1.45 * max(size, 1.4) if shape == "star" else size
    return [*items, Mark(spot.x, spot.y, shape, big, spot.color, hollow, "value", row.key)]


def _glucose_labels(found: list[Spot], frame: Frame, scale: TimeScale, style: Style) -> list[Item]:
    """The value beside each point, where it meets neither thread nor point nor label."""
    items: list[Item] = []
    obstacles = [(spot.x - 1.2, spot.y - 1.2, spot.x + 1.2, spot.y + 1.2) for spot in found]
    for thread in _threads(found, BLUE, 0.5):
        if isinstance(thread, Line):
            obstacles += [box for pair in pairwise(thread.points) for box in _steps(*pair)]
    for spot in found:
        words = f"{spot.row.shown_value:.3g} {spot.row.shown_unit}" if spot.row.kind == "value" else spot.row.words
        words = words.split(" ")[0] if style.narrow else words
        words += f", {spot.row.level}" if spot.row.level == "level 3" else ""
        off, lift = 0.85 * style.mark, 0.5 * style.mark + 0.45 * style.line
        options = [
            Text(spot.x + dx, spot.y + dy, words, style.text, align, key=spot.row.key, about=(spot.x, spot.x))
            for dx, dy, align in (
                (off, 0.0, "left"), (-off, 0.0, "right"), (0.0, -lift - 0.3, "center"), (0.0, lift + 0.3, "center"),
                (0.3 * off, lift, "left"), (0.3 * off, -lift, "left"), (-0.3 * off, lift, "right"), (-0.3 * off, -lift, "right"),
            )
        ]  # fmt: skip
        best = min(options, key=lambda text: (_hits(text, obstacles, frame, scale), options.index(text)))
        if _hits(best, obstacles, frame, scale) < 5:
            items.append(best)
            obstacles.append(best.box)
    return items


def _steps(first: tuple[float, float], last: tuple[float, float]) -> list[tuple[float, float, float, float]]:
    """A line as small boxes along it."""
    count = max(2, int(abs(last[0] - first[0]) + abs(last[1] - first[1])))
    xs = [first[0] + (last[0] - first[0]) * step / count for step in range(1, count)]
    ys = [first[1] + (last[1] - first[1]) * step / count for step in range(1, count)]
    return [(x, y, x, y) for x, y in zip(xs, ys, strict=True)]


def _hits(text: Text, obstacles: list[tuple[float, float, float, float]], frame: Frame, scale: TimeScale) -> int:
    """How badly a label would stand: outside the chart is worst."""
    x0, y0, x1, y1 = text.box
    outside = x0 < scale.left + 0.2 or x1 > scale.right - 0.2 or y0 < frame.top - 1.0 or y1 > frame.bottom
    met = sum(x0 < box[2] and box[0] < x1 and y0 < box[3] and box[1] < y1 for box in obstacles)
    own = 1 if text.align == "center" else 0
    return 100 * outside + max(0, met - own)


def marker_chart(rows: list[CourseRow], scale: TimeScale, style: Style, top: float) -> tuple[list[Item], float]:
    """Markers over their upper limits on a log axis, each labeled directly."""
    values = [row.times_limit for row in rows if row.times_limit]
    low, high = min([*values, 1.0]) / 1.6, max([*values, 2.0]) * 1.5
    frame = Frame(top, top + style.chart * (0.78 if len(rows) < 8 else 0.95), low, high, log=True)
    items: list[Item] = [Line(((scale.left, frame.top), (scale.left, frame.bottom)), INK, 0.6)]
    items.append(Line(((scale.left, frame.y(1.0)), (scale.right, frame.y(1.0))), QUIET, 0.6, (3.0, 2.0), True, z=1.2))
    items += _log_ticks(frame, scale, style)
    found = []
    for row, x in zip(rows, _side_by_side(rows, scale, style), strict=True):
        color, shape = MARKERS[row.name]
        found.append(Spot(x, frame.y(row.times_limit or low), row, shape, color))
    for name in MARKERS:
        series = [spot for spot in found if spot.row.name == name]
        items += _threads(series, MARKERS[name][0], 0.8)
        size = style.mark * (1.0 if len(series) <= 30 else 0.7)
        items += [item for spot in series for item in _point(spot, size, frame)]
    return items + _line_end_labels(found, frame, scale, style), frame.bottom


def _side_by_side(rows: list[CourseRow], scale: TimeScale, style: Style) -> list[float]:
    """Where markers are drawn; those of one sample without a day stand side by side."""
    names = list(dict.fromkeys(row.name for row in rows))
    step = 1.05 * style.mark
    found = []
    for row, x in zip(rows, spots(rows, scale), strict=True):
        start, end = scale.span(row.place)
        if row.place.start.part == 0 and end - start > 4 * step and row.sample:
            x += 0.24 * (end - start) + step * (names.index(row.name) - (len(names) - 1) / 2)
        found.append(x)
    return found


def _log_ticks(frame: Frame, scale: TimeScale, style: Style) -> list[Item]:
    items: list[Item] = []
    taken: list[float] = []
    decades = [base * 10.0**power for base in (1, 3, 2, 5) for power in range(-3, 7)]
    for value in sorted(decades, key=lambda value: (str(f"{value:e}")[0] != "1")):
        if not frame.low <= value <= frame.high:
            continue
        y = frame.y(value)
        if all(abs(y - other) > 1.7 * style.text * 0.353 for other in taken):
            taken.append(y)
            items += _tick(y, f"{value:g}", scale, style, on_left=True)
    return items


def _line_end_labels(found: list[Spot], frame: Frame, scale: TimeScale, style: Style) -> list[Item]:
    """The name of each series at its last value, with the value when it is the only one."""
    ends: list[Spot] = []
    for name in dict.fromkeys(spot.row.name for spot in found):
        series = [spot for spot in found if spot.row.name == name]
        last = max(series, key=lambda spot: spot.x)
        words = analyte(name).symbol
        ends.append(Spot(last.x, last.y, last.row, last.shape, last.color, f"{words} {last.row.words}" if len(series) == 1 else words))
    in_strip = [spot for spot in ends if spot.row.place.start.part == 0]
    rest = [spot for spot in ends if spot.row.place.start.part != 0]
    on_left = _room_on_left(in_strip, scale, style)
    return [
        *_column_of_labels(in_strip, frame, scale, style, on_left=on_left),
        *_column_of_labels(rest, frame, scale, style, on_left=False),
    ]


def _lead(style: Style) -> float:
    """How far labels stand from the nearest mark."""
    return 1.2 * style.mark


def _room_on_left(group: list[Spot], scale: TimeScale, style: Style) -> bool:
    """Whether the labels of values in the strip can stand to their left."""
    widest = max((text_width(spot.label, style.text) for spot in group), default=0.0)
    return bool(group) and min(spot.x for spot in group) - _lead(style) - widest > scale.left + 0.4


def _column_of_labels(
    group: list[Spot], frame: Frame, scale: TimeScale, style: Style, *, on_left: bool
) -> list[Item]:
    if not group:
        return []
    gap = style.text * 0.353 * 1.25
    group = sorted(group, key=lambda spot: spot.y)
    heights = [spot.y for spot in group]
    wanted = spread(heights, [gap] * (len(group) - 1), frame.top + gap / 2, frame.bottom - gap / 2)
    lead = _lead(style)
    edge = min(spot.x for spot in group) - lead if on_left else max(spot.x for spot in group) + lead
    widest = max(text_width(spot.label, style.text) for spot in group)
    if not on_left:
        edge = min(edge, scale.right + style.right - 0.5 - widest)
    items: list[Item] = []
    for spot, y in zip(group, wanted, strict=True):
        near = -0.6 if on_left else 0.6
        start = spot.x + (-1 if on_left else 1) * style.mark * 0.65
        if abs(edge - near - start) > 0.5:
            items.append(Line(((start, spot.y), (edge - near, y)), FAINT, 0.5, z=1.6))
        items.append(
            Text(edge, y, spot.label, style.text, "right" if on_left else "left", color=INK, key=spot.row.key, about=(spot.x, spot.x))
        )
    return items


def small_chart(
    rows: list[CourseRow], scale: TimeScale, style: Style, top: float
) -> tuple[list[Item], float]:
    """One quantity with its own axis of numbers, in the unit of its first value."""
    unit = rows[0].unit
    values = [_in_unit(row, row.value, unit) for row in rows if row.value is not None]
    low, high = min(values), max(values)
    low = 0.0 if low >= 0 and low < 0.6 * high else low - 0.1 * (high - low or abs(high) or 1.0)
    frame = Frame(top, top + style.chart * 0.55, low, high + 0.08 * (high - low))
    items: list[Item] = [Line(((scale.left, frame.top), (scale.left, frame.bottom)), INK, 0.6)]
    for value in round_values(frame.low, frame.high, 3):
        items += _tick(frame.y(value), f"{value:g}", scale, style, on_left=True)
    found = [
        Spot(x, frame.y(_in_unit(row, row.value or 0.0, unit)), row, "circle", INK)
        for row, x in zip(rows, spots(rows, scale), strict=True)
    ]
    items += _threads(found, QUIET, 0.6)
    size = style.mark * (0.8 if len(rows) <= 30 else 0.55)
    return items + [item for spot in found for item in _point(spot, size, frame)], frame.bottom


def _in_unit(row: CourseRow, value: float, unit: str) -> float:
    return value if row.unit == unit else convert(row.name, value, row.unit, unit).value

