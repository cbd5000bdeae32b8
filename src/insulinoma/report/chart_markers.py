"""The chart of tumor markers: multiples of their upper limits on a log axis, each labeled directly."""

from __future__ import annotations

from insulinoma.quantities import analyte
from insulinoma.report.axes import TimeScale
from insulinoma.report.course import CourseRow
from insulinoma.report.course_charts import Frame, Spot, point, threads, tick
from insulinoma.report.course_entries import spots
from insulinoma.report.palette import FAINT, INK, MARKERS, QUIET
from insulinoma.report.scene import Item, Line, Text, spread, text_width
from insulinoma.report.style import Style


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
        items += threads(series, MARKERS[name][0], 0.8)
        size = style.mark * (1.0 if len(series) <= 30 else 0.7)
        items += [item for spot in series for item in point(spot, size, frame)]
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
    for value in sorted(decades, key=lambda value: str(f"{value:e}")[0] != "1"):
        if not frame.low <= value <= frame.high:
            continue
        y = frame.y(value)
        if all(abs(y - other) > 1.7 * style.text * 0.353 for other in taken):
            taken.append(y)
            items += tick(y, f"{value:g}", scale, style, on_left=True)
    return items


def _line_end_labels(found: list[Spot], frame: Frame, scale: TimeScale, style: Style) -> list[Item]:
    """The name of each series at its last value, with the value when it is the only one."""
    ends: list[Spot] = []
    for name in dict.fromkeys(spot.row.name for spot in found):
        series = [spot for spot in found if spot.row.name == name]
        last = max(series, key=lambda spot: spot.x)
        words = analyte(name).symbol
        ends.append(
            Spot(
                last.x,
                last.y,
                last.row,
                last.shape,
                last.color,
                f"{words} {last.row.words}" if len(series) == 1 else words,
            )
        )
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


def _column_of_labels(group: list[Spot], frame: Frame, scale: TimeScale, style: Style, *, on_left: bool) -> list[Item]:
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
            Text(
                edge,
                y,
                spot.label,
                style.text,
                "right" if on_left else "left",
                color=INK,
                key=spot.row.key,
                about=(spot.x, spot.x),
            )
        )
    return items
