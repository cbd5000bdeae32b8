"""The record of one patient: all facts, their documents, and the time axis they share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field

from insulinoma.record.facts import (
    Age,
    Claim,
    Clock,
    Conflict,
    Diagnosis,
    Document,
    Event,
    Fact,
    Finding,
    Lesion,
    Manuscript,
    Measurement,
    Name,
    Patient,
    Reading,
    Reference,
    Sex,
    Strict,
    Text,
    Timed,
    Treatment,
)
from insulinoma.record.timeline import NOWHERE, Span, When, resolve

__all__ = [
    "SCHEMA",
    "SECTIONS",
    "Age",
    "CaseRecord",
    "Claim",
    "Clock",
    "Conflict",
    "Diagnosis",
    "Document",
    "Event",
    "Fact",
    "Finding",
    "Lesion",
    "Manuscript",
    "Measurement",
    "Patient",
    "Reading",
    "Reference",
    "Sex",
    "Timed",
    "Treatment",
]

SCHEMA = "insulinoma-case/1"
SECTIONS = (
    "events",
    "lesions",
    "measurements",
    "findings",
    "diagnoses",
    "treatments",
    "claims",
    "conflicts",
    "manuscript",
)


class CaseRecord(Strict):
    """The record of one patient."""

    format: Literal["insulinoma-case/1"] = Field(alias="schema")
    id: Name
    title: Text
    documents: dict[Name, Document]
    clock: Clock = Clock()
    patient: Patient = Patient()
    events: tuple[Event, ...] = ()
    lesions: tuple[Lesion, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    manuscript: tuple[Manuscript, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every fact with its place in the record, in the order of the file."""
        for name in ("age", "sex"):
            fact = getattr(self.patient, name)
            if fact is not None:
                yield f"patient.{name}", fact
        for section in SECTIONS:
            for index, item in enumerate(getattr(self, section)):
                if isinstance(item, Fact):
                    yield f"{section}[{index}]", item

    @cached_property
    def by_id(self) -> dict[str, Fact]:
        """Facts that have an id, by it."""
        return {fact.id: fact for _, fact in self.facts() if fact.id}

    def span(self, when: When) -> Span:
        """The window of record days that a stated time covers, through the events it is tied to."""
        return resolve(when, self._place_of, self.clock.day_zero_date)

    def _place_of(self, name: str, trail: frozenset[str] = frozenset()) -> Span | None:
        fact = self.by_id.get(name)
        if name in trail or not isinstance(fact, Timed):
            return None
        when = fact.start or fact.when if isinstance(fact, Treatment) else fact.when
        return resolve(when, lambda other: self._place_of(other, trail | {name}), self.clock.day_zero_date)

    def event(self, name: str) -> Event | None:
        """The first event of a kind, or None."""
        return next((event for event in self.events if event.event == name), None)

    def span_of(self, fact: Timed) -> Span:
        """The window of a timed fact; for a treatment from its start to its stop."""
        if isinstance(fact, Treatment) and fact.start is not None:
            start = self.span(fact.start)
            stop = self.span(fact.stop) if fact.stop is not None else NOWHERE
            return Span(start.earliest, stop.latest, whole=True)
        return self.span(fact.when)
