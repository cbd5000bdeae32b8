"""The clinical course for the browser: the rows of the figure, and where each stands on its axis."""

from __future__ import annotations

from typing import Any

from insulinoma.record.schema import CaseRecord
from insulinoma.record.vocabulary import term
from insulinoma.report.course.axes import TimeScale, time_scale
from insulinoma.report.course.chronology import BEGINNING, END, Chronology
from insulinoma.report.course.entries import look_of, spots
from insulinoma.report.course.page import hover_words
from insulinoma.report.course.style import WIDE
from insulinoma.report.course.table import CourseRow, as_dict, course_table
from insulinoma.report.course.words import day_words

_GOOD = ("tumor_decrease", "necrosis_on_imaging")
_BAD = ("hypoglycemia", "tumor_increase", "deterioration", "new_lesion", "fungal_infection", "catheter_infection")


def course_of(record: CaseRecord, glucose_unit: str) -> dict[str, Any]:
    """The course in the names of `plot --json`, each row with its place; the axis in millimeters.

    `axis.strip` are the bounds of the strip of facts whose day is not stated, `axis.days` the days at
    the ends of `axis.span`.
    """
    chronology = Chronology(record)
    rows = list(course_table(record, glucose_unit=glucose_unit))
    drawn = [row for row in rows if row.panel != "table only"]
    scale = time_scale(drawn, chronology, WIDE)
    at = dict(zip((row.key for row in drawn), spots(drawn, scale), strict=True))
    return {
        "case": record.id,
        "title": record.title,
        "glucose_unit": glucose_unit,
        "axis": _axis(scale, chronology, rows),
        "rows": [{**as_dict(row), **_drawn(row, scale, at.get(row.key))} for row in rows],
    }


def _axis(scale: TimeScale, chronology: Chronology, rows: list[CourseRow]) -> dict[str, Any]:
    items = {row.key: row.item for row in rows}
    zero = day_words(chronology).day_zero
    return {
        "left": scale.left,
        "right": scale.right,
        "strip": list(scale.strip),
        "boundaries": [items.get(name, name) for name in chronology.boundaries],
        "not_stated": scale.not_stated,
        "span": scale.axis,
        "days": scale.days,
        "day_zero": zero.isoformat() if zero is not None else None,
    }


def _drawn(row: CourseRow, scale: TimeScale, at: float | None) -> dict[str, Any]:
    """Where and how a row is drawn: millimeters, look, tone, and the words for pointing at it."""
    start, end = scale.span(row.place)
    return {
        "x": [start, end],
        "at": at,
        "options": [scale.x(edge) for edge in row.place.options],
        "look": _look(row, scale),
        "tone": _tone(row),
        "class": term("treatments", row.name).get("class") if row.kind == "treatment" else None,
        "name": row.name,
        "group": row.group or None,
        "hover": hover_words(row),
    }


def _look(row: CourseRow, scale: TimeScale) -> str:
    """How the time of a row is drawn; `after` and `before` where one end is open and nothing fills the window."""
    look, place = look_of(row), row.place
    if look != "hatch":
        return look
    if not place.whole and END in (place.start, place.end):
        return "after"
    reaches_days = bool(scale.strip) and scale.span(place)[1] > scale.strip[-1]
    return "before" if place.start == BEGINNING and reaches_days else look


def _tone(row: CourseRow) -> str:
    if row.name in _BAD:
        return "good" if row.words.startswith("no ") else "bad"
    return "good" if row.name in _GOOD or row.words == "normal" else "plain"
