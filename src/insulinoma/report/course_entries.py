"""From rows of the table to entries of lanes: which bar, which sign, which words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from insulinoma.quantities import analyte
from insulinoma.record.vocabulary import term
from insulinoma.report.axes import TimeScale
from insulinoma.report.chronology import BEGINNING, END
from insulinoma.report.course import CourseRow
from insulinoma.report.course_lanes import Arrow, Bar, Entry, Look, Sign
from insulinoma.report.palette import INK, STATED, STATED_BAD, STATED_GOOD, treatment_color
from insulinoma.report.style import Style

NUMBERS = ("value", "censored", "interval")
_BAD = ("hypoglycemia", "tumor_increase", "deterioration", "new_lesion", "fungal_infection", "catheter_infection")
_GOOD = ("tumor_decrease", "necrosis_on_imaging")


def look_of(row: CourseRow) -> Look:
    """How the time of a row is drawn."""
    place = row.place
    if place.open_end:
        return "wedge" if place.known == "start only" else "hatched wedge"
    if place.known == "one of":
        return "either"
    return "solid" if place.known == "exact" else "hatch"


def bars_of(rows: list[CourseRow], scale: TimeScale, style: Style, color: str) -> tuple[Bar, ...]:
    """The bars of rows of one place, in millimeters."""
    row, key = rows[0], _keys(rows)
    x0, x1 = scale.span(row.place)
    look = look_of(row)
    tail = (6.0 if style.narrow else 9.0) if look == "wedge" else (3.5 if style.narrow else 5.0)
    if look == "wedge":
        return (Bar(x0, min(x0 + tail, style.end + 3.0), "wedge", color, key),)
    if look == "hatched wedge":
        return (
            Bar(x0, x1, "hatch", color, key),
            Bar(x1, min(x1 + tail, style.end + 3.0), "hatched wedge", color, key),
        )
    if look == "hatch" and not row.place.whole and END in (row.place.start, row.place.end):
        return (Bar(x0, min(x0 + 1.6 * tail, x1), "hatched wedge", color, key),)
    if look == "hatch" and row.place.start == BEGINNING and x1 > (scale.strip or (x1,))[-1]:
        return (Bar(x1, max(x1 - 1.6 * tail, x0), "hatched wedge", color, key),)
    if look == "either":
        half = (scale.day(1.0) - scale.day(0.0)) / 2
        days = [scale.x(edge) + half for edge in row.place.options]
        return (Bar(min(days), max(days), "either", color, key),)
    if x1 - x0 < 0.9:
        x0, x1 = (x0 + x1) / 2 - 0.45, (x0 + x1) / 2 + 0.45
    return (Bar(x0, min(x1, style.end + 1.0), look, color, key),)


def joined(words: str, time: str) -> str:
    """Words with their time after a comma."""
    return f"{words}, {time}" if words and time else words or time


def statement_entries(rows: list[CourseRow], scale: TimeScale, style: Style, *, named: bool) -> list[Entry]:
    """Statements and directions as entries; those that say the same share one, with a bar each."""
    groups: dict[tuple[str, ...], list[CourseRow]] = {}
    for row in rows:
        groups.setdefault(_same(row, named=named), []).append(row)
    groups = _fewer(groups)
    return [_statement(group, scale, style, named=named) for group in groups.values()]


def _fewer(groups: dict[tuple[str, ...], list[CourseRow]]) -> dict[tuple[str, ...], list[CourseRow]]:
    """Windows that say the same more than four times share one entry."""
    kept: dict[tuple[str, ...], list[CourseRow]] = {}
    for key, rows in groups.items():
        alike = [other for other in groups if other[:2] == key[:2] and other[-1] == key[-1] == "exact"]
        name = (*key[:2], "windows") if len(alike) > 4 else key
        kept.setdefault(name, []).extend(rows)
    return kept


def _same(row: CourseRow, *, named: bool) -> tuple[str, ...]:
    single_day = row.place.known == "exact" and not row.place.whole
    if row.kind == "direction" and named:
        return ("direction", row.words, row.time)
    words = said(row) if named else row.words
    return (row.kind, words, "on days") if single_day else (row.kind, words, row.time, row.place.known)


def said(row: CourseRow) -> str:
    """The words of a row with the name of what they are about, for a panel without lanes."""
    if row.kind in ("direction", "statement") and row.name in ("glucose", "glucose_interstitial"):
        return f"{'glucose' if row.name == 'glucose' else 'sensor glucose'} {row.words}"
    if row.panel == "markers":
        return f"{analyte(row.name).symbol} {row.words}"
    return row.words


def _statement(rows: list[CourseRow], scale: TimeScale, style: Style, *, named: bool) -> Entry:
    first = rows[0]
    words = said(first) if named else first.words
    if first.kind == "direction":
        if named and first.panel == "markers":
            words = f"{', '.join(dict.fromkeys(analyte(row.name).symbol for row in rows))} {first.words}"
        at = scale.span(first.place)[0] + 0.6
        return Entry(arrow=_direction(first), at=at, words=joined(words, first.time), key=_keys(rows))
    words = "" if not named and words.casefold() == first.item.casefold() else words
    color = _tone(first)
    bars = tuple(bar for row in rows for bar in bars_of([row], scale, style, color))
    several = len(rows) > 1 and first.place.known == "exact"
    unit = "times" if first.place.whole else "days"
    time = f"{len({row.start_day for row in rows})} {unit}" if several else first.time
    return Entry(bars=bars, words=joined(words, time), key=_keys(rows))


def _keys(rows: list[CourseRow]) -> str:
    return " ".join(row.key for row in rows)


def _direction(row: CourseRow) -> Arrow:
    return cast(Arrow, row.words)


def _tone(row: CourseRow) -> str:
    if row.name in _BAD:
        return STATED_GOOD if row.words.startswith("no ") else STATED_BAD
    if row.name in _GOOD or row.words == "normal":
        return STATED_GOOD
    return STATED


def merged_entries(rows: list[CourseRow], scale: TimeScale, style: Style) -> list[Entry]:
    """Statements of the same place in one entry each, their words joined."""
    groups: dict[object, list[CourseRow]] = {}
    for row in rows:
        groups.setdefault((row.place, row.time, _tone(row)), []).append(row)
    entries = []
    for group in groups.values():
        for part in _parts(group, 3 if style.narrow else 4):
            words = ", ".join(dict.fromkeys(row.words for row in part))
            bars = bars_of(part, scale, style, _tone(part[0]))
            entries.append(Entry(bars=bars, words=joined(words, group[0].time), key=_keys(part)))
    return entries


def _parts(rows: list[CourseRow], size: int) -> Iterable[list[CourseRow]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def value_entries(rows: list[CourseRow], scale: TimeScale) -> list[Entry]:
    """Measured values as entries: a mark with its value; hollow where the day is not stated."""
    entries = []
    for row, x in zip(rows, spots(rows, scale), strict=True):
        sign = Sign(x, "circle", INK, row.key, hollow=row.place.known != "exact")
        entries.append(Entry(signs=(sign,), words=row.words, key=row.key))
    return entries


def spots(rows: list[CourseRow], scale: TimeScale) -> list[float]:
    """Where values are drawn: on their day, or spread over the window in which they lie somewhere.

    Values of one sample stand above each other.
    """
    groups: dict[object, list[str]] = {}
    for row in rows:
        names = groups.setdefault(row.place, [])
        name = row.sample or f"{row.name} {names.count(row.name)} {row.key}"
        if name not in names:
            names.append(name)
    found = []
    for row in rows:
        start, end = scale.span(row.place)
        names = groups[row.place]
        if row.place.known == "exact" or len(names) == 1:
            found.append((start + end) / 2)
            continue
        matching = [index for index, name in enumerate(names) if name == row.sample or name.endswith(f" {row.key}")]
        found.append(start + (end - start) * (matching[0] + 0.5) / len(names))
    return found


def treatment_entries(rows: list[CourseRow], scale: TimeScale, style: Style) -> list[Entry]:
    """The courses of one treatment as entries; words that repeat are said once."""
    entries: list[Entry] = []
    told: set[str] = set()
    for group in _of_one_place(rows):
        row = group[0]
        vocabulary = term("treatments", row.name)
        color = treatment_color(vocabulary.get("class"))
        crowd = len(rows) > 3
        words = ", ".join(dict.fromkeys(other.words for other in group if other.words))
        words = "" if words in told or len(told) > 4 else words
        told.add(words)
        if vocabulary.get("type") == "procedure" and row.place.known == "exact":
            sign = Sign(scale.middle(row.place), "diamond", color, _keys(group), role="treatment")
            entries.append(Entry(signs=(sign,), words=words, key=_keys(group), optional=crowd))
        else:
            entries.append(
                Entry(bars=bars_of(group, scale, style, color), words=words, key=_keys(group), optional=crowd)
            )
    return entries


def meal_entries(rows: list[CourseRow], scale: TimeScale, style: Style) -> list[Entry]:
    """Meals as strokes of one lane."""
    bars = tuple(bar for row in rows for bar in bars_of([row], scale, style, STATED))
    return [Entry(bars=bars, key=_keys(rows))]


def _of_one_place(rows: list[CourseRow]) -> Iterable[list[CourseRow]]:
    groups: dict[object, list[CourseRow]] = {}
    for row in rows:
        groups.setdefault(row.place, []).append(row)
    return groups.values()
