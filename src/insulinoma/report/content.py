"""The report of one record: every section from the assessment, the course and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insulinoma.record.schema import CaseRecord
from insulinoma.record.vocabulary import term
from insulinoma.report.blocks import Cell, Figure, Paragraph, Report, Section, table
from insulinoma.report.content_assessment import (
    criteria_section,
    grade_section,
    missing_section,
    response_section,
)
from insulinoma.report.content_evidence import evidence_section, sources_section
from insulinoma.report.words import free_interval, plural, sentence, verdict_words

if TYPE_CHECKING:
    from insulinoma.evidence.treatments import TreatmentTable

COURSE = "clinical-course"
_SYSTEMS = {"ajcc_8": "AJCC 8", "enets": "ENETS"}
_EDITIONS = ("who_2010", "who_2017", "who_2022")


def report_of(record: CaseRecord, assessment: dict[str, Any], literature: TreatmentTable) -> Report:
    """The parts of the report; `assessment` is the JSON form that `assess` writes."""
    from insulinoma import __version__

    sections = (
        _summary(record, assessment),
        _course(record),
        criteria_section(record, assessment),
        grade_section(record, assessment),
        response_section(record, assessment),
        _conflicts(record),
        missing_section(assessment),
        evidence_section(record, literature),
        sources_section(record, assessment, literature),
    )
    documents = ", ".join(_cited(document.citation, name) for name, document in record.documents.items())
    return Report(
        title=record.title,
        subtitle=f"{_patient(record)}. Record {record.id}, from {documents}.",
        sections=sections,
        colophon=f"Written by insulinoma {__version__}; the same record gives the same report.",
    )


def _cited(citation: str | None, name: str) -> str:
    return citation or name


def _patient(record: CaseRecord) -> str:
    sex = {"female": "woman", "male": "man"}.get(record.patient.sex.value, "") if record.patient.sex else ""
    age = f"{record.patient.age.years:g} years" if record.patient.age else ""
    return sentence(", ".join(part for part in (sex, age) if part) or "patient: age and sex not stated").rstrip(".")


def _summary(record: CaseRecord, assessment: dict[str, Any]) -> Section:
    criteria, grade = assessment["criteria"], assessment["grade"]
    whipple = criteria["whipple"]
    parts = ", ".join(verdict_words(whipple[name]["verdict"]) for name in ("symptoms", "low_glucose", "relief"))
    society = criteria["endocrine_society_2009"]
    possible = ", ".join(society["pattern"]) or "none"
    level = assessment["hypoglycemia"]["max_level"]
    free = [free_interval(item) for item in assessment["hypoglycemia"]["free_intervals"]]
    hypoglycemia = f"highest level {level}" if level else "no level reached or none measured"
    stages = "; ".join(f"{_stage(assessment['stage'][name])} ({label})" for name, label in _SYSTEMS.items())
    measured, conflicts = plural(len(record.measurements), "measurement"), plural(len(record.conflicts), "conflict")
    numbers = sum(bool(item.numbers) for item in record.measurements)
    grades = "; ".join(f"{grade[name]['edition']} {_grade(grade[name])}" for name in _EDITIONS)
    lines = [
        f"Whipple's triad: symptoms, low glucose and relief are {parts}.",
        f"Endocrine Society 2009: {society['overall']['summary']}; patterns still possible: {possible}.",
        f"Hypoglycemia: {hypoglycemia}{'; free of it on ' + ' and '.join(free) if free else ''}.",
        f"Grade: {grades}. Stage: {stages}.",
        f"The record holds {measured}, {numbers} of them with a number, and names {conflicts} of its source.",
    ]
    return Section("Summary", tuple(Paragraph(line) for line in lines))


def _grade(item: dict[str, Any]) -> str:
    between = f" ({' or '.join(item['candidates'])})" if item["candidates"] else ""
    return f"{item['grade'] or 'not evaluable'}{between}"


def _stage(item: dict[str, Any]) -> str:
    return item["stage"] or (f"one of {', '.join(item['possible'])}" if item["possible"] else "not evaluable")


def _course(record: CaseRecord) -> Section:
    events = ", ".join(f"{term('events', item.event).label.lower()} ({item.when.text})" for item in record.events)
    caption = "The clinical course. Values are drawn as points, words as words; hatched where only the order is known."
    alternative = f"Clinical course of {record.title}: {events or 'no events recorded'}."
    return Section("Clinical course", (Figure(COURSE, caption, alternative),))


def _conflicts(record: CaseRecord) -> Section:
    if not record.conflicts:
        return Section("Conflicts in the source", (Paragraph("The record names no conflict."),))
    rows: list[list[Cell | str]] = []
    for conflict in record.conflicts:
        readings = "; ".join(f"({index}) {reading.says}" for index, reading in enumerate(conflict.readings, 1))
        decided = Cell(conflict.rule or "", "plain") if conflict.rule else Cell("not decided", "open")
        rows.append([conflict.about, readings, decided])
    caption = "Where the source does not agree with itself. Both readings stay in the record."
    return Section(
        "Conflicts in the source",
        (table("conflicts", caption, ("question", "readings", "decided by"), rows, (2, 5, 2)),),
    )
