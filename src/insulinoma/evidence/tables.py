"""The evidence base read from its tables, with all their faults at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from insulinoma.data import resource
from insulinoma.errors import InputError
from insulinoma.evidence import records as r
from insulinoma.evidence.checks import check
from insulinoma.evidence.reading import Faults, Row, read_rows

T = TypeVar("T")

COLUMNS: dict[str, str] = {
    "documents": "id name reference file sha256",
    "claims": "id document lines answer kind value low high unit status corrections topics text",
    "outcomes": "id treatment measure value low high interval sd unit events n comparator comparator_value "
    "population definition as_of source place certainty statement topics",
    "corrections": "id claims as_printed corrected source place certainty text",
    "definitions": "id term source place certainty topics text",
    "mechanisms": "id subject source place certainty topics text",
    "treatments": "id label group also_called text source certainty",
    "guidelines": "id body year treatments source certainty text",
    "fact_tags": "tag meaning",
    "cautions": "id treatments when unless source place certainty text",
    "conflicts": "id question explanation decides",
    "conflict_sides": "conflict side position evidence definition n as_of",
    "cited": "number probable reference certainty basis",
}
"""The columns of each table; `prognosis` has those of `outcomes`."""


@cache
def evidence() -> r.Evidence:
    """The shipped evidence base.

    >>> len([claim for claim in evidence().claims if claim.document == "S1"])
    31
    """
    return load(resource("evidence"))


def load(directory: Traversable | Path) -> r.Evidence:
    """The evidence base of a folder of tables; InputError with every fault (file:line) if there is one."""
    faults = Faults()
    rows = {name: read_rows(directory, name, columns.split(), faults) for name, columns in COLUMNS.items()}
    rows["prognosis"] = read_rows(directory, "prognosis", COLUMNS["outcomes"].split(), faults)
    base = _assemble(rows)
    if not faults.found:
        check(base, rows)
    if faults.found:
        raise InputError(faults.found)
    return base


def _assemble(rows: dict[str, list[Row]]) -> r.Evidence:
    def all_of(name: str, make: Callable[[Row], T]) -> tuple[T, ...]:
        return tuple(make(row) for row in rows[name])

    sides = all_of("conflict_sides", _side)
    return r.Evidence(
        documents=all_of("documents", _document),
        claims=all_of("claims", _claim),
        outcomes=all_of("outcomes", _outcome) + all_of("prognosis", _outcome),
        corrections=all_of("corrections", _correction),
        definitions=all_of("definitions", _definition),
        mechanisms=all_of("mechanisms", _mechanism),
        treatments=_in_order(all_of("treatments", _treatment)),
        guidelines=all_of("guidelines", _guideline),
        fact_tags=all_of("fact_tags", _fact_tag),
        cautions=all_of("cautions", _caution),
        conflicts=all_of("conflicts", lambda row: _conflict(row, sides)),
        cited=all_of("cited", _cited),
    )


def _in_order(treatments: tuple[r.Treatment, ...]) -> tuple[r.Treatment, ...]:
    def place(treatment: r.Treatment) -> tuple[int, str]:
        known = treatment.group in r.GROUPS
        return (r.GROUPS.index(treatment.group) if known else len(r.GROUPS), treatment.label.casefold())

    return tuple(sorted(treatments, key=place))


def _document(row: Row) -> r.Document:
    fields = (row.text(name, required=True) for name in ("id", "name", "reference", "file", "sha256"))
    return r.Document(*fields)


def _claim(row: Row) -> r.Claim:
    return r.Claim(
        id=row.text("id", required=True),
        document=row.text("document", required=True),
        lines=row.text("lines", required=True),
        answer=row.whole("answer"),
        kind=row.text("kind", required=True),
        value=row.number("value"),
        low=row.number("low"),
        high=row.number("high"),
        unit=row.choice("unit", r.UNITS, required=False),
        status=row.choice("status", r.STATUSES),
        corrections=row.names("corrections"),
        topics=row.names("topics", separator=" "),
        text=row.text("text", required=True),
    )


def _outcome(row: Row) -> r.Outcome:
    return r.Outcome(
        **_sourced(row, text="statement"),
        treatment=row.text("treatment", required=True),
        measure=row.text("measure", required=True),
        value=row.number("value"),
        low=row.number("low"),
        high=row.number("high"),
        interval=row.text("interval"),
        sd=row.number("sd"),
        unit=row.choice("unit", r.UNITS, required=False),
        events=row.whole("events"),
        n=row.whole("n"),
        comparator=row.text("comparator"),
        comparator_value=row.number("comparator_value"),
        population=row.text("population", required=True),
        definition=row.text("definition"),
        as_of=row.year("as_of"),
        topics=row.names("topics", separator=" "),
    )


def _correction(row: Row) -> r.Correction:
    return r.Correction(
        **_sourced(row),
        claims=row.names("claims"),
        as_printed=row.text("as_printed", required=True),
        corrected=row.text("corrected", required=True),
    )


def _definition(row: Row) -> r.Definition:
    return r.Definition(
        **_sourced(row), term=row.text("term", required=True), topics=row.names("topics", separator=" ")
    )


def _mechanism(row: Row) -> r.Mechanism:
    subject = row.text("subject", required=True)
    return r.Mechanism(**_sourced(row), subject=subject, topics=row.names("topics", separator=" "))


def _sourced(row: Row, *, text: str = "text", placed: bool = True) -> dict[str, str]:
    return {
        "id": row.text("id", required=True),
        "source": row.text("source", required=True),
        "place": row.text("place", required=placed),
        "certainty": row.choice("certainty", r.CERTAINTIES),
        "text": row.text(text, required=True),
    }


def _treatment(row: Row) -> r.Treatment:
    return r.Treatment(
        **_sourced(row, placed=False),
        label=row.text("label", required=True),
        group=row.choice("group", r.GROUPS),
        also_called=row.names("also_called"),
    )


def _guideline(row: Row) -> r.Guideline:
    return r.Guideline(
        **_sourced(row, placed=False),
        body=row.text("body", required=True),
        year=row.year("year"),
        treatments=row.names("treatments"),
    )


def _fact_tag(row: Row) -> r.FactTag:
    return r.FactTag(row.text("tag", required=True), row.text("meaning", required=True))


def _caution(row: Row) -> r.Caution:
    return r.Caution(
        **_sourced(row),
        treatments=row.names("treatments"),
        when=row.names("when"),
        unless=row.names("unless"),
    )


def _side(row: Row) -> r.Side:
    return r.Side(
        conflict=row.text("conflict", required=True),
        side=row.whole("side") or 0,
        position=row.text("position", required=True),
        evidence=row.names("evidence"),
        definition=row.text("definition"),
        n=row.whole("n"),
        as_of=row.year("as_of"),
    )


def _conflict(row: Row, sides: tuple[r.Side, ...]) -> r.Conflict:
    identifier = row.text("id", required=True)
    return r.Conflict(
        id=identifier,
        question=row.text("question", required=True),
        explanation=row.text("explanation", required=True),
        decides=row.text("decides"),
        sides=tuple(sorted((side for side in sides if side.conflict == identifier), key=lambda side: side.side)),
    )


def _cited(row: Row) -> r.Cited:
    return r.Cited(
        number=row.whole("number") or 0,
        probable=row.text("probable", required=True),
        reference=row.text("reference", required=True),
        certainty=row.choice("certainty", r.CERTAINTIES),
        basis=row.text("basis", required=True),
    )
