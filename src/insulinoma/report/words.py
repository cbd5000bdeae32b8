"""Words and signs that the sections of a report share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from insulinoma.record.schema import CaseRecord, Fact, Finding, Measurement, Treatment
from insulinoma.record.vocabulary import Table, term
from insulinoma.report.blocks import Cell, Tone

_TABLES: dict[str, Table] = {"finding": "findings", "event": "events", "diagnosis": "diagnoses"}
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "met": ("met", "met"),
    "not_met": ("not met", "not met"),
    "not_measured": ("not measured", "open"),
    "inferred": ("inferred", "open"),
    "not_evaluable": ("not evaluable", "open"),
}


def verdict_words(verdict: str) -> str:
    """A verdict as people write it.

    >>> verdict_words("not_met")
    'not met'
    """
    return _VERDICTS[verdict][0]


def verdict_cell(verdict: str) -> Cell:
    """A verdict as a cell with its tone."""
    text, tone = _VERDICTS[verdict]
    return Cell(text, tone)


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "conflict"), plural(3, "conflict")
    ('1 conflict', '3 conflicts')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def three_digits(value: float) -> str:
    """A number to three digits, written out.

    >>> three_digits(2314.2), three_digits(0.0005084), three_digits(20.0)
    ('2,310', '0.000508', '20')
    """
    return f"{float(f'{value:.3g}'):,g}"


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def free_interval(item: dict[str, Any]) -> str:
    """A free interval in words, with its length where both ends are stated.

    >>> free_interval({"when": "days 13 to 61", "days": 49}), free_interval({"when": "from day 13", "days": None})
    ('days 13 to 61 (49 days)', 'from day 13')
    """
    return f"{item['when']} ({item['days']:g} days)" if item["days"] is not None else str(item["when"])


def name_of(fact: Fact) -> str:
    """A fact as people name it: what was measured, found, done, or happened.

    >>> from insulinoma.record.load import load_case
    >>> facts = load_case().by_id
    >>> name_of(facts["tae-right"]), name_of(facts["ki67"]), name_of(facts["no-hypoglycemia"])
    ('embolization of the right lobe of liver', 'Ki-67 index 27 %', 'the window without hypoglycemia')
    """
    if isinstance(fact, Measurement):
        said = fact.direction or fact.statement or f"{fact.numbers[0]:g} {fact.unit}"
        return f"{fact.kind.label} {said}"
    if isinstance(fact, Treatment):
        site = f" of the {lower_first(term('sites', fact.site).label)}" if fact.site else ""
        label = lower_first(term("treatments", fact.treatment).label)
        return f"{label.removeprefix('transarterial ')}{site}"
    if isinstance(fact, Finding) and not fact.present:
        return f"the window without {lower_first(term('findings', fact.finding).label)}"
    for table in ("finding", "event", "diagnosis"):
        if hasattr(fact, table):
            return lower_first(term(_TABLES[table], getattr(fact, table)).label)
    return (fact.id or "fact").replace("-", " ")


def in_words(record: CaseRecord, text: str) -> str:
    """A stated time with names of facts in place of their ids.

    >>> from insulinoma.record.load import load_case
    >>> in_words(load_case(), "between transfer and tae-right")
    'between transfer to another hospital and embolization of the right lobe of liver'
    """
    words = (name_of(record.by_id[word]) if word in record.by_id else word for word in text.split())
    return " ".join(words)


def lower_first(text: str) -> str:
    """A text with a small first letter, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() or text[1:2] in "-0123456789" else f"{text[:1].lower()}{text[1:]}"


def sources_of(data: Any) -> Iterator[str]:
    """The citation keys anywhere in the JSON form of an assessment."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "citation" and isinstance(value, str):
                yield value
            else:
                yield from sources_of(value)
    elif isinstance(data, list):
        for item in data:
            yield from sources_of(item)
