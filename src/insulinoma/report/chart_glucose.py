"""The glucose chart: an axis in each unit, the levels of hypoglycemia, every value by its level."""

from __future__ import annotations

from itertools import pairwise

from insulinoma.quantities import convert
from insulinoma.report.axes import TimeScale, round_values
from insulinoma.report.course import CourseRow
from insulinoma.report.course_charts import MANY, Frame, Spot, mg_dl, point, threads, tick
from insulinoma.report.course_entries import spots
from insulinoma.report.palette import BELOW_54, BELOW_70, BLUE, INK, LEVELS, QUIET, SENSOR
from insulinoma.report.scene import Align, Box, Item, Line, Span, Text, text_width
from insulinoma.report.style import Style


def glucose_range(rows: list[CourseRow]) -> Span:
    """The range of a glucose axis in mg/dL, from 0 to above the highest value and the thresholds."""
    values = [mg_dl(row, value) for row in rows for value in (row.value, row.upper_value) if value is not None]
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
        Spot(x, frame.y(mg_dl(row, row.value or 0.0)), row, LEVELS[row.level][1], LEVELS[row.level][0])
        for row, x in zip(rows, spots(rows, scale), strict=True)
    ]
    sensor = [spot for spot in found if spot.row.name == "glucose_interstitial"]
    plasma = [spot for spot in found if spot.row.name != "glucose_interstitial"]
    items += threads(sensor, SENSOR, 0.6) + threads(plasma, BLUE, 0.5)
    size = style.mark * (1.0 if len(rows) <= MANY else 0.62)
    items += [item for spot in plasma for item in point(spot, size, frame)]
    items += [item for spot in sensor for item in point(spot, 0.35 * style.mark, frame)] if len(sensor) < 500 else []
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
    [3.0, 3.9, 0.0, 5.0]
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
        items += tick(y, words, scale, style, on_left=on_left)
    y = frame.top - style.line * 0.75
    at = scale.left - 0.6 if on_left else min(scale.right + 0.6, style.width - 0.8 - text_width(unit, style.text))
    items.append(Text(at, y, unit, style.text, "right" if on_left else "left", color=QUIET))
    x = scale.left if on_left else scale.right
    return [*items, Line(((x, frame.top), (x, frame.bottom)), INK, 0.6)]


def _glucose_labels(found: list[Spot], frame: Frame, scale: TimeScale, style: Style) -> list[Item]:
    """The value beside each point, where it meets neither thread nor point nor label."""
    items: list[Item] = []
    obstacles = [(spot.x - 1.2, spot.y - 1.2, spot.x + 1.2, spot.y + 1.2) for spot in found]
    for thread in threads(found, BLUE, 0.5):
        obstacles += [box for pair in pairwise(thread.points) for box in _steps(*pair)]
    for spot in found:
        words = f"{spot.row.shown_value:.3g} {spot.row.shown_unit}" if spot.row.kind == "value" else spot.row.words
        words = words.split(" ")[0] if style.narrow else words
        words += f", {spot.row.level}" if spot.row.level == "level 3" else ""
        options = [
            Text(spot.x + dx, spot.y + dy, words, style.text, align, key=spot.row.key, about=(spot.x, spot.x))
            for dx, dy, align in _places(0.85 * style.mark, 0.5 * style.mark + 0.45 * style.line)
        ]
        best = min(options, key=lambda text: (_hits(text, obstacles, frame, scale), options.index(text)))
        if _hits(best, obstacles, frame, scale) < 5:
            items.append(best)
            obstacles.append(best.box)
    return items


def _places(off: float, lift: float) -> tuple[tuple[float, float, Align], ...]:
    """Where a label may stand about its point, the best place first."""
    return (
        (off, 0.0, "left"), (-off, 0.0, "right"), (0.0, -lift - 0.3, "center"), (0.0, lift + 0.3, "center"),
        (0.3 * off, lift, "left"), (0.3 * off, -lift, "left"), (-0.3 * off, lift, "right"),
        (-0.3 * off, -lift, "right"),
    )  # fmt: skip


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
