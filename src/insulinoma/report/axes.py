"""The axis of time: a strip for facts without a day, then days on a linear scale; and its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from insulinoma.report.chronology import Chronology, Edge, Place
from insulinoma.report.course import CourseRow
from insulinoma.report.course_words import day_words
from insulinoma.report.scene import Span, spread, text_width
from insulinoma.report.style import Style

GAP = 2.6
HOURS_BELOW = 4.0


@dataclass(frozen=True)
class TimeScale:
    """From edges of time to millimeters.

    `strip` are the positions of its boundaries, from its left end to its right end; `axis` is the
    span of the days `days`; `not_stated` is the strip of facts that have neither day nor order; `first_day` is
    the first day that is stated, `clock` whether times of day are.
    """

    left: float
    right: float
    strip: tuple[float, ...]
    axis: Span | None
    days: Span | None
    not_stated: Span | None
    first_day: float = 0.0
    clock: bool = False

    def x(self, edge: Edge) -> float:
        """Where an edge of time lies, in millimeters."""
        if edge.part == -1:
            low, high = self.not_stated or (self.left, self.right)
            return low + edge.at * (high - low)
        if edge.part == 0:
            if not self.strip:
                return self.left
            return self.strip[min(int(edge.at), len(self.strip) - 1)]
        return self.day(edge.at)

    def day(self, day: float) -> float:
        """Where a day lies, in millimeters; days off the axis lie at its ends."""
        if self.axis is None or self.days is None:
            return self.right
        share = (min(max(day, self.days[0]), self.days[1]) - self.days[0]) / (self.days[1] - self.days[0])
        return self.axis[0] + share * (self.axis[1] - self.axis[0])

    def span(self, place: Place) -> Span:
        """The window of a place in millimeters; a whole day is as wide as the day."""
        start, end = self.x(place.start), self.x(place.end)
        ends_with_strip = place.end.part == 1 and self.days is not None and place.end.at <= self.first_day
        open_end = place.end.part == 1 and (ends_with_strip or self.axis is None)
        if place.start.part == 0 and self.strip and open_end:
            end = self.strip[-1]
        return start, max(start, end)

    def middle(self, place: Place) -> float:
        """Where a point in a window is drawn."""
        start, end = self.span(place)
        return (start + end) / 2

    def in_days(self, place: Place) -> bool:
        """Whether a place begins on the day axis."""
        return place.start.part == 1

    @property
    def hours(self) -> bool:
        """Whether the course is so short that its ticks are hours."""
        return self.clock and self.days is not None and self.days[1] - self.days[0] <= HOURS_BELOW


@dataclass(frozen=True)
class Tick:
    """A tick of the day axis: where it stands, where its label stands, and the label."""

    x: float
    label_x: float
    label: str
    own: bool


def time_scale(rows: list[CourseRow], chronology: Chronology, style: Style) -> TimeScale:
    """The scale that shows the rows, with room in the strip for what it holds."""
    left, right = style.left, style.end
    unknown = [row for row in rows if row.place.known == "unknown"]
    not_stated = None
    if unknown:
        wide = min(0.3, 0.12 + 0.02 * len(unknown)) * (right - left)
        not_stated, left = (left, left + wide), left + wide + GAP
    in_strip = [row for row in rows if row.place.start.part == 0]
    days = _days(rows)
    boundaries = len(chronology.boundaries)
    if not in_strip and not (boundaries and days is None):
        axis = (left, right) if days else None
        return TimeScale(style.left, right, (), axis, days, not_stated, clock=_has_clock(rows))
    room = right - left if days is None else min(0.42 * (right - left), (13 if style.narrow else 19) * (boundaries + 1))
    strip = _strip(in_strip, boundaries + 1, left, room)
    axis = (strip[-1] + GAP, right) if days else None
    first = chronology.first_day or 0.0
    return TimeScale(style.left, right, strip, axis, days, not_stated, first, _has_clock(rows))


def _has_clock(rows: list[CourseRow]) -> bool:
    """Whether a time of day is stated for any row."""
    return any(row.start_day is not None and row.start_day % 1 for row in rows)


def _days(rows: list[CourseRow]) -> Span | None:
    """The first and last day that the rows name, with a little air."""
    found = [edge.day for row in rows for edge in (row.place.start, row.place.end, *row.place.options)]
    days = sorted(day for day in found if day is not None)
    if not days:
        return None
    first, last = days[0], max(days[-1], days[0] + 1 / 24)
    air = 0.012 * (last - first)
    return first - air, last + air


def _strip(rows: list[CourseRow], slots: int, left: float, room: float) -> tuple[float, ...]:
    weight = [1.6] * slots
    for row in rows:
        first = int(row.place.start.at)
        last = int(row.place.end.at) if row.place.end.part == 0 else slots
        if first < slots and last - first == 1:
            weight[first] += 1.0
    shares = [value**0.5 for value in weight]
    at, places = left, [left]
    for share in shares:
        at += room * share / sum(shares)
        places.append(at)
    return tuple(places)


def ticks(rows: list[CourseRow], scale: TimeScale, chronology: Chronology, style: Style) -> list[Tick]:
    """The source's own days as ticks, the most important first, as many as stand clear; else round ones."""
    if scale.days is None or scale.axis is None:
        return []
    show = day_words(chronology)
    own = _own_days(rows)
    if not scale.hours:
        own = list(dict.fromkeys(tuple(float(floor(day)) for day in days) for days in own))
    candidates = [(days, True) for days in own]
    candidates += [((day,), False) for day in round_days(scale, 7 if style.narrow else 12)]
    reach = 0.8 if len(own) > 16 else 3.4 if style.narrow else 3.8
    taken: list[tuple[float, bool]] = []
    for days, is_own in candidates:
        new = [(day, is_own) for day in days if all(abs(day - other) > 1e-6 for other, _ in taken)]
        room = 2.0 * text_width(_label(days[0], scale, show), style.text) + 2.0
        if not is_own and any(abs(scale.day(days[0]) - scale.day(day)) < room for day, _ in taken):
            continue
        if new and _placed([*taken, *new], scale, show, style, reach) is not None:
            taken += new
    return _placed(taken, scale, show, style, reach) or []


def _placed(
    chosen: list[tuple[float, bool]], scale: TimeScale, show: object, style: Style, reach: float
) -> list[Tick] | None:
    """The ticks with labels moved apart, None when a label would stand too far from its tick."""
    ordered = sorted(chosen)
    whole_days = not scale.hours
    labels = [_label(day, scale, show) for day, _ in ordered]
    at = [scale.day(day + (0.5 if whole_days else 0.0)) for day, _ in ordered]
    widths = [text_width(label, style.text) for label in labels]
    air = 0.8 if style.narrow else 1.1
    gaps = [(first + second) / 2 + air for first, second in pairwise(widths)]
    low = scale.axis[0] - 1.5 if scale.strip and scale.axis else scale.left
    label_at = spread(at, gaps, low, scale.right + style.right / 3) if at else []
    moved = [abs(tick - label) for tick, label in zip(at, label_at, strict=True)]
    for (_, own), shift in zip(ordered, moved, strict=True):
        if shift > (reach if own else 0.3):
            return None
    return [Tick(*four) for four in zip(at, label_at, labels, [own for _, own in ordered], strict=True)]


def _label(day: float, scale: TimeScale, show: object) -> str:
    if scale.hours:
        minutes = round((day % 1) * 1440)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes else _words(show, day)
    return _words(show, floor(day), bare=True)


def _words(show: object, day: float, *, bare: bool = False) -> str:
    return str(show(day, bare=bare)) if callable(show) else f"{day:g}"


def _own_days(rows: list[CourseRow]) -> list[tuple[float, ...]]:
    """The days that the source names, those of events and treatments first; alternatives go together.

    Days of values count only where they are few.
    """
    weight: dict[tuple[float, ...], float] = {}
    values = {row.start_day for row in rows if row.kind in ("value", "censored", "interval")}
    for row in rows:
        if row.time_known == "exact" and (row.kind in ("event", "treatment") or row.place.whole):
            _weigh(weight, row.start_day, 5.0 if row.kind != "statement" else 3.0)
            if row.place.whole and row.end_day is not None:
                _weigh(weight, row.end_day - 1, 4.0)
        elif row.time_known == "start only":
            _weigh(weight, row.start_day, 4.0)
        elif row.place.options:
            weight.setdefault(tuple(sorted(edge.at for edge in row.place.options)), 1.0)
        elif row.kind == "statement" and row.time_known == "exact":
            _weigh(weight, row.start_day, 2.0)
        elif row.time_known == "exact" and len(values) <= 12:
            _weigh(weight, row.start_day, 1.5)
    return sorted(weight, key=lambda day: (-weight[day], day))


def _weigh(weight: dict[tuple[float, ...], float], day: float | None, more: float) -> None:
    if day is not None:
        weight[(day,)] = max(weight.get((day,), 0.0), more)


def round_days(scale: TimeScale, most: int) -> list[float]:
    """Round days of the axis, or round hours of a short course; at most `most` of them."""
    if scale.days is None:
        return []
    first, last = scale.days
    steps = [1 / 24, 2 / 24, 3 / 24, 0.25, 0.5, 1.0] if scale.hours else []
    steps += [base * 10.0**power for power in range(5) for base in (1, 2, 5)]
    step = next((step for step in steps if (last - first) / step <= most), steps[-1])
    return [round(step * index, 9) for index in range(ceil(first / step - 1e-9), floor(last / step + 1e-9) + 1)]


def round_values(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, at most `most` of them.

    >>> round_values(0, 110, 4)
    [0.0, 50.0, 100.0]
    """
    power = floor(log10((high - low) / most))
    step = next(
        base * 10.0**exponent
        for exponent in range(power - 1, power + 3)
        for base in (1, 2, 5)
        if (high - low) / (base * 10.0**exponent) <= most
    )
    return [round(step * index, 9) for index in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
