"""Which symptoms a glucose value was drawn with, by what the record itself ties together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from insulinoma.assessment.verdict import Verdict
from insulinoma.assessment.view import View, tie
from insulinoma.quantities import analyte
from insulinoma.record.schema import Event, Finding, Measurement
from insulinoma.record.timeline import Point
from insulinoma.record.vocabulary import terms

_DENIAL = re.compile(r"\b(?:no|not|without|asymptomatic|denies|denied|never|free of)\b", re.IGNORECASE)
_GENERAL = re.compile(r"\bsymptom(?:s|atic)?\b", re.IGNORECASE)

SEVERE = ("loss_of_consciousness", "hypoglycemic_coma", "hypoglycemic_seizure", "assistance_needed")


@dataclass(frozen=True)
class Occasion:
    """The symptoms tied to a measurement, the facts that tie them, and how firmly.

    `tie` is met when the record says that they were together, inferred when only the day is the same.
    """

    symptoms: frozenset[str]
    facts: tuple[Finding | Event, ...]
    tie: Verdict


@cache
def symptom_names() -> dict[str, str]:
    """Names of the symptoms of hypoglycemia with their class: autonomic or neuroglycopenic."""
    return {name: term.get("whipple") for name, term in terms("findings").items() if term.get("whipple")}


@lru_cache(maxsize=4096)
def symptoms_named(text: str) -> frozenset[str]:
    """The symptoms of hypoglycemia, and the need of help, that a few words name; none under a denial.

    >>> sorted(symptoms_named("Loss of consciousness at home"))
    ['loss_of_consciousness']
    >>> symptoms_named("overnight fast, without symptoms")
    frozenset()
    """
    if _DENIAL.search(text):
        return frozenset()
    words = f" {' '.join(re.findall(r'[a-z-]+', text.casefold()))} "
    named = {name for name, spellings in _spellings().items() if any(f" {item} " in words for item in spellings)}
    if not named and _GENERAL.search(text):
        named.add("symptoms_of_hypoglycemia")
    return frozenset(named)


def occasion(view: View, measurement: Measurement) -> Occasion | None:
    """The symptoms with which a measurement was made, or None when the record ties none to it."""
    named = symptoms_named(measurement.condition) if measurement.condition else frozenset()
    events = _events_with_symptoms(view, measurement)
    for event in events:
        named |= symptoms_named(event.cause or "")
    tied, same_day = _tied_findings(view, measurement)
    told = tuple(finding for name in sorted(named) for finding in view.found(name))
    if named or tied:
        symptoms = named | {finding.finding for finding in tied}
        return Occasion(frozenset(symptoms), (*told, *tied, *events), Verdict.MET)
    if same_day:
        return Occasion(frozenset(finding.finding for finding in same_day), same_day, Verdict.INFERRED)
    return None


def symptom_findings(view: View, *, present: bool = True) -> tuple[Finding, ...]:
    """Findings of the record that are symptoms of hypoglycemia."""
    return view.found(*symptom_names(), present=present)


def draw_key(item: Measurement) -> str | None:
    """What tells that two values were drawn together: the sample's name or the clock time."""
    if item.sample is not None:
        return f"sample {item.sample}"
    point = item.when.points[0] if item.when.kind == "point" else None
    return f"time {item.when.text}" if point is not None and point.width == 0 and point.event is None else None


def magnitude(measurement: Measurement) -> float:
    """The number of a measurement in its canonical unit (of an interval its lower end), for ordering."""
    number = min(measurement.numbers)
    return number * (measurement.factor or _factor(measurement.analyte, measurement.unit))


@lru_cache(maxsize=256)
def _factor(name: str, unit: str | None) -> float:
    return 1.0 if unit is None else analyte(name).unit(unit).factor or 1.0


def glucose_from_lowest(view: View) -> tuple[Measurement, ...]:
    """Glucose values that hold a number, the lowest first."""
    return view.remember("glucose from lowest", _glucose_from_lowest)


def _glucose_from_lowest(view: View) -> tuple[Measurement, ...]:
    return tuple(sorted(view.numbers("glucose"), key=lambda item: (magnitude(item), tie(item))))


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    found = {}
    for name in (*symptom_names(), *SEVERE):
        term = terms("findings")[name]
        texts = (term.label, *term.items("synonyms"))
        found[name] = tuple(" ".join(re.findall(r"[a-z-]+", text.casefold())) for text in texts)
    return found


def _events_with_symptoms(view: View, measurement: Measurement) -> tuple[Event, ...]:
    when = measurement.when
    if when.kind != "point" or when.points[0] is None or when.points[0].event is None:
        return ()
    points = [point for point in when.points if point is not None and point.event and point.offset == 0]
    events = [view.event(point.event) for point in points if point.event]
    return tuple(event for event in events if event is not None and event.cause and symptoms_named(event.cause))


def _tied_findings(view: View, measurement: Measurement) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Symptoms at the same stated clock time, event or by reference; and those of the same day only."""
    by_time, by_reference = view.remember("symptoms by time", _symptoms_by_time)
    tied = list(by_reference.get(measurement.id or "", ()))
    same_day: list[Finding] = []
    point = measurement.when.points[0] if measurement.when.kind == "point" else None
    if point is not None:
        sharp = point.event is not None or point.width == 0
        (tied if sharp else same_day).extend(by_time.get(point, ()))
    return tuple(tied), tuple(same_day)


def _symptoms_by_time(view: View) -> tuple[dict[Point, list[Finding]], dict[str, list[Finding]]]:
    by_time: dict[Point, list[Finding]] = {}
    by_reference: dict[str, list[Finding]] = {}
    for finding in view.found(*dict.fromkeys((*symptom_names(), *SEVERE))):
        point = finding.when.points[0] if finding.when.kind == "point" else None
        if finding.related_to is not None:
            by_reference.setdefault(finding.related_to, []).append(finding)
        if point is not None:
            by_time.setdefault(point, []).append(finding)
    return by_time, by_reference
