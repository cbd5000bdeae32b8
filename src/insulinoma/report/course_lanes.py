"""Lanes: slim bars with their words beside or above them, packed so that nothing meets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from insulinoma.report.palette import INK, PAPER
from insulinoma.report.scene import Box, Item, Line, Mark, Shape, Span, Text, balanced, shorten, text_width
from insulinoma.report.style import Style

Arrow = Literal["", "decreased", "increased", "unchanged"]
Look = Literal["solid", "hatch", "wedge", "hatched wedge", "either", "none"]


@dataclass(frozen=True)
class Bar:
    """A stretch of time in a lane: sure (solid), somewhere within (hatch), open-ended (wedge), one of two (either)."""

    x0: float
    x1: float
    look: Look
    color: str
    key: str


@dataclass(frozen=True)
class Sign:
    """A mark in a lane: a measured value, or the sign of a treatment or an event."""

    x: float
    shape: str
    color: str
    key: str
    hollow: bool = False
    role: Literal["value", "treatment", "event"] = "value"


@dataclass(frozen=True)
class Entry:
    """What is said at one place of a lane: bars and signs, or an arrow, and the words for them.

    `optional` words are left out where they would cost a row.
    """

    bars: tuple[Bar, ...] = ()
    signs: tuple[Sign, ...] = ()
    arrow: Arrow = ""
    at: float = 0.0
    words: str = ""
    key: str = ""
    optional: bool = False

    def span(self, style: Style) -> Span:
        """The width that its bars and signs take."""
        if self.arrow:
            return self.at, self.at + 1.6 * style.mark
        half = style.mark / 2 + 0.2
        ends = [end for bar in self.bars for end in (bar.x0, bar.x1)]
        ends += [sign.x + side for sign in self.signs for side in (-half, half)]
        return min(ends), max(ends)


@dataclass(frozen=True)
class Placed:
    """Where the words of an entry go: their left end, their lines, above the bar or beside it."""

    entry: Entry
    x: float
    lines: tuple[str, ...]
    above: bool


@dataclass
class Row:
    """A row under construction: what its line of bars and its line of words above already hold."""

    lower: list[Span] = field(default_factory=list)
    upper: list[Span] = field(default_factory=list)
    has_words: bool = False
    lines: int = 1
    lower_lines: int = 1
    placed: list[Placed] = field(default_factory=list)

    def height(self, style: Style) -> float:
        """Height in millimeters."""
        return self.base(style) + (self.lines * (style.line - 0.2) if self.upper else 0.0)

    def base(self, style: Style) -> float:
        """Height of the line of bars, with the words beside them."""
        return style.line + (self.lower_lines - 1) * (style.line - 0.2) if self.has_words else style.bar + 0.8


@dataclass(frozen=True)
class Bounds:
    """The span in which words may stand, and the rules that they should not interrupt."""

    left: float
    right: float
    rules: tuple[float, ...] = ()
    light: tuple[float, ...] = ()

    def crossings(self, span: Span) -> float:
        """How many rules a span meets; a light one counts less."""
        heavy = sum(span[0] - 0.3 < rule < span[1] + 0.3 for rule in self.rules)
        return 1.5 * heavy + 0.3 * sum(span[0] < rule < span[1] for rule in self.light)


def pack(entries: list[Entry], style: Style, bounds: Bounds, *, most: int = 12) -> tuple[list[Row], int]:
    """Rows that hold the entries without a collision, and how many entries found no room."""
    rows: list[Row] = []
    lost = 0
    for entry in sorted(entries, key=lambda entry: (entry.span(style)[0], -entry.span(style)[1])):
        options = [
            (cost, index, placed)
            for index, row in enumerate([*rows, Row()])
            if index < most
            for cost, placed in _options(entry, row, index, len(rows), style, bounds)
        ]
        if not options:
            lost += 1
            continue
        _, index, placed = min(options, key=lambda option: option[0])
        if index == len(rows):
            rows.append(Row())
        _put(placed, rows[index], style)
    return rows, lost


def _options(entry: Entry, row: Row, index: int, new: int, style: Style, bounds: Bounds) -> list[tuple[float, Placed]]:
    """(cost, placement) for each way to place an entry in a row."""
    x0, x1 = entry.span(style)
    cost = 2.2 * index + (0.6 if index == new else 0.0)
    if not _free((x0, x1), row.lower):
        return []
    bare = (cost + (2.0 if entry.words else 0.0), Placed(entry, x0, (), above=False))
    if not entry.words:
        return [bare]
    found = _beside(entry, row, cost, style, bounds) + ([bare] if entry.optional else [])
    lines = above_lines(entry, style, bounds)
    width = max(text_width(line, style.text) for line in lines)
    where = x0 if x0 + width <= bounds.right else max(bounds.left, min(x1, bounds.right) - width)
    if _free((where, where + width), row.upper) and not (entry.arrow and found):
        taller = 1.5 * max(0, len(lines) - (row.lines if row.upper else 0))
        crossed = bounds.crossings((where, where + width))
        found.append((cost + taller + crossed, Placed(entry, where, tuple(lines), above=True)))
    return found


def _beside(entry: Entry, row: Row, cost: float, style: Style, bounds: Bounds) -> list[tuple[float, Placed]]:
    """Placements to the right and to the left of the bar, in one line or in two or three."""
    x0, x1 = entry.span(style)
    gap, found = 0.8, []
    whole = text_width(entry.words, style.text)
    for count in (1, 2, 3):
        lines = [entry.words] if count == 1 else balanced(entry.words, style.text, 1.12 * whole / count)
        width = max(text_width(line, style.text) for line in lines)
        if len(lines) != count or (count > 1 and len(entry.words) < 16 * count):
            continue
        taller = 1.3 * max(0, count - row.lower_lines)
        for where, extra in ((x1 + gap, 0.0), (x0 - gap - width, 0.25)):
            span = (where, where + width)
            inside = bounds.left <= span[0] and span[1] <= bounds.right
            if inside and _free((min(x0, span[0]), max(x1, span[1])), row.lower):
                weight = cost + extra + taller + bounds.crossings(span)
                found.append((weight, Placed(entry, where, tuple(lines), above=False)))
    return found


def above_lines(entry: Entry, style: Style, bounds: Bounds) -> list[str]:
    """The words of an entry in the lines that they take above its bar."""
    room = bounds.right - bounds.left
    return [shorten(line, style.text, room) for line in balanced(entry.words, style.text, room)]


def _free(span: Span, taken: list[Span]) -> bool:
    return all(span[1] + 0.7 <= other[0] or other[1] + 0.7 <= span[0] for other in taken)


def _put(placed: Placed, row: Row, style: Style) -> None:
    x0, x1 = placed.entry.span(style)
    row.placed.append(placed)
    if not placed.lines:
        row.lower.append((x0, x1))
        return
    end = placed.x + max(text_width(line, style.text) for line in placed.lines)
    if placed.above:
        row.lower.append((x0, x1))
        row.upper.append((placed.x, end))
        row.lines = max(row.lines, len(placed.lines))
    else:
        row.lower.append((min(x0, placed.x), max(x1, end)))
        row.has_words = True
        row.lower_lines = max(row.lower_lines, len(placed.lines))


def draw_rows(rows: list[Row], top: float, style: Style) -> tuple[list[Item], float]:
    """The rows as items of the scene, from `top` downward, and where they end."""
    items: list[Item] = []
    step = style.line - 0.2
    for row in rows:
        middle = top + row.height(style) - row.base(style) / 2
        over = middle - row.base(style) / 2
        for placed in row.placed:
            count = len(placed.lines)
            first = over - (count - 0.5) * step if placed.above else middle - (count - 1) / 2 * step
            about = placed.entry.span(style)
            items += _entry_items(placed.entry, middle, style)
            items += [
                Text(placed.x, first + number * step, words, style.text, key=placed.entry.key, about=about)
                for number, words in enumerate(placed.lines)
            ]
        top += row.height(style)
    return items, top


def _entry_items(entry: Entry, y: float, style: Style) -> list[Item]:
    items: list[Item] = []
    for bar in entry.bars:
        items += bar_items(bar, y, style)
    for sign in entry.signs:
        items.append(Mark(sign.x, y, sign.shape, style.mark, sign.color, sign.hollow, sign.role, sign.key))
    if entry.arrow:
        items += arrow_items(entry.arrow, entry.at, y, style, entry.key)
    return items


def bar_items(bar: Bar, y: float, style: Style) -> list[Item]:
    """A bar as items of the scene, centered on `y`."""
    half = style.bar / 2
    if bar.look == "none":
        return []
    if bar.look == "either":
        return _either_items(bar, y, style)
    if bar.look in ("wedge", "hatched wedge"):
        points = ((bar.x0, y - half), (bar.x1 - 0.6 * (bar.x1 - bar.x0), y - half), (bar.x1, y),
                  (bar.x1 - 0.6 * (bar.x1 - bar.x0), y + half), (bar.x0, y + half))  # fmt: skip
        return [Shape(points, bar.color, bar.key, hatch=bar.look == "hatched wedge")]
    if bar.look == "hatch":
        return [Box(bar.x0, y - half, bar.x1, y + half, PAPER, bar.color, True, bar.key, z=2.0)]
    x1 = max(bar.x1, bar.x0 + 0.9)
    return [Box(bar.x0, y - half, x1, y + half, bar.color, None, False, bar.key, z=2.0)]


def _either_items(bar: Bar, y: float, style: Style) -> list[Item]:
    """Two upright strokes joined by dots: on one of two days."""
    half = style.bar / 2 + 0.1
    ends: list[Item] = [
        Line(((x, y - half), (x, y + half)), bar.color, 1.3, key=bar.key, z=2.0) for x in (bar.x0, bar.x1)
    ]
    return [*ends, Line(((bar.x0, y), (bar.x1, y)), bar.color, 0.9, (1.0, 1.2), key=bar.key, z=2.0)]


def arrow_items(direction: str, x: float, y: float, style: Style, key: str) -> list[Item]:
    """A slanted arrow for a direction that is stated in words: no point, no size."""
    size = style.mark * 1.25
    rise = {"decreased": 0.5, "increased": -0.5}.get(direction, 0.0) * size
    x0, y0, x1, y1 = x + 0.2, y - rise * 0.9, x + 0.2 + size, y + rise * 0.9
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    back, wide = 0.48 * size, 0.26 * size
    head = (
        (x1, y1),
        (x1 - back * ux - wide * uy, y1 - back * uy + wide * ux),
        (x1 - back * ux + wide * uy, y1 - back * uy - wide * ux),
    )
    stem = Line(((x0, y0), (x1 - 0.4 * back * ux, y1 - 0.4 * back * uy)), INK, 0.9, key=key, z=2.0)
    return [stem, Shape(head, INK, key)]
