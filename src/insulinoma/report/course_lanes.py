"""Lanes: slim bars with their words beside or above them, packed so that nothing meets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from insulinoma.report.palette import INK, PAPER
from insulinoma.report.scene import Box, Item, Line, Mark, Shape, Span, Text, shorten, text_width
from insulinoma.report.style import Style

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
    """What is said at one place of a lane: bars and signs, or an arrow, and the words for them."""

    bars: tuple[Bar, ...] = ()
    signs: tuple[Sign, ...] = ()
    arrow: Literal["", "decreased", "increased", "unchanged"] = ""
    at: float = 0.0
    words: str = ""
    key: str = ""
    color: str = INK

    def span(self, style: Style) -> Span:
        """The width that its bars and signs take."""
        if self.arrow:
            return self.at, self.at + 1.6 * style.mark
        half = style.mark / 2 + 0.2
        lows = [bar.x0 for bar in self.bars] + [sign.x - half for sign in self.signs]
        highs = [bar.x1 for bar in self.bars] + [sign.x + half for sign in self.signs]
        return min(lows), max(highs)


@dataclass
class Row:
    """A row under construction: what its line of bars and its line of words above already hold."""

    lower: list[Span] = field(default_factory=list)
    upper: list[Span] = field(default_factory=list)
    has_words: bool = False
    placed: list[tuple[Entry, float, bool]] = field(default_factory=list)

    def height(self, style: Style) -> float:
        """Height in millimeters."""
        base = style.line if self.has_words else style.bar + 0.8
        return base + (style.line - 0.2 if self.upper else 0.0)


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
        return heavy + 0.3 * sum(span[0] < rule < span[1] for rule in self.light)


def pack(entries: list[Entry], style: Style, bounds: Bounds, *, most: int = 12) -> tuple[list[Row], int]:
    """Rows that hold the entries without a collision, and how many entries found no room."""
    rows: list[Row] = []
    lost = 0
    for entry in sorted(entries, key=lambda entry: (entry.span(style)[0], -entry.span(style)[1])):
        options = [
            option
            for index, row in enumerate([*rows, Row()])
            if index < most
            for option in _options(entry, row, index, index == len(rows), style, bounds)
        ]
        if not options:
            lost += 1
            continue
        _, index, where, above = min(options, key=lambda option: option[0])
        if index == len(rows):
            rows.append(Row())
        _put(entry, rows[index], where, above, style)
    return rows, lost


def _options(
    entry: Entry, row: Row, index: int, new: bool, style: Style, bounds: Bounds
) -> list[tuple[float, int, float, bool]]:
    """(cost, row, left end of the words, above) for each way to place an entry in a row."""
    x0, x1 = entry.span(style)
    cost = 2.2 * index + (0.6 if new else 0.0)
    if not _free((x0, x1), row.lower):
        return []
    if not entry.words:
        return [(cost, index, x0, False)]
    width = text_width(_cut(entry, style, bounds), style.text)
    found = []
    gap = 0.8
    for where, extra in ((x1 + gap, 0.0), (x0 - gap - width, 0.25)):
        span = (where, where + width)
        inside = bounds.left <= span[0] and span[1] <= bounds.right
        if inside and _free((min(x0, span[0]), max(x1, span[1])), row.lower):
            found.append((cost + extra + bounds.crossings(span), index, where, False))
    if not entry.arrow:
        where = x0 if x0 + width <= bounds.right else max(bounds.left, min(x1, bounds.right) - width)
        if _free((where, where + width), row.upper):
            tall = 0.0 if row.upper else 1.5
            found.append((cost + tall + bounds.crossings((where, where + width)), index, where, True))
    return found


def _cut(entry: Entry, style: Style, bounds: Bounds) -> str:
    return shorten(entry.words, style.text, bounds.right - bounds.left - 4 * style.mark)


def _free(span: Span, taken: list[Span]) -> bool:
    return all(span[1] + 0.7 <= other[0] or other[1] + 0.7 <= span[0] for other in taken)


def _put(entry: Entry, row: Row, where: float, above: bool, style: Style) -> None:
    x0, x1 = entry.span(style)
    row.placed.append((entry, where, above))
    if not entry.words:
        row.lower.append((x0, x1))
        return
    width = text_width(entry.words, style.text)
    if above:
        row.lower.append((x0, x1))
        row.upper.append((where, where + width))
    else:
        row.lower.append((min(x0, where), max(x1, where + width)))
        row.has_words = True


def draw_rows(rows: list[Row], top: float, style: Style, bounds: Bounds) -> tuple[list[Item], float]:
    """The rows as items of the scene, from `top` downward, and where they end."""
    items: list[Item] = []
    y = top
    for row in rows:
        height = row.height(style)
        base = style.line if row.has_words else style.bar + 0.8
        middle = y + height - base / 2
        for entry, where, above in row.placed:
            items += _entry_items(entry, middle, style)
            if entry.words:
                words = _cut(entry, style, bounds)
                text_y = y + (style.line - 0.2) / 2 if above else middle
                items.append(
                    Text(where, text_y, words, style.text, color=entry.color, key=entry.key, about=entry.span(style))
                )
        y += height
    return items, y


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
