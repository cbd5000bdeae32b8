"""When facts happened, on a clock that a simulation can run: undated events placed, windows closed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from insulinoma.record.facts import Event, Timed, Treatment
from insulinoma.record.schema import CaseRecord
from insulinoma.record.timeline import Point, Span, When, parse_when
from insulinoma.simulate.regimen import UnknownDay

_PLACED = {"admission": -2.0, "transfer": 0.0}
# Before a transfer a patient was in the first hospital for a day at least, for four at most.
_ADMITTED = (-4.0, -1.0)
FOLLOW_UP = 28.0
_CLOCK_HOURS = (8.0, 14.0)


@dataclass(frozen=True)
class Clock:
    """A record whose events all have a day; `assumed` says which days are not from the source.

    The course runs from day `first` to `end`; `unknown` are the days of it that may be others than assumed.
    """

    record: CaseRecord
    first: float
    end: float
    assumed: tuple[str, ...]
    unknown: tuple[UnknownDay, ...] = ()

    def window(self, fact: Timed) -> tuple[float, float]:
        """First day and end of the window of a fact, inside the course.

        A moment after something, with no end, is sought in the four weeks after it.
        """
        span = self.record.span_of(fact) if isinstance(fact, Treatment) else self.record.span(fact.when)
        return self._closed(span)

    def moved_with(self, fact: Timed) -> tuple[str, str]:
        """The unknown days with which the first and the last day of the window of a fact move, "" where none does."""
        first = last = ""
        here = self.window(fact)
        for day in self.unknown:
            there = self._displaced(day).window(fact)
            first = day.name if there[0] != here[0] else first
            last = day.name if there[1] != here[1] else last
        return first, last

    def _displaced(self, day: UnknownDay) -> Clock:
        """The clock on which an unknown day is the earliest that it may be."""
        dated = _dated(self.record, {day.name: day.earliest})
        return replace(self, record=dated, first=min(self.first, day.earliest), unknown=())

    def readings(self, when: When, count: int = 6) -> tuple[float, ...]:
        """The record days (with their hour) at which something so timed may have been seen."""
        if when.kind == "point" and when.points[0] is not None and when.points[0].event is not None:
            fact = self.record.by_id.get(when.points[0].event)
            if isinstance(fact, Event) and when.points[0].offset == 0:
                return self.readings(fact.when, count)
        if when.kind in ("point", "one_of"):
            points = [point for point in when.points if point is not None]
            found = [day for point in points for day in self._of_point(point, count // len(points))]
            return tuple(sorted(set(found)))
        first, end = self._closed(self.record.span(when))
        return spread(first, end, count)

    def _of_point(self, point: Point, count: int) -> tuple[float, ...]:
        span = self.record.span(When("point", (point,), ""))
        if span.bounded and span.latest == span.earliest:
            return (span.earliest,)
        return spread(*self._closed(span), max(count, 2))

    def _closed(self, span: Span) -> tuple[float, float]:
        first = max(span.earliest, self.first)
        last = min(span.latest, self.end)
        if not span.whole and math.isinf(span.latest) and math.isfinite(span.earliest):
            last = min(first + FOLLOW_UP, self.end)
        first = min(first, self.end - 1)
        return first, max(last, first + 1)


def clock_of(record: CaseRecord) -> Clock:
    """The clock of a record: an undated transfer is day 0, an undated admission some days before it or day 0."""
    named = zip(_names(record), record.events, strict=True)
    undated = {name: item for name, item in named if item.event in _PLACED and not record.span(item.when).bounded}
    moved = any(item.event == "transfer" for item in undated.values())
    days = {name: _PLACED[item.event] if moved else 0.0 for name, item in undated.items()}
    dated = _dated(record, days)
    unknown = tuple(UnknownDay(name, day, *_ADMITTED) for name, day in days.items() if day < 0)
    ranges = {item.name: f", perhaps any from {item.earliest:g} to {item.latest:g}" for item in unknown}
    assumed = tuple(
        f"{item.event} on day {days[name]:g}{ranges.get(name, '')} ({item.when.text!r} in the source)"
        for name, item in undated.items()
    )
    return Clock(dated, min(days.values(), default=0.0), _last_day(dated), assumed, unknown)


def _names(record: CaseRecord) -> list[str]:
    """What each event is called: by its id, or by its kind and place among the events."""
    return [item.id or f"{item.event}-{number}" for number, item in enumerate(record.events)]


def _dated(record: CaseRecord, days: Mapping[str, float]) -> CaseRecord:
    """The record with its events of some names on the given days."""
    events = tuple(
        item.model_copy(update={"when": parse_when(f"day {days[name]:g}")}) if name in days else item
        for name, item in zip(_names(record), record.events, strict=True)
    )
    return CaseRecord.model_construct(**{**dict(record), "events": events})


def spread(first: float, end: float, count: int) -> tuple[float, ...]:
    """So many moments in a window, in the middle of equal parts of it, at the hours of rounds.

    >>> spread(2, 12, 2)
    (4.333333333333333, 9.583333333333334)
    """
    if end - first <= 1 + 1e-9:
        hours = (7.0, 12.0, 17.0, 22.0)[:count]
        return tuple(math.floor(first) + hour / 24 for hour in hours)
    middles = [first + (index + 0.5) * (end - first) / count for index in range(count)]
    rounds = [_CLOCK_HOURS[index % len(_CLOCK_HOURS)] for index in range(count)]
    return tuple(math.floor(middle) + hour / 24 for middle, hour in zip(middles, rounds, strict=True))


def _last_day(record: CaseRecord) -> float:
    """The end of the last day that the record names."""
    spans = [record.span(when) for _, fact in record.facts() if isinstance(fact, Timed) for _, when in fact.times()]
    ends = [bound for span in spans for bound in (span.earliest + 1, span.latest) if math.isfinite(bound)]
    return math.ceil(max(ends, default=1.0))
