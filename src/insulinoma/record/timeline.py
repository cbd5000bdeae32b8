"""Time as a source states it: a day, a window, a bound, a date, a place after an event, or unknown.

The grammar of `when`:

    day 12 | day 12 08:30 | 2014-03-05 | 2014-03-05 08:30     a point
    at EVENT | 4 weeks after EVENT | 2 days before EVENT      a point tied to an event or treatment
    POINT or POINT                                            one of several points
    after POINT | before POINT | between POINT and POINT      a moment somewhere in a window
    days 13 to 61 | POINT to POINT | from POINT | until POINT a whole window
    unknown

A stated day is the whole day; windows are half-open, so "days 13 to 61" is [13, 62).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Literal

DAYS_IN = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}

_NUMBER = r"-?\d+(?:\.\d+)?"
_CLOCK = r"(?P<clock>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
_DAY = re.compile(rf"(?:day )?(?P<day>{_NUMBER})(?: {_CLOCK})?")
_DATE = re.compile(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}})(?: {_CLOCK})?")
_AT = re.compile(r"at (?P<event>[a-z0-9][a-z0-9-]*)")
_OFFSET = re.compile(
    rf"(?P<amount>{_NUMBER}) (?P<unit>{'|'.join(DAYS_IN)})s? (?P<side>after|before) (?P<event>[a-z0-9][a-z0-9-]*)"
)
_EVENT_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")

Kind = Literal["point", "one_of", "moment", "window", "unknown"]


@dataclass(frozen=True)
class Point:
    """One point of time: a day number, a date, or an offset in days from an event.

    Exactly one of `day`, `date` and `event` is set. `width` is how long the stated point lasts in
    days: 1 for "day 12", 0 for a clock time or an offset in hours.
    """

    day: float | None = None
    date: datetime.date | None = None
    event: str | None = None
    offset: float = 0.0
    clock: float = 0.0
    width: float = 1.0


@dataclass(frozen=True)
class When:
    """Time as stated: its kind, the points that bound it, and the words of the source.

    `point` has one point, `one_of` several; `moment` and `window` have a start and an end, either
    of which may be None (open).
    """

    kind: Kind
    points: tuple[Point | None, ...]
    text: str

    @property
    def known(self) -> bool:
        """Whether the source says anything of the time."""
        return self.kind != "unknown"

    def events(self) -> Iterator[str]:
        """The names of the events to which this time is tied."""
        return (point.event for point in self.points if point is not None and point.event)


@dataclass(frozen=True)
class Span:
    """A resolved time in days of the record: [earliest, latest), half-open.

    `whole` tells a window that holds throughout from a moment that lies somewhere inside.
    """

    earliest: float
    latest: float
    whole: bool

    @property
    def bounded(self) -> bool:
        """Whether both ends are known."""
        return self.earliest > -inf and self.latest < inf


NOWHERE = Span(-inf, inf, whole=False)


class TimeError(ValueError):
    """A text that is not a time of the grammar."""


def parse_when(text: str) -> When:
    """The time that a text states.

    Raises TimeError with what was not understood.

    >>> parse_when("4 weeks after tae-right or tae-left").kind
    'one_of'
    >>> parse_when("days 13 to 61").points[1].day
    61.0
    """
    words = " ".join(text.split())
    if words == "unknown":
        return When("unknown", (), words)
    for parse in (_parse_between, _parse_window, _parse_half_open, _parse_choice):
        found = parse(words)
        if found is not None:
            return found
    return When("point", (_parse_point(words),), words)


def resolve(when: When, place_of: Callable[[str], Span | None], day_zero: datetime.date | None) -> Span:
    """The window of record days that a stated time covers.

    `place_of` gives the window of an event by name (None when it has none); `day_zero` ties dates to
    days. What cannot be resolved is open.
    """
    spans = [_resolve_point(point, place_of, day_zero) if point else None for point in when.points]
    if when.kind == "unknown":
        return NOWHERE
    if when.kind in ("point", "one_of"):
        known = [span for span in spans if span is not None]
        return Span(min(span.earliest for span in known), max(span.latest for span in known), whole=False)
    start, end = spans
    if when.kind == "moment":
        return Span(_after(start), _before(end), whole=False)
    return Span(start.earliest if start else -inf, end.latest if end else inf, whole=True)


def _after(start: Span | None) -> float:
    return -inf if start is None else start.latest if start.latest < inf else start.earliest


def _before(end: Span | None) -> float:
    return inf if end is None else end.earliest if end.earliest > -inf else end.latest


def _resolve_point(point: Point, place_of: Callable[[str], Span | None], day_zero: datetime.date | None) -> Span:
    if point.event is not None:
        place = place_of(point.event) or NOWHERE
        return Span(place.earliest + point.offset, place.latest + point.offset, whole=False)
    if point.day is not None:
        start = point.day
    elif day_zero is not None and point.date is not None:
        start = float((point.date - day_zero).days)
    else:
        return NOWHERE
    return Span(start + point.clock, start + point.clock + point.width, whole=False)


def _parse_between(words: str) -> When | None:
    match = re.fullmatch(r"between (.+) and (.+)", words)
    if match is None:
        return None
    return When("moment", (_parse_bound(match[1]), _parse_bound(match[2])), words)


def _parse_window(words: str) -> When | None:
    match = re.fullmatch(r"(?:from )?(?:days )?(.+) to (.+)", words)
    if match is None:
        return None
    return When("window", (_parse_point(match[1]), _parse_point(match[2])), words)


def _parse_half_open(words: str) -> When | None:
    head, _, rest = words.partition(" ")
    if head == "from":
        return When("window", (_parse_bound(rest), None), words)
    if head == "until":
        return When("window", (None, _parse_bound(rest)), words)
    if head == "after":
        return When("moment", (_parse_bound(rest), None), words)
    if head == "before":
        return When("moment", (None, _parse_bound(rest)), words)
    return None


def _parse_choice(words: str) -> When | None:
    parts = words.split(" or ")
    if len(parts) < 2:
        return None
    first = _OFFSET.fullmatch(parts[0])
    points = []
    for part in parts:
        if first and _EVENT_NAME.fullmatch(part):
            part = f"{first['amount']} {first['unit']} {first['side']} {part}"
        points.append(_parse_point(part))
    return When("one_of", tuple(points), words)


def _parse_bound(words: str) -> Point:
    bare_event = _EVENT_NAME.fullmatch(words) and not _DAY.fullmatch(words) and not _DATE.fullmatch(words)
    return _parse_point(f"at {words}" if bare_event else words)


def _parse_point(words: str) -> Point:
    if match := _DATE.fullmatch(words):
        return _dated_point(match, words)
    if match := _OFFSET.fullmatch(words):
        days = float(match["amount"]) * DAYS_IN[match["unit"]]
        sign = 1 if match["side"] == "after" else -1
        width = 0.0 if match["unit"] in ("minute", "hour") else 1.0
        return Point(event=match["event"], offset=sign * days, width=width)
    if match := _AT.fullmatch(words):
        return Point(event=match["event"])
    if match := _DAY.fullmatch(words):
        clock, width = _clock(match)
        return Point(day=float(match["day"]), clock=clock, width=width)
    raise TimeError(f"{words!r} is not a time")


def _dated_point(match: re.Match[str], words: str) -> Point:
    try:
        day = datetime.date.fromisoformat(match["date"])
    except ValueError as error:
        raise TimeError(f"{words!r} is not a date of the calendar") from error
    clock, width = _clock(match)
    return Point(date=day, clock=clock, width=width)


def _clock(match: re.Match[str]) -> tuple[float, float]:
    if match["clock"] is None:
        return 0.0, 1.0
    return (int(match["clock"]) * 60 + int(match["minute"])) / 1440, 0.0
