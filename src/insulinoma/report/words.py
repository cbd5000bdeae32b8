"""Words and signs that the sections of a report share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from insulinoma.report.blocks import Cell, Tone

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


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


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
