"""A record as the criteria read it: facts by name, their labels, and the days that they cover.

A view remembers what was computed from it together with the names of the facts that were read. A view
with further facts keeps what does not depend on them, so that asking "what if this were known" is cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from math import inf, isfinite
from typing import Any, TypeVar

from insulinoma.record.schema import (
    CaseRecord,
    Event,
    Fact,
    Finding,
    Lesion,
    Measurement,
    Timed,
    Treatment,
)
from insulinoma.record.timeline import Span, When

T = TypeVar("T")


@dataclass(frozen=True)
class Days:
    """A time in days of the record: the words, the first and last day, and the days it may be.

    `possible` lists the days where the source leaves a choice between some; days are None where the
    source does not bound them.
    """

    text: str
    first: float | None
    last: float | None
    possible: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The time as plain data."""
        days = [_whole(day) for day in self.possible]
        return {
            "when": self.text,
            "first_day": _whole(self.first),
            "last_day": _whole(self.last),
            "possible_days": days,
        }


@dataclass(frozen=True)
class Remembered:
    """A computed value and the names of the facts that were read for it."""

    reads: frozenset[str]
    value: Any


@dataclass(frozen=True)
class View:
    """The facts of a record by name; `adding` gives the same view with further facts."""

    record: CaseRecord
    _measurements: dict[str, tuple[Measurement, ...]]
    _findings: dict[str, tuple[Finding, ...]]
    _lesions: tuple[Lesion, ...]
    _treatments: tuple[Treatment, ...]
    _paths: dict[int, str]
    _spans: dict[When, Span] = field(default_factory=dict)
    _memory: dict[str, Remembered] = field(default_factory=dict)
    _traces: list[set[str]] = field(default_factory=list)

    @property
    def lesions(self) -> tuple[Lesion, ...]:
        """All lesions."""
        self._note(["lesions"])
        return self._lesions

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """All treatments."""
        self._note(["treatments"])
        return self._treatments

    def remember(self, name: str, compute: Callable[[View], T]) -> T:
        """The value of a computation on this view, computed once; what it reads is noted."""
        known = self._memory.get(name)
        if known is None:
            self._traces.append(set())
            try:
                value = compute(self)
            finally:
                reads = frozenset(self._traces.pop())
            known = self._memory[name] = Remembered(reads, value)
        self._note(known.reads)
        found: T = known.value
        return found

    def measured(self, *analytes: str) -> tuple[Measurement, ...]:
        """Measurements of some analytes."""
        self._note(f"measured {name}" for name in analytes)
        return tuple(item for name in analytes for item in self._measurements.get(name, ()))

    def numbers(self, *analytes: str) -> tuple[Measurement, ...]:
        """Measurements of some analytes that hold a number, a bound or an interval."""
        return tuple(item for item in self.measured(*analytes) if item.numbers)

    def found(self, *names: str, present: bool = True) -> tuple[Finding, ...]:
        """Findings of some names that are present (or stated to be absent)."""
        self._note(f"found {name}" for name in names)
        return tuple(item for name in names for item in self._findings.get(name, ()) if item.present == present)

    def label(self, fact: Fact) -> str:
        """The id of a fact, or its place in the record."""
        return fact.id or self._paths.get(id(fact), "added fact")

    def labels(self, facts: Iterable[Fact | None]) -> tuple[str, ...]:
        """The labels of facts, each once, in order."""
        return tuple(dict.fromkeys(self.label(fact) for fact in facts if fact is not None))

    def span(self, fact: Timed) -> Span:
        """The window of record days of a fact."""
        if isinstance(fact, Treatment):
            return self.record.span_of(fact)
        found = self._spans.get(fact.when)
        if found is None:
            found = self._spans[fact.when] = self.record.span(fact.when)
        return found

    def start(self, treatment: Treatment) -> Span:
        """The window in which a treatment began."""
        return self.record.span(treatment.start or treatment.when)

    def days(self, when: When) -> Days:
        """A stated time in days of the record."""
        span = self.record.span(when)
        possible = self._possible(when)
        return Days(
            when.text,
            span.earliest if isfinite(span.earliest) else None,
            last_day(span),
            possible if len(possible) > 1 else (),
        )

    def event(self, name: str) -> Event | None:
        """The event of an id."""
        fact = self.record.by_id.get(name)
        return fact if isinstance(fact, Event) else None

    def lesion(self, name: str | None) -> Lesion | None:
        """The lesion of an id."""
        return next((lesion for lesion in self.lesions if lesion.id is not None and lesion.id == name), None)

    def adding(self, *facts: Fact) -> View:
        """The same view with further facts, for asking what they would change."""
        measurements, findings, names = dict(self._measurements), dict(self._findings), set()
        for fact in facts:
            if isinstance(fact, Measurement):
                names.add(f"measured {fact.analyte}")
                measurements[fact.analyte] = (*measurements.get(fact.analyte, ()), fact)
            elif isinstance(fact, Finding):
                names.add(f"found {fact.finding}")
                findings[fact.finding] = (*findings.get(fact.finding, ()), fact)
        lesions = tuple(fact for fact in facts if isinstance(fact, Lesion))
        treatments = tuple(fact for fact in facts if isinstance(fact, Treatment))
        names |= {name for name, added in (("lesions", lesions), ("treatments", treatments)) if added}
        return replace(
            self,
            _measurements=measurements,
            _findings=findings,
            _lesions=(*self._lesions, *lesions),
            _treatments=(*self._treatments, *treatments),
            _memory={name: known for name, known in self._memory.items() if not known.reads & names},
        )

    def _note(self, names: Iterable[str]) -> None:
        if self._traces:
            self._traces[-1].update(names)

    def _possible(self, when: When) -> tuple[float, ...]:
        if when.kind not in ("point", "one_of"):
            return ()
        days: list[float] = []
        for point in when.points:
            if point is None:
                continue
            event = self.event(point.event) if point.event else None
            if event is not None and event.when.kind == "one_of":
                days += [day + point.offset for day in self._possible(event.when)]
                continue
            span = self.record.span(When("point", (point,), when.text))
            if not isfinite(span.earliest):
                return ()
            days.append(span.earliest)
        return tuple(sorted(set(days)))


def view_of(record: CaseRecord) -> View:
    """The view of a record."""
    measurements: dict[str, list[Measurement]] = {}
    findings: dict[str, list[Finding]] = {}
    for measurement in record.measurements:
        measurements.setdefault(measurement.analyte, []).append(measurement)
    for finding in record.findings:
        findings.setdefault(finding.finding, []).append(finding)
    return View(
        record,
        {name: tuple(items) for name, items in measurements.items()},
        {name: tuple(items) for name, items in findings.items()},
        record.lesions,
        record.treatments,
        {id(fact): path for path, fact in record.facts()},
    )


def last_day(span: Span) -> float | None:
    """The last day of a half-open window, None when it is open."""
    if span.latest == inf:
        return None
    if span.latest == span.earliest:
        return span.latest
    return span.latest - 1 if span.latest - span.earliest >= 1 else span.earliest


def _whole(day: float | None) -> float | int | None:
    return int(day) if day is not None and day.is_integer() else day


def tie(fact: Timed | Lesion) -> tuple[str, ...]:
    """What settles a tie between facts: what they say, so that no verdict depends on the order of a file.

    >>> from insulinoma.record.load import load_case
    >>> tie(load_case().measurements[0])[0]
    'glucose-emergency'
    """
    said = ("numbers", "unit", "sample", "direction", "statement", "flag", "condition", "site", "role")
    when = fact.when.text if isinstance(fact, Timed) else ""
    return (fact.id or "", when, *(str(getattr(fact, name, "")) for name in said))
