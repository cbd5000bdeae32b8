"""Where each fact of a record stands: in its source document, and in the file of the record."""

from __future__ import annotations

from bisect import bisect
from typing import Any

from insulinoma.app.records import Opened
from insulinoma.citations import references
from insulinoma.record.fields import Source
from insulinoma.record.schema import Fact
from insulinoma.record.tree import Place

_MOST_LINES = 40


def facts_of(opened: Opened) -> list[dict[str, Any]]:
    """Every fact: its id, section, sources with document and lines, and its lines in the record."""
    lines = opened.text.splitlines()
    begins = sorted(((line, place) for place, line in opened.tree.lines.items() if place), key=lambda begin: begin[0])
    return [_fact(path, fact, opened, lines, begins) for path, fact in opened.record.facts()]


def _fact(path: str, fact: Fact, opened: Opened, lines: list[str], begins: list[tuple[int, Place]]) -> dict[str, Any]:
    place = _place(path)
    first = opened.tree.line(place)
    last = _end(place, first, begins, len(lines))
    return {
        "id": fact.id or path,
        "path": path,
        "section": path.partition("[")[0].partition(".")[0],
        "basis": fact.basis,
        "note": fact.note,
        "sources": [_source(source, opened) for source in fact.source],
        "file": opened.file,
        "line": first,
        "excerpt": "\n".join(lines[first - 1 : last]).rstrip(),
    }


def _source(source: Source, opened: Opened) -> dict[str, Any]:
    document = opened.record.documents.get(source.document)
    known = references().get(document.citation) if document is not None and document.citation else None
    cited = document.citation if document is not None else None
    return {
        "document": source.document,
        "kind": document.kind if document is not None else None,
        "citation": known.text if known is not None else cited,
        "first_line": source.first,
        "last_line": source.last,
        "page": source.page,
        "quote": source.quote,
        "text": source.text,
    }


def _place(path: str) -> Place:
    """The place of a fact in the tree: `measurements[3]` or `patient.age`."""
    name, sign, rest = path.partition("[")
    return (name, int(rest.rstrip("]"))) if sign else tuple(path.split("."))


def _end(place: Place, first: int, begins: list[tuple[int, Place]], count: int) -> int:
    """The last line of a fact: before whatever begins next."""
    for line, other in begins[bisect(begins, first, key=lambda begin: begin[0]) :]:
        if other[: len(place)] != place:
            return min(line - 1, first + _MOST_LINES)
    return min(count, first + _MOST_LINES)
