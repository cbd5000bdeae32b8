"""The order of a course: facts on the day axis, and facts of which only the order is known.

An edge of time is either a day, or a boundary in the strip before the days: an event whose day is
not stated but of which the record says that it came first. Strip boundaries are counted from 0,
the open beginning; the last of them is where the day axis begins.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Literal

from insulinoma.record.schema import CaseRecord, Timed, Treatment
from insulinoma.record.timeline import Point, When

Known = Literal["exact", "one of", "window", "start only", "end only", "order only", "unknown"]


@dataclass(frozen=True, order=True)
class Edge:
    """One edge of a time: a day, or (`part` 0) a boundary of the strip of facts without a day."""

    part: Literal[-1, 0, 1]
    at: float

    @property
    def day(self) -> float | None:
        """The day of record, None in the strip and at the open end."""
        return self.at if self.part == 1 and self.at < inf else None


BEGINNING = Edge(0, 0.0)
END = Edge(1, inf)
NOT_STATED = (Edge(-1, 0.0), Edge(-1, 1.0))


@dataclass(frozen=True)
class Place:
    """Where a fact lies: somewhere in [start, end), or all of it when `whole`.

    With `open_end` the fact goes on from this window to an end that is not stated; `options` are the
    starts of the alternatives when the source gives several points.
    """

    start: Edge
    end: Edge
    known: Known
    whole: bool = False
    open_end: bool = False
    options: tuple[Edge, ...] = ()


UNKNOWN = Place(*NOT_STATED, "unknown")


class Chronology:
    """The places of all facts of a record, and the events that bound the strip before the days."""

    def __init__(self, record: CaseRecord) -> None:
        self.record = _with_day_zero(record)
        self.timed: tuple[Timed, ...] = tuple(fact for _, fact in self.record.facts() if isinstance(fact, Timed))
        self._places: dict[int, Place] = {}

    def place(self, fact: Timed) -> Place:
        """Where a fact lies; for a treatment with a start, from its start to its stop."""
        if id(fact) not in self._places:
            self._places[id(fact)] = self._place(fact, frozenset())
        return self._places[id(fact)]

    @cached_property
    def first_day(self) -> float | None:
        """The first day on which something is known to have happened, None when no day is stated."""
        days = [self.place(fact).start.day for fact in self.timed]
        return min((day for day in days if day is not None), default=None)

    @cached_property
    def death_day(self) -> float | None:
        """The day of death, None when it is not stated."""
        death = self.record.event("death")
        return self.place(death).start.day if death is not None else None

    @cached_property
    def boundaries(self) -> tuple[str, ...]:
        """Names of the events that bound the strip, in their order."""
        before = _order(self._relations(), self._undated)
        ahead = _reaching(before, None if self._any_dated else self._undated)
        return _sorted(ahead, before)

    @cached_property
    def _undated(self) -> tuple[str, ...]:
        """Events that other facts name as a bound of their time and that have no day."""
        named = {name for fact in self.timed for when in _times(fact) for name in _bound_names(when)}
        return tuple(name for name in self.record.by_id if name in named and not self._has_start(name))

    @cached_property
    def _any_dated(self) -> bool:
        return any(self.record.span_of(fact).earliest > -inf for fact in self.timed)

    def _has_start(self, name: str) -> bool:
        fact = self.record.by_id[name]
        return isinstance(fact, Timed) and self.record.span_of(fact).earliest > -inf

    def _relations(self) -> Iterator[tuple[str, str | None]]:
        """Pairs (earlier, later) that the times of the facts imply; None stands for any dated event."""
        for fact in self.timed:
            for when in _times(fact):
                if when.kind not in ("moment", "window"):
                    continue
                first, last = (self._node(point) for point in when.points)
                chain = [first, (fact.id or "",), last] if fact.id in self._undated else [first, last]
                steps = [node for node in chain if node is not None]
                yield from ((a[0], b[0]) for a, b in pairwise(steps) if a[0] is not None)

    def _node(self, point: Point | None) -> tuple[str | None] | None:
        if point is None:
            return None
        return (point.event,) if point.event in self._undated else (None,)

    def _place(self, fact: Timed, trail: frozenset[str]) -> Place:
        trail = trail | {fact.id} if fact.id else trail
        if fact.id in self.boundaries:
            mark = self._mark(fact.id)
            return Place(mark, mark, "order only")
        if isinstance(fact, Treatment) and fact.start is not None:
            return self._course(fact.start, fact.stop, trail)
        return self._when(fact.when, trail)

    def _course(self, start: When, stop: When | None, trail: frozenset[str]) -> Place:
        first = self._when(start, trail)
        if stop is None or not stop.known:
            known: Known = "start only" if first.known == "exact" else first.known
            return Place(first.start, first.end, known, whole=True, open_end=first.known != "unknown")
        last = self._when(stop, trail)
        if first.known == "unknown":
            return Place(BEGINNING, last.end, "end only", whole=True)
        known = "exact" if first.known == last.known == "exact" else "order only"
        return Place(first.start, max(first.end, last.end), known, whole=True)

    def _when(self, when: When, trail: frozenset[str]) -> Place:
        edges = [self._edges(point, trail) if point else None for point in when.points]
        if when.kind == "point" and when.points[0] is not None and when.points[0].event:
            return self._at(when.points[0], trail)
        if when.kind in ("point", "one_of"):
            return _of_points([pair for pair in edges if pair is not None], when.kind == "one_of")
        if when.kind == "unknown":
            return UNKNOWN
        first, last = edges
        if first is None and last is None:
            return UNKNOWN
        if when.kind == "moment":
            start = first[1] if first else BEGINNING
            end = max(last[0] if last else END, start)
            return Place(start, end, "window" if start.day is not None and end.day is not None else "order only")
        return _of_window(first, last)

    def _mark(self, name: str | None) -> Edge:
        return Edge(0, self.boundaries.index(name or "") + 1.0)

    def _at(self, point: Point, trail: frozenset[str]) -> Place:
        """The place of an event, or a stated distance from it."""
        fact = self.record.by_id.get(point.event or "")
        if point.offset or fact is None or fact.id in trail or not isinstance(fact, Timed):
            edges = self._edges(point, trail)
            return _of_points([edges] if edges else [], several=False)
        place = self._place(fact, trail)
        if isinstance(fact, Treatment) and place.whole:
            return _of_points([(place.start, place.start)], several=False)
        return place

    def _edges(self, point: Point, trail: frozenset[str]) -> tuple[Edge, Edge] | None:
        """The first and last edge that one stated point may have."""
        span = self.record.span(When("point", (point,), ""))
        if span.bounded:
            return Edge(1, span.earliest), Edge(1, span.latest)
        name = point.event
        if name is None:
            return None
        if name in self.boundaries:
            mark = self._mark(name)
            return (BEGINNING if point.offset < 0 else mark), (END if point.offset > 0 else mark)
        fact = self.record.by_id.get(name)
        if name in trail or not isinstance(fact, Timed):
            return None
        place = self._place(fact, trail)
        if place.known == "unknown":
            return None
        shift = point.offset
        return _shifted(place.start, shift), _shifted(place.end, shift)


def _with_day_zero(record: CaseRecord) -> CaseRecord:
    """The record with its first date as day 0 when it has dates and does not say what day 0 is."""
    if record.clock.day_zero_date is not None:
        return record
    points = [
        point
        for _, fact in record.facts()
        if isinstance(fact, Timed)
        for when in _times(fact)
        for point in when.points
        if point is not None
    ]
    dates: list[datetime.date] = [point.date for point in points if point.date is not None]
    if not dates or any(point.day is not None for point in points):
        return record
    return record.model_copy(update={"clock": record.clock.model_copy(update={"day_zero_date": min(dates)})})


def _times(fact: Timed) -> tuple[When, ...]:
    extra = (fact.start, fact.stop) if isinstance(fact, Treatment) else ()
    return (fact.when, *(when for when in extra if when is not None))


def _bound_names(when: When) -> Iterator[str]:
    if when.kind in ("moment", "window"):
        yield from when.events()


def _order(relations: Iterable[tuple[str, str | None]], names: tuple[str, ...]) -> dict[str, set[str | None]]:
    later: dict[str, set[str | None]] = {name: set() for name in names}
    for first, last in relations:
        if first != last:
            later[first].add(last)
    return later


def _reaching(later: dict[str, set[str | None]], without_days: tuple[str, ...] | None) -> set[str]:
    """Events known to come before the first dated one (all of them when nothing is dated)."""
    found: set[str | None] = {None} if without_days is None else {None, *without_days}
    grown = True
    while grown:
        more = {name for name, after in later.items() if after & found} - found
        found |= more
        grown = bool(more)
    return {name for name in found if name is not None}


def _sorted(names: set[str], later: dict[str, set[str | None]]) -> tuple[str, ...]:
    """Names so that each comes before those that are later; the order of the file decides the rest."""
    rest = [name for name in later if name in names]
    done: list[str] = []
    while rest:
        free = [name for name in rest if not any(name in later[other] for other in rest)]
        chosen = free[0] if free else rest[0]
        done.append(chosen)
        rest.remove(chosen)
    return tuple(done)


def _of_points(edges: list[tuple[Edge, Edge]], several: bool) -> Place:
    if not edges:
        return UNKNOWN
    start, end = min(pair[0] for pair in edges), max(pair[1] for pair in edges)
    if several and len(edges) > 1 and start.day is not None and end.day is not None:
        return Place(start, end, "one of", options=tuple(pair[0] for pair in edges))
    if start.day is None or end.day is None:
        return Place(start, end, "order only")
    return Place(start, end, "exact" if end.at - start.at <= 1.0 else "window")


def _of_window(first: tuple[Edge, Edge] | None, last: tuple[Edge, Edge] | None) -> Place:
    if first is None and last is not None:
        return Place(BEGINNING, last[1], "end only", whole=True)
    if first is None:
        return UNKNOWN
    if last is None:
        known: Known = "start only" if first[0].day is not None else "order only"
        return Place(first[0], first[1], known, whole=True, open_end=True)
    end = max(last[1], first[1])
    exact = first[0].day is not None and end.day is not None
    return Place(first[0], end, "exact" if exact else "order only", whole=True)


def _shifted(edge: Edge, days: float) -> Edge:
    if edge.day is not None:
        return Edge(1, edge.at + days)
    return edge if days == 0 else BEGINNING if days < 0 else END
