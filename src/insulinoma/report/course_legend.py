"""The legend: only the signs that the picture uses."""

from __future__ import annotations

from collections.abc import Callable

from insulinoma.report.course import CourseRow
from insulinoma.report.course_entries import NUMBERS, look_of
from insulinoma.report.course_lanes import Bar, Look, arrow_items, bar_items
from insulinoma.report.palette import INK, LEVELS, QUIET, SENSOR, STATED
from insulinoma.report.scene import Item, Line, Mark, Text, text_width
from insulinoma.report.style import Style

Sample = Callable[[float, float], list[Item]]

_LOOKS: dict[Look, str] = {
    "solid": "stated dates",
    "hatch": "some time within (order or window only)",
    "wedge": "start stated, end not",
    "either": "one of two days",
}
_LEVEL_WORDS = {
    "": "glucose, no hypoglycemia",
    "level 1": "hypoglycemia level 1",
    "level 2": "hypoglycemia level 2",
    "level 3": "severe event (level 3)",
}


def legend(table: tuple[CourseRow, ...], style: Style, top: float) -> tuple[list[Item], float]:
    """The signs in use with their meaning, in as many lines as they need."""
    items: list[Item] = []
    x, y = style.margin, top + style.line / 2
    for sample, room, words in _samples([row for row in table if row.panel != "table only"], style):
        width = room + 0.8 + text_width(words, style.text)
        if x > style.margin and x + width > style.width - style.margin:
            x, y = style.margin, y + style.line * 1.1
        items += sample(x, y)
        items.append(Text(x + room + 0.8, y, words, style.text, color=QUIET))
        x += width + 3.0
    return items, y + style.line / 2 + 0.6


def _samples(rows: list[CourseRow], style: Style) -> list[tuple[Sample, float, str]]:
    """(how it is drawn, its width, its meaning) for each sign in use."""
    size = style.mark
    numbers = [row for row in rows if row.kind in NUMBERS and row.name != "glucose_interstitial"]
    found: list[tuple[Sample, float, str]] = []
    if any(row.name == "glucose_interstitial" for row in rows):
        found.append((_line(SENSOR), 5.0, "glucose sensor"))
    if any(row.time_known == "exact" and row.panel != "glucose" for row in numbers):
        found.append((_mark("circle", INK, size), size, "value, day stated"))
    if any(row.time_known != "exact" for row in numbers):
        found.append((_mark("circle", INK, size, hollow=True), size, "value, day not stated"))
    found += _level_samples([row for row in numbers if row.panel == "glucose"], size)
    drawn = {look_of(row) for row in rows if row.kind in ("statement", "treatment", "event") and row.panel != "events"}
    for look, meaning in _LOOKS.items():
        if look in drawn or (look == "wedge" and "hatched wedge" in drawn):
            found.append((_bar(look, style), 6.0, meaning))
    if any(row.kind == "direction" for row in rows):
        found.append((_arrow(style), size * 1.5, "direction in words, no value"))
    return found


def _level_samples(rows: list[CourseRow], size: float) -> list[tuple[Sample, float, str]]:
    found = []
    for level, meaning in _LEVEL_WORDS.items():
        alike = [row for row in rows if row.level == level]
        if alike:
            color, shape = LEVELS[level]
            hollow = all(row.time_known != "exact" for row in alike)
            wide = size * (1.45 if shape == "star" else 1.0)
            found.append((_mark(shape, color, wide, hollow=hollow), wide, meaning))
    return found


def _mark(shape: str, color: str, size: float, *, hollow: bool = False) -> Sample:
    return lambda x, y: [Mark(x + size / 2, y, shape, size, color, hollow, "legend")]


def _line(color: str) -> Sample:
    return lambda x, y: [Line(((x, y), (x + 5.0, y)), color, 0.8)]


def _bar(look: Look, style: Style) -> Sample:
    return lambda x, y: bar_items(Bar(x, x + 6.0, look, STATED, ""), y, style)


def _arrow(style: Style) -> Sample:
    return lambda x, y: arrow_items("decreased", x, y, style, "")
