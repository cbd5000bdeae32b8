"""The words of the picture: what a fact says, and how its time is said, short and in clear."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from insulinoma.record.schema import Diagnosis, Event, Finding, Measurement, Timed, Treatment
from insulinoma.record.vocabulary import term
from insulinoma.report.chronology import Chronology, Place

if TYPE_CHECKING:
    from insulinoma.record.fields import Amount

_ROUTES = {
    "intravenous": "i.v.", "subcutaneous": "s.c.", "intramuscular": "i.m.", "oral": "oral",
    "intra-arterial": "i.a.",
}  # fmt: skip
_UNITS = {"uU/mL": "µU/mL", "ug/dL": "µg/dL", "umol/L": "µmol/L", "uIU/mL": "µIU/mL"}
_DOSE_UNITS = {"ug": "µg", "ug/h": "µg/h", "ug/day": "µg/day"}
_CHANGES = {
    "tumor_increase": "increased", "tumor_decrease": "decreased", "necrosis_on_imaging": "necrosis",
    "new_lesion": "new lesion",
}  # fmt: skip


def describe(fact: Timed, chronology: Chronology) -> tuple[str, str, str]:
    """The lane a fact belongs to, its short words for the picture, and its full text for the table."""
    if isinstance(fact, Measurement):
        item, said = _measurement_item(fact), _measurement_words(fact)
    elif isinstance(fact, Treatment):
        item, said = _treatment_item(fact), treatment_note(fact)
    elif isinstance(fact, Finding):
        item, said = _finding_item(fact), _finding_words(fact, chronology)
    else:
        item, said = _other(fact)
    condition = getattr(fact, "condition", None)
    told = (said or item, *_details(fact), f"condition: {condition}" if condition else "", fact.note or "")
    return item, said, "; ".join(part for part in told if part)


def time_words(place: Place, chronology: Chronology) -> str:
    """The time of a fact in words, empty where its place in the strip says all that is known."""
    show = day_words(chronology)
    start, end = place.start.day, place.end.day
    if place.known == "unknown":
        return "time not stated"
    if place.known == "one of":
        days = [edge.at for edge in place.options]
        return show(days[0]) + "".join(f" or {show(day, bare=True)}" for day in days[1:])
    if start is None:
        after_the_strip = end is not None and chronology.first_day is not None and end > chronology.first_day
        return f"before {show(end)}" if after_the_strip else ""
    if place.open_end:
        return f"from {show(start)}"
    if end is None:
        return f"unknown day after {show(start - 1, bare=True)}"
    return _bounded_words(place, start, end, chronology)


def _bounded_words(place: Place, start: float, end: float, chronology: Chronology) -> str:
    show = day_words(chronology)
    last = end - 1 if end - start > 1 else start
    if place.known == "exact" and end - start <= 1:
        return show(start)
    if place.whole:
        return f"{show(start)}–{show(last, bare=True)}".replace("day ", "days ", 1)
    if end == chronology.death_day:
        return f"unknown day after {show(start - 1, bare=True)}"
    return f"unknown day between {show(start - 1, bare=True)} and {show(end, bare=True)}"


def day_words(chronology: Chronology) -> DayWords:
    """How a day is written: by its number, or by its date when the record has a calendar."""
    return DayWords(chronology.record.clock.day_zero_date)


class DayWords:
    """A day in words: `day 12`, with its clock time if it has one, or the date."""

    def __init__(self, day_zero: datetime.date | None) -> None:
        self.day_zero = day_zero

    def __call__(self, day: float | None, *, bare: bool = False) -> str:
        """The words of a day; `bare` leaves the word 'day' out."""
        if day is None:
            return ""
        whole, minutes = divmod(round(day * 1440), 1440)
        clock = f" {minutes // 60:02d}:{minutes % 60:02d}" if minutes else ""
        if self.day_zero is not None:
            return (self.day_zero + datetime.timedelta(days=int(whole))).isoformat() + clock
        return f"{'' if bare else 'day '}{whole}{clock}"


def unit_words(unit: str) -> str:
    """A unit as print shows it, with the micro sign."""
    return _UNITS.get(unit, "" if unit.startswith("{") else unit)


def number_words(value: float) -> str:
    """A number as printed in the source, without a needless fraction."""
    return f"{value:.6g}"


def treatment_note(fact: Treatment) -> str:
    """What the record adds to a treatment: site, dose, courses, why it stopped, what it did."""
    parts = [_site(fact.site), amount_words(fact.dose), f"{fact.courses} courses" if fact.courses else ""]
    if fact.stopped_for:
        parts.append(f"stopped: {fact.stopped_for}")
    if fact.response and not (fact.stopped_for and fact.response == "not evaluable"):
        parts.append(fact.response)
    return ", ".join(part for part in parts if part)


def amount_words(amount: Amount | None) -> str:
    """A dose as print shows it."""
    return f"{amount.value:g} {_DOSE_UNITS.get(amount.unit, amount.unit)}" if amount is not None else ""


def _site(name: str | None) -> str:
    return term("sites", name).label.casefold().replace(" of liver", "").replace(" of pancreas", "") if name else ""


def _details(fact: Timed) -> tuple[str, ...]:
    if isinstance(fact, Treatment):
        per_day = f"{fact.doses_per_day:g} doses a day" if fact.doses_per_day else ""
        return (per_day, fact.device or "", fact.comment or "")
    if isinstance(fact, Finding):
        return (fact.circumstances or "", f"for {fact.duration.text}s" if fact.duration else "")
    if isinstance(fact, Event):
        return (fact.cause or "",)
    return ()


def _small(label: str) -> str:
    """A label as it stands within a sentence; names such as CD56 or Ki-67 stay."""
    return label[:1].casefold() + label[1:] if label[1:2].islower() and label[:2] != "Ki" else label


def _lesion(name: str | None) -> str:
    words = name.replace("-", " ") if name else ""
    return words[:1].upper() + words[1:]


def _measurement_item(fact: Measurement) -> str:
    label = fact.kind.label
    short = {"longest_diameter": "diameter"}.get(fact.analyte, _small(label))
    return f"{_lesion(fact.lesion)}: {short}" if fact.lesion else label


def _measurement_words(fact: Measurement) -> str:
    unit = unit_words(fact.unit or "")
    gap = "" if unit == "%" else " "
    if fact.direction is not None:
        return fact.direction
    if fact.statement is not None:
        return fact.statement
    if fact.between is not None:
        low, high = (number_words(value) for value in fact.between)
        return f"{low}–{high}{gap}{unit}".rstrip()
    sign = "<" if fact.below is not None else ">" if fact.above is not None else ""
    return f"{sign}{number_words(fact.numbers[0])}{gap}{unit}".rstrip()


def _treatment_item(fact: Treatment) -> str:
    label = {"glucose_rescue": "Rescue glucose", "dextrose": "Dextrose"}.get(fact.treatment)
    label = label or term("treatments", fact.treatment).label.replace("Transarterial embolization", "Embolization")
    return f"{label} {_ROUTES[fact.route]}" if fact.route else label


def _finding_item(fact: Finding) -> str:
    if fact.lesion:
        return _lesion(fact.lesion)
    return term("findings", fact.finding).label


def _finding_words(fact: Finding, chronology: Chronology) -> str:
    label = _CHANGES.get(fact.finding) or _small(term("findings", fact.finding).label)
    if not fact.present:
        return f"no {label}"
    if fact.finding != "hypoglycemia":
        return label
    if _recurred(fact, chronology):
        return "hypoglycemia recurred"
    return "repeated hypoglycemia" if fact.count == "multiple" else label


def _recurred(fact: Finding, chronology: Chronology) -> bool:
    """Whether an earlier window of the record is stated to be free of what is found here."""
    free = [
        chronology.place(other).end
        for other in chronology.record.findings
        if other.finding == fact.finding and not other.present
    ]
    return any(end <= chronology.place(fact).start and end.part == 1 for end in free)


def _other(fact: Timed) -> tuple[str, str]:
    if isinstance(fact, Event):
        label = term("events", fact.event).label
        if fact.event == "imaging_study":
            return "Imaging", fact.place or label
        return label.replace("Transfer to another hospital", "Transfer"), label
    if isinstance(fact, Diagnosis):
        grade = f", grade {fact.grade}" if fact.grade else ""
        return "Diagnosis", term("diagnoses", fact.diagnosis).label + grade
    return type(fact).__name__, ""
