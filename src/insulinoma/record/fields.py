"""Compact fields of a record: sources, times, doses, durations and vocabulary names as short texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Annotated, Any, Protocol

from pydantic import BeforeValidator, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from insulinoma.errors import UnknownNameError
from insulinoma.quantities import analyte, tidy_unit
from insulinoma.record.timeline import DAYS_IN, TimeError, When, parse_when
from insulinoma.record.vocabulary import term

_SOURCE = re.compile(r"(?P<document>[a-z0-9][a-z0-9-]*)(?::(?P<first>\d+)(?:-(?P<last>\d+))?| p\. (?P<page>[\w-]+))?")
_DURATION = re.compile(rf"(?P<value>\d+(?:\.\d+)?) (?P<unit>{'|'.join(DAYS_IN)})s?")
_DOSE = re.compile(r"(?P<value>\d+(?:\.\d+)?) (?P<unit>[^\s].*)")

DOSE_UNITS = {
    "g": 1000.0, "mg": 1.0, "ug": 0.001, "GBq": None, "mL": None,
    "mg/m2": None, "mg/kg": None, "g/h": 24_000.0, "mg/h": 24.0, "ug/h": 0.024,
    "g/day": 1000.0, "mg/day": 1.0, "ug/day": 0.001, "mg/kg/day": None, "mg/kg/min": None, "MU": None,
}  # fmt: skip


class Named(Protocol):
    """A term of a vocabulary."""

    @property
    def name(self) -> str:
        """Its canonical name."""


@dataclass(frozen=True)
class Source:
    """Where a fact stands: a document, and its lines or page; for a user's own documents a quote."""

    document: str
    first: int | None = None
    last: int | None = None
    page: str | None = None
    quote: str | None = None

    @property
    def text(self) -> str:
        """The compact form: `muro2014:37-38`, `chart p. 4`."""
        if self.page is not None:
            return f"{self.document} p. {self.page}"
        if self.first is None:
            return self.document
        lines = f"{self.first}" if self.last in (None, self.first) else f"{self.first}-{self.last}"
        return f"{self.document}:{lines}"


@dataclass(frozen=True)
class Amount:
    """A number with its unit, as printed."""

    value: float
    unit: str

    @property
    def text(self) -> str:
        """Number and unit with one space between."""
        return f"{self.value:g} {self.unit}"


def _wrong(kind: str, problem: str, expected: str, remedy: str = "") -> PydanticCustomError:
    """An error of a field, in the parts of a fault."""
    return PydanticCustomError(
        kind,
        "{problem}",
        {"problem": problem, "expected": expected, "remedy": remedy},
    )


def parse_source(given: Any) -> Source:
    """The source that a compact text or a mapping names."""
    quote = None
    if isinstance(given, dict) and set(given) <= {"at", "quote"} and "at" in given:
        quote, given = given.get("quote"), given["at"]
    match = _SOURCE.fullmatch(given.strip()) if isinstance(given, str) else None
    if match is None:
        expected = "DOCUMENT:LINE, DOCUMENT:FIRST-LAST or DOCUMENT p. PAGE"
        raise _wrong("source", f"{given!r} is not a source", expected)
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else first
    if first is not None and last is not None and not 1 <= first <= last:
        problem = f"lines {first} to {last} are reversed or not positive"
        raise _wrong("lines", problem, "the first line, then the last, counted from 1")
    return Source(match["document"], first, last, match["page"], quote)


def _parse_sources(given: Any) -> tuple[Source, ...]:
    if isinstance(given, tuple) and all(isinstance(item, Source) for item in given):
        return given
    items = given if isinstance(given, (list, tuple)) else [given]
    if not items:
        raise _wrong("source", "there is no source", "at least one source")
    return tuple(parse_source(item) for item in items)


def _write_source(source: Source) -> str | dict[str, str]:
    return {"at": source.text, "quote": source.quote} if source.quote else source.text


def _write_sources(sources: tuple[Source, ...]) -> Any:
    written = [_write_source(source) for source in sources]
    return written[0] if len(written) == 1 else written


@lru_cache(maxsize=65536)
def _when(text: str) -> When:
    return parse_when(text)


def _parse_when_field(given: Any) -> When:
    if isinstance(given, When):
        return given
    try:
        return _when(str(given))
    except TimeError as error:
        expected = "'day 12', 'days 13 to 61', 'after day 61', '2014-03-05', '4 weeks after EVENT' or 'unknown'"
        raise _wrong("time", str(error), expected) from error


def _parse_amount(given: Any, pattern: re.Pattern[str], kind: str, expected: str) -> Amount:
    if isinstance(given, Amount):
        return given
    match = pattern.fullmatch(given.strip()) if isinstance(given, str) else None
    if match is None:
        raise _wrong(kind, f"{given!r} is not a {kind}", expected)
    return Amount(float(match["value"]), tidy_unit(match["unit"]))


def _parse_duration(given: Any) -> Amount:
    return _parse_amount(given, _DURATION, "duration", "a number and a unit of time, such as '2 months'")


def _parse_dose(given: Any) -> Amount:
    dose = _parse_amount(given, _DOSE, "dose", "a number and a unit, such as '100 ug' or '300 mg/day'")
    if dose.unit not in DOSE_UNITS:
        raise _wrong("unit of dose", f"{dose.unit!r} is not a unit of dose", ", ".join(DOSE_UNITS))
    return dose


def _amount_text(amount: Amount) -> str:
    plural = "s" if amount.unit in DAYS_IN and amount.value != 1 else ""
    return amount.text + plural


def _name_from(look_up: Callable[[str], Named]) -> BeforeValidator:
    """A field that takes any name of a term and holds the canonical one."""

    def canonical(given: Any) -> str:
        try:
            return look_up(str(given)).name
        except UnknownNameError as error:
            raise _wrong("unknown name", error.problem, error.expected, error.remedy) from error

    return BeforeValidator(canonical)


Sources = Annotated[tuple[Source, ...], PlainValidator(_parse_sources), PlainSerializer(_write_sources)]
WhenField = Annotated[When, PlainValidator(_parse_when_field), PlainSerializer(lambda when: when.text)]
Duration = Annotated[Amount, PlainValidator(_parse_duration), PlainSerializer(_amount_text)]
Dose = Annotated[Amount, PlainValidator(_parse_dose), PlainSerializer(_amount_text)]
AnalyteName = Annotated[str, _name_from(analyte)]
TreatmentName = Annotated[str, _name_from(partial(term, "treatments"))]
FindingName = Annotated[str, _name_from(partial(term, "findings"))]
SiteName = Annotated[str, _name_from(partial(term, "sites"))]
DiagnosisName = Annotated[str, _name_from(partial(term, "diagnoses"))]
EventName = Annotated[str, _name_from(partial(term, "events"))]
