"""The clinical course as a table: every measurement, treatment, finding and event, each in one row.

The picture draws these rows and nothing else. A row says in which panel it stands, what kind of fact
it is, and how well its time is known.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, fields
from typing import Any, Literal

from insulinoma.assessment.hypoglycemia import level_of
from insulinoma.assessment.view import View, view_of
from insulinoma.quantities import analyte, convert
from insulinoma.record.schema import CaseRecord, Diagnosis, Event, Finding, Measurement, Timed, Treatment
from insulinoma.record.vocabulary import term
from insulinoma.report.chronology import Chronology, Known, Place
from insulinoma.report.course_words import describe, time_words

Panel = Literal["events", "treatments", "glucose", "hormones", "markers", "tumor", "other", "symptoms", "table only"]
Kind = Literal["value", "censored", "interval", "direction", "statement", "treatment", "event"]

GLUCOSE = ("glucose", "glucose_interstitial")
MARKERS = ("nse", "ca19_9", "dupan_2", "span_1", "chromogranin_a")
HORMONES = (
    "insulin", "c_peptide", "proinsulin", "beta_hydroxybutyrate", "insulin_antibody", "glucagon",
    "glucagon_response", "cortisol", "igf_2", "sulfonylurea_screen",
)  # fmt: skip
TUMOR = (
    "longest_diameter", "short_axis", "viable_diameter", "perpendicular_diameter", "enhancing_area",
    "attenuation", "ki67", "mitoses",
)  # fmt: skip
CHANGES = ("tumor_increase", "tumor_decrease", "necrosis_on_imaging", "new_lesion")


@dataclass(frozen=True)
class CourseRow:
    """One fact of the course.

    Days are days of the record, half-open, None where the record gives none. `value` and
    `upper_value` are as printed, in `unit`; `shown_value` is in `shown_unit`; `times_limit` is the
    value over the upper limit, for markers. `place` is for the drawing and not in the CSV.
    """

    key: str
    panel: Panel
    item: str
    kind: Kind
    start_day: float | None
    end_day: float | None
    time_known: Known
    when: str
    value: float | None
    upper_value: float | None
    unit: str
    shown_value: float | None
    shown_unit: str
    times_limit: float | None
    limit_from: str
    level: str
    words: str
    time: str
    text: str
    basis: str
    source: str
    place: Place
    name: str
    sample: str | None = None
    group: str = ""


COLUMNS = tuple(field.name for field in fields(CourseRow))[:-4]  # without place, name, sample, group


def course_table(record: CaseRecord, *, glucose_unit: str = "mg/dL") -> tuple[CourseRow, ...]:
    """The rows of the course, in the order of the record.

    Glucose is shown in `glucose_unit`; every other quantity in the unit of its source.

    >>> from insulinoma.record.load import load_case
    >>> rows = course_table(load_case())
    >>> next((row.words, row.time) for row in rows if row.key == "no-hypoglycemia")
    ('no hypoglycemia', 'days 13–61')
    """
    chronology, view = Chronology(record), view_of(record)
    rows = []
    for path, fact in record.facts():
        if isinstance(fact, (Measurement, Treatment, Finding, Diagnosis, Event)):
            rows.append(_row(path, fact, chronology, view, glucose_unit))
    return tuple(rows)


def course_csv(rows: tuple[CourseRow, ...]) -> str:
    """The table as CSV text, one line a fact; empty cells are what the record does not say."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = as_dict(row).values()
        writer.writerow(["" if cell is None else f"{cell:.10g}" if isinstance(cell, float) else cell for cell in cells])
    return buffer.getvalue()


def as_dict(row: CourseRow) -> dict[str, Any]:
    """A row as a dictionary of plain values, in the order of the columns."""
    return {column: getattr(row, column) for column in COLUMNS}


def _row(path: str, fact: Timed, chronology: Chronology, view: View, glucose_unit: str) -> CourseRow:
    place = chronology.place(fact)
    item, words, text = describe(fact, chronology)
    time = time_words(place, chronology)
    numbers = _numbers(fact, glucose_unit) if isinstance(fact, Measurement) else {}
    sources = "; ".join(source.text for source in fact.source)
    when = fact.when.text
    if isinstance(fact, Treatment) and fact.start is not None:
        when = f"from {fact.start.text}" + (f", until {fact.stop.text}" if fact.stop is not None else "")
    return CourseRow(
        key=fact.id or path,
        panel=_panel(fact, place),
        item=item,
        kind=_kind(fact),
        start_day=place.start.day,
        end_day=None if place.open_end else place.end.day,
        time_known=place.known,
        when=when,
        level=_level(fact, view) if isinstance(fact, Measurement) else "",
        words=words,
        time=time,
        text=text,
        basis=fact.basis,
        source=sources,
        place=place,
        name=_name(fact),
        sample=fact.sample if isinstance(fact, Measurement) else None,
        group=getattr(fact, "lesion", None) or "",
        **{**_NO_NUMBERS, **numbers},
    )


_NO_NUMBERS: dict[str, Any] = {
    "value": None, "upper_value": None, "unit": "", "shown_value": None, "shown_unit": "",
    "times_limit": None, "limit_from": "",
}  # fmt: skip


def _numbers(fact: Measurement, glucose_unit: str) -> dict[str, Any]:
    if not fact.numbers or fact.unit is None:
        return {}
    unit = fact.kind.unit(fact.unit).symbol
    first, last = fact.numbers[0], fact.numbers[-1]
    shown, shown_unit = first, unit
    if fact.analyte in GLUCOSE:
        found = convert(fact.analyte, first, unit, glucose_unit, factor=fact.factor)
        shown, shown_unit = found.value, found.unit
    upper, limit_from = _upper_limit(fact)
    return {
        "value": first,
        "upper_value": last if fact.between else None,
        "unit": unit,
        "shown_value": shown,
        "shown_unit": shown_unit,
        "times_limit": first / upper if upper and fact.analyte in MARKERS else None,
        "limit_from": limit_from if fact.analyte in MARKERS else "",
    }


def _upper_limit(fact: Measurement) -> tuple[float | None, str]:
    """The upper limit in the unit of the measurement: the laboratory's own, else the usual one."""
    if fact.reference is not None and fact.reference.upper:
        return fact.reference.upper, "laboratory"
    limits = analyte(fact.analyte).limits
    if limits is None or not limits.upper or fact.unit is None:
        return None, ""
    source, target = fact.kind.unit(fact.unit), fact.kind.unit(limits.unit)
    if source.factor is None or target.factor is None:
        return None, ""
    return limits.upper * target.factor / source.factor, f"usual limit ({limits.ref})"


def _kind(fact: Timed) -> Kind:
    if isinstance(fact, Treatment):
        return "treatment"
    if isinstance(fact, Event):
        return "event"
    if not isinstance(fact, Measurement) or fact.statement is not None:
        return "statement"
    if fact.direction is not None:
        return "direction"
    if fact.between is not None:
        return "interval"
    return "value" if fact.value is not None else "censored"


def _panel(fact: Timed, place: Place) -> Panel:
    if isinstance(fact, Treatment):
        return "treatments"
    if isinstance(fact, Measurement):
        return _analyte_panel(fact)
    if isinstance(fact, Event):
        return {"imaging_study": "tumor", "meal": "treatments"}.get(fact.event, "events")  # type: ignore[return-value]
    if isinstance(fact, Finding) and place.known != "unknown":
        return _finding_panel(fact, place)
    return "table only"


def _analyte_panel(fact: Measurement) -> Panel:
    if fact.analyte in GLUCOSE:
        return "glucose"
    if fact.analyte in MARKERS:
        return "markers" if fact.numbers == () or _upper_limit(fact)[0] else "other"
    return "hormones" if fact.analyte in HORMONES else "tumor" if fact.analyte in TUMOR else "other"


def _finding_panel(fact: Finding, place: Place) -> Panel:
    """Changes and symptoms are part of the course; what an image or a specimen looked like is not."""
    if fact.finding == "hypoglycemia":
        return "glucose"
    group = term("findings", fact.finding).get("group")
    if fact.finding in CHANGES or (group == "imaging" and place.start.day is not None and fact.present):
        return "tumor"
    return "symptoms" if group in ("symptom", "sign", "outcome") and fact.present else "table only"


def _level(fact: Measurement, view: View) -> str:
    """The level of hypoglycemia that the assessment gives a glucose value, in words."""
    if fact.analyte != "glucose" or fact.value is None:
        return ""
    level = level_of(view, fact)
    return f"level {level}" if level else ""


def _name(fact: Timed) -> str:
    for kind in ("analyte", "treatment", "finding", "diagnosis", "event"):
        if hasattr(fact, kind):
            return str(getattr(fact, kind))
    return ""
