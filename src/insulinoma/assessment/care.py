"""Completeness of a report by the 13 items of CARE, as far as its record shows it [Gagnier2013]."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from insulinoma.assessment.endocrine_society import EndocrineSociety
from insulinoma.assessment.grade import Grades
from insulinoma.assessment.stage import Stage, System
from insulinoma.assessment.view import View
from insulinoma.record.schema import Fact, Timed
from insulinoma.record.vocabulary import term

Status = Literal["yes", "partial", "absent"]


@dataclass(frozen=True)
class CareItem:
    """One item of the checklist: its name, status, the reason and the facts behind it."""

    item: str
    name: str
    status: Status
    reason: str
    facts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The item as plain data."""
        return {"item": self.name, "status": self.status, "reason": self.reason, "facts": list(self.facts)}


@dataclass(frozen=True)
class CareInput:
    """What the checklist reads: the record and the parts of the assessment that items 8 rest on."""

    view: View
    endocrine: EndocrineSociety
    grades: Grades
    stages: dict[System, Stage]


def care_checklist(given: CareInput) -> dict[str, CareItem]:
    """All items and sub-items in the order of the checklist."""
    items = [
        _manuscript(given.view, "1", "Title", "title"),
        _manuscript(given.view, "2", "Key words", "keywords"),
        _manuscript(given.view, "3", "Abstract", "abstract"),
        _manuscript(given.view, "4", "Introduction", "introduction"),
        _patient(given.view),
        _clinical(given.view),
        _timeline(given.view),
        *_with_sum("8", "Diagnostic assessment", _diagnostics(given)),
        *_with_sum("9", "Therapeutic intervention", _interventions(given.view)),
        *_with_sum("10", "Follow-up and outcomes", _follow_up(given.view)),
        _manuscript(given.view, "11", "Discussion", "discussion"),
        _manuscript(given.view, "12", "Patient perspective", "patient perspective"),
        _manuscript(given.view, "13", "Informed consent", "consent"),
    ]
    return {item.item: item for item in items}


def _manuscript(view: View, item: str, name: str, part: str) -> CareItem:
    found = [entry for entry in view.record.manuscript if entry.item == part]
    if not found:
        return CareItem(item, name, "absent", "The record says nothing of it.")
    facts = view.labels(found)
    if any(entry.status == "present" for entry in found):
        return CareItem(item, name, "yes", "Present.", facts)
    if any(entry.status == "not seen" for entry in found):
        return CareItem(item, name, "partial", "Not seen in the text at hand.", facts)
    return CareItem(item, name, "absent", "Stated to be absent.", facts)


def _of(item: str, name: str, parts: dict[str, Iterable[Fact | None]], view: View) -> CareItem:
    """Yes when every part has a fact, partial when some have; the reason names what is missing."""
    facts = {part: [fact for fact in found if fact is not None] for part, found in parts.items()}
    missing = [part for part, found in facts.items() if not found]
    labels = view.labels(fact for found in facts.values() for fact in found)
    if not missing:
        return CareItem(item, name, "yes", f"Reported: {', '.join(facts)}.", labels)
    status: Status = "absent" if len(missing) == len(facts) else "partial"
    return CareItem(item, name, status, f"Not reported: {', '.join(missing)}.", labels)


def _group(view: View, *groups: str) -> list[Fact]:
    return [item for item in view.record.findings if term("findings", item.finding).get("group") in groups]


def _patient(view: View) -> CareItem:
    patient = view.record.patient
    parts: dict[str, Iterable[Fact | None]] = {
        "age": [patient.age],
        "sex": [patient.sex],
        "symptoms": _group(view, "symptom"),
        "history": _group(view, "history"),
    }
    return _of("5", "Patient information", parts, view)


def _clinical(view: View) -> CareItem:
    return _of("6", "Clinical findings", {"signs or physical examination": _group(view, "sign")}, view)


def _timeline(view: View) -> CareItem:
    """Yes when every event and treatment has a bounded time, partial when some have."""
    timed: list[Timed] = [*view.record.events, *view.record.treatments]
    placed = [item for item in timed if view.span(item).bounded]
    reason = f"{len(placed)} of {len(timed)} events and treatments are placed in time."
    status: Status = "absent" if not placed else "yes" if len(placed) == len(timed) else "partial"
    return CareItem("7", "Timeline", status, reason, view.labels(placed))


def _diagnostics(given: CareInput) -> list[CareItem]:
    view = given.view
    laboratory = [item for item in view.record.measurements if item.lesion is None and item.analyte != "ki67"]
    other = [*_group(view, "imaging", "morphology", "stain"), *view.measured("ki67")]
    methods = _of("8a", "Diagnostic methods", {"laboratory": laboratory, "imaging or pathology": other}, view)
    known = [name for name, item in given.endocrine.criteria if item.verdict.decided]
    open_tests = [name for name, item in given.endocrine.criteria if not item.verdict.decided]
    tests = _count(
        "8b", "Diagnostic challenges", len(known), len(open_tests), f"Not reported: {', '.join(open_tests)}."
    )
    rows = given.endocrine.pattern.possible
    reasoning: Status = "absent" if not known else "yes" if len(rows) <= 1 else "partial"
    named = f"Other causes still open: {', '.join(rows)}." if len(rows) > 1 else "One cause remains."
    prognosis = [
        given.grades.editions[-1][1].grade is not None,
        given.stages["ajcc_8"].stage is not None,
    ]
    outcome = _count(
        "8d", "Prognostic characteristics", sum(prognosis), prognosis.count(False), "Grade or stage is open."
    )
    return [methods, tests, CareItem("8c", "Diagnostic reasoning", reasoning, named), outcome]


def _count(item: str, name: str, known: int, unknown: int, reason: str) -> CareItem:
    status: Status = "absent" if not known else "partial" if unknown else "yes"
    return CareItem(item, name, status, "Reported." if status == "yes" else reason)


def _interventions(view: View) -> list[CareItem]:
    treatments = view.record.treatments
    drugs = [item for item in treatments if term("treatments", item.treatment).get("type") in ("drug", "regimen")]
    kinds = _of("9a", "Types of intervention", {"treatments": treatments}, view)
    doses = _of(
        "9b",
        "Administration",
        {
            "route": [item for item in drugs if item.route],
            "dose": [item for item in drugs if item.dose],
        },
        view,
    )
    changes = [item for item in treatments if item.stopped_for or item.stop or item.courses]
    return [kinds, doses, _of("9c", "Changes", {"stops, reasons or courses": changes}, view)]


def _follow_up(view: View) -> list[CareItem]:
    death = [view.record.event("death") or view.record.event("last_follow_up")]
    responses = [item for item in view.record.treatments if item.response]
    later = [item for item in view.record.measurements if item.direction or item.statement]
    treated = [view.start(item).earliest for item in view.record.treatments if view.start(item).bounded]
    numbers = [
        item
        for item in view.record.measurements
        if item.numbers and treated and view.span(item).earliest >= min(treated)
    ]
    adverse = _group(view, "outcome")
    stopped = [item for item in view.record.treatments if item.stopped_for]
    tests: dict[str, Iterable[Fact | None]] = {"course": [*later, *numbers], "numbers": numbers}
    return [
        _of("10a", "Outcomes", {"outcome": death, "response": responses}, view),
        _of("10b", "Follow-up tests", tests, view),
        _of("10c", "Adherence and tolerability", {"tolerability": [*stopped, *adverse]}, view),
        _of("10d", "Adverse events", {"adverse events": adverse}, view),
    ]


def _with_sum(item: str, name: str, parts: list[CareItem]) -> list[CareItem]:
    statuses = {part.status for part in parts}
    status: Status = "yes" if statuses == {"yes"} else "absent" if statuses == {"absent"} else "partial"
    lacking = [part.item for part in parts if part.status != "yes"]
    reason = "Complete." if not lacking else f"Not complete: {', '.join(lacking)}."
    return [CareItem(item, name, status, reason), *parts]
