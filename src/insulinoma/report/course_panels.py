"""The panels of the course, one under the other: treatments, glucose, hormones, markers, tumor, symptoms."""

from __future__ import annotations

from collections.abc import Callable

from insulinoma.report.axes import TimeScale
from insulinoma.report.chart_glucose import glucose_chart
from insulinoma.report.chart_markers import marker_chart
from insulinoma.report.course import CourseRow
from insulinoma.report.course_charts import small_chart
from insulinoma.report.course_entries import (
    NUMBERS,
    meal_entries,
    merged_entries,
    statement_entries,
    treatment_entries,
    value_entries,
)
from insulinoma.report.course_lanes import Bounds, Entry, draw_rows, pack
from insulinoma.report.course_words import unit_words
from insulinoma.report.palette import FAINT, INK, QUIET
from insulinoma.report.scene import Item, Line, Text, shorten, text_width, wrap
from insulinoma.report.style import Style

MOST_LANES = 30
CHART_FROM = 4
MOST_SAYINGS = 14


class Page:
    """Panels under construction: the items so far and how far down the page they reach."""

    def __init__(self, scale: TimeScale, style: Style, bounds: Bounds, top: float) -> None:
        self.scale, self.style, self.bounds = scale, style, bounds
        self.items: list[Item] = []
        self.y = top

    def head(self, words: str, note: str = "") -> None:
        """The title of a panel under a hairline across the page."""
        style = self.style
        self.y += 0.9
        self.items.append(Line(((style.margin, self.y), (style.end, self.y)), FAINT, 0.4, z=0.5))
        self.y += 0.3 + style.head * 0.353 * 0.75
        self.items.append(Text(style.margin, self.y, words, style.head, bold=True))
        if note:
            x = style.margin + text_width(words, style.head, True) + 1.2
            self.items.append(Text(x, self.y, shorten(note, style.text, style.end - x), style.text, color=QUIET))
        self.y += style.head * 0.353 * 0.75

    def lane(self, name: str, entries: list[Entry]) -> None:
        """One lane: its name beside or above it, and its entries."""
        if self.style.narrow:
            self._lane_below_name(name, entries)
            return
        rows, lost = pack(entries, self.style, self.bounds)
        for row in rows[:1]:
            row.has_words = True
        names = wrap(name, self.style.text, self.style.gutter - 1.5)
        top = self.y + 0.3
        items, end = draw_rows(rows, top, self.style)
        self.items += items
        end = max(end, top + len(names) * self.style.line)
        first = rows[0].height(self.style) - rows[0].base(self.style) / 2 if rows else self.style.line / 2
        first = min(first, end - top - self.style.line * (len(names) - 0.5))
        for index, line in enumerate(names):
            y = top + first + self.style.line * index
            self.items.append(Text(self.style.margin, y, line, self.style.text))
        self.y = end + 0.4
        self.lost(lost)

    def _lane_below_name(self, name: str, entries: list[Entry]) -> None:
        """The name as a line of its own, with the words of a single entry behind it."""
        style = self.style
        words = name
        if len(entries) == 1 and entries[0].words and not entries[0].arrow:
            longer = f"{name}{' ' if entries[0].signs else ', '}{entries[0].words}"
            if text_width(longer, style.text) < style.end - style.margin:
                first = entries[0]
                words, entries = longer, [Entry(first.bars, first.signs, "", first.at, "", first.key)]
        lines = wrap(words, style.text, style.end - style.margin)
        for line in lines:
            self.y += style.line
            self.items.append(Text(style.margin, self.y - style.line / 2 + 0.2, line, style.text))
        self.entries(entries)
        self.y += 0.4

    def entries(self, entries: list[Entry], *, most: int = 12) -> None:
        """Entries without a lane."""
        rows, lost = pack(entries, self.style, self.bounds, most=most)
        items, self.y = draw_rows(rows, self.y, self.style)
        self.items += items
        self.lost(lost)

    def lost(self, count: int) -> None:
        """Says how many entries found no room."""
        if count:
            self.y += self.style.line
            words = f"+ {count} more in the table"
            self.items.append(Text(self.style.left, self.y - self.style.line / 2, words, self.style.text, color=QUIET))

    def chart(self, draw: Callable[[float], tuple[list[Item], float]], *, above: float = 0.0) -> None:
        """A chart, with `above` millimeters over it."""
        items, self.y = draw(self.y + above)
        self.items += items
        self.y += 0.8


def panels(
    rows: list[CourseRow], scale: TimeScale, style: Style, bounds: Bounds, top: float, glucose_unit: str
) -> tuple[list[Item], float]:
    """All panels that have something to show, and where they end."""
    page = Page(scale, style, bounds, top)
    if not rows:
        page.head("The record holds no fact of the course.")
    by_panel = {row.panel: [other for other in rows if other.panel == row.panel] for row in rows}
    _treatments(page, by_panel.get("treatments", []))
    _glucose(page, by_panel.get("glucose", []), glucose_unit)
    _quantities(page, "Hormones and metabolites", by_panel.get("hormones", []))
    _markers(page, by_panel.get("markers", []))
    _quantities(page, "Tumor", by_panel.get("tumor", []))
    _quantities(page, "Other measurements", by_panel.get("other", []))
    _symptoms(page, [*by_panel.get("symptoms", []), *_loose_events(by_panel.get("events", []), rows, page)])
    return page.items, page.y + 0.6


def _lanes(rows: list[CourseRow]) -> dict[str, list[CourseRow]]:
    lanes: dict[str, list[CourseRow]] = {}
    for row in rows:
        lanes.setdefault(row.item, []).append(row)
    return lanes


def _treatments(page: Page, rows: list[CourseRow]) -> None:
    if not rows:
        return
    page.head("Treatment")
    lanes = _lanes(rows)
    for name, lane in list(lanes.items())[:MOST_LANES]:
        meals = lane[0].kind == "event"
        make = meal_entries if meals else treatment_entries
        page.lane(name, make(lane, page.scale, page.style))
    page.lost(max(0, len(lanes) - MOST_LANES))


def _glucose(page: Page, rows: list[CourseRow], unit: str) -> None:
    if not rows:
        return
    values = [row for row in rows if row.kind in NUMBERS]
    told = [row for row in rows if row.kind not in NUMBERS]
    page.head("Glucose", "stated in words above, measured below" if told and values else "")
    page.entries(statement_entries(told, page.scale, page.style, named=True), most=6)
    if values:
        page.chart(lambda top: glucose_chart(values, page.scale, page.style, top, unit), above=page.style.line * 1.25)


def _markers(page: Page, rows: list[CourseRow]) -> None:
    if not rows:
        return
    values = [row for row in rows if row.kind in NUMBERS]
    told = [row for row in rows if row.kind not in NUMBERS]
    page.head("Tumor markers", "multiples of the upper limit (dashed), log scale" if values else "")
    page.entries(statement_entries(told, page.scale, page.style, named=True), most=6)
    if values:
        page.chart(lambda top: marker_chart(values, page.scale, page.style, top), above=0.6)


def _quantities(page: Page, title: str, rows: list[CourseRow]) -> None:
    """One lane a quantity or lesion; a chart where there are values enough."""
    if not rows:
        return
    page.head(title)
    lanes = _lanes(rows)
    for name, lane in list(lanes.items())[:MOST_LANES]:
        values = [row for row in lane if row.kind in NUMBERS]
        told = [row for row in lane if row.kind not in NUMBERS]
        entries = statement_entries(told, page.scale, page.style, named=False)
        if len(values) < CHART_FROM or len({row.name for row in values}) > 1:
            page.lane(name, [*value_entries(values, page.scale), *entries])
        else:
            _charted(page, name, values, entries)
    page.lost(max(0, len(lanes) - MOST_LANES))


def _charted(page: Page, name: str, values: list[CourseRow], entries: list[Entry]) -> None:
    style = page.style
    label = f"{name}, {unit_words(values[0].unit)}".rstrip(", ")
    if style.narrow:
        page.y += style.line
        page.items.append(Text(style.margin, page.y - style.line / 2 + 0.2, label, style.text))
    else:
        for index, line in enumerate(wrap(label, style.text, style.gutter - 10)):
            page.items.append(Text(style.margin, page.y + style.line * (index + 0.8), line, style.text, color=INK))
    if entries:
        page.entries(entries, most=3)
    page.chart(lambda top: small_chart(values, page.scale, style, top), above=0.8)


def _loose_events(rows: list[CourseRow], drawn: list[CourseRow], page: Page) -> list[CourseRow]:
    """Events that have no rule of their own, because their day is not known."""
    return [row for row in rows if row.place.known != "exact" and row.place.start != row.place.end]


def _symptoms(page: Page, rows: list[CourseRow]) -> None:
    if not rows:
        return
    page.head("Symptoms and outcome")
    entries = merged_entries(rows, page.scale, page.style)
    if len(entries) <= MOST_SAYINGS:
        page.entries(entries, most=10)
        return
    for name, lane in list(_lanes(rows).items())[:MOST_LANES]:
        page.lane(name, statement_entries(lane, page.scale, page.style, named=False))
    page.lost(max(0, len(_lanes(rows)) - MOST_LANES))
