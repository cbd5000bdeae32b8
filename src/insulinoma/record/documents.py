"""Holds a record against its source documents: the hash of each, and every number at its lines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from insulinoma.errors import Fault
from insulinoma.record.damage import has_unit, number_pattern, passages, repair
from insulinoma.record.fields import Source
from insulinoma.record.printed import Printed, numbers_of
from insulinoma.record.schema import CaseRecord, Document, Fact
from insulinoma.record.tree import Place, Tree


@dataclass
class Verification:
    """What holding a record against its documents found.

    `unread` names documents that declare no file, or whose file is not text.
    """

    documents: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    facts: int = 0
    numbers: int = 0
    faults: list[Fault] = field(default_factory=list)


def verify(record: CaseRecord, tree: Tree, directory: Path) -> Verification:
    """Whether each document in a directory is the one cited and holds each number at the lines cited."""
    result = Verification()
    texts: dict[str, list[str]] = {}
    for name, document in record.documents.items():
        lines = _open(name, document, tree, directory, result)
        if lines is not None:
            texts[name] = lines
    for place, fact in _places(record):
        _verify_fact(fact, place, texts, tree, result)
    return result


def _open(name: str, document: Document, tree: Tree, directory: Path, result: Verification) -> list[str] | None:
    place: Place = ("documents", name)
    if document.file is None:
        result.unread.append(name)
        return None
    path = directory / Path(document.file).name
    if not path.is_file():
        result.faults.append(
            tree.fault(
                (*place, "file"),
                "missing document",
                f"{document.file} is not in {directory}",
                "the document that the record cites",
            )
        )
        return None
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if document.sha256 is not None and digest != document.sha256:
        remedy = f"Its sha256 is {digest}. Find the version that was read, or check every line again."
        result.faults.append(
            tree.fault(
                (*place, "sha256"),
                "changed document",
                f"{document.file} is not the document that was read",
                f"sha256 {document.sha256}",
                remedy,
            )
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        result.unread.append(name)
        return None
    result.documents.append(name)
    return text.split("\n")


def _places(record: CaseRecord) -> Iterator[tuple[Place, Fact]]:
    for path, fact in record.facts():
        head, _, index = path.partition("[")
        yield ((head, int(index[:-1])) if index else tuple(path.split("."))), fact


def _verify_fact(fact: Fact, place: Place, texts: dict[str, list[str]], tree: Tree, result: Verification) -> None:
    readable = [source for source in fact.source if source.document in texts]
    if not readable:
        return
    result.facts += 1
    passages_at = {}
    for source in readable:
        lines = texts[source.document]
        if source.last is not None and source.last > len(lines):
            result.faults.append(
                tree.fault(
                    (*place, "source"),
                    "line outside",
                    f"{source.text}: the document has {len(lines)} lines",
                    f"lines 1 to {len(lines)}",
                )
            )
            continue
        passages_at[source] = _passage(source, lines)
        _verify_quote(source, place, passages_at[source], tree, result)
    whole = {source: repair("\n".join(texts[source.document])) for source in passages_at}
    printed = list(numbers_of(fact))
    for number in printed:
        _verify_number(number, place, passages_at, whole, tree, result)
    for source, passage in passages_at.items():
        if printed and not any(number_pattern(number.value).search(passage) for number in printed):
            found = " or ".join(number.text for number in printed)
            result.faults.append(
                tree.fault(
                    (*place, "source"),
                    "wrong line",
                    f"{source.text} does not hold {found}",
                    "lines that hold what the fact says",
                    _where(printed[0], texts[source.document]),
                )
            )


def _passage(source: Source, lines: list[str]) -> str:
    first, last = (source.first or 1), (source.last or len(lines))
    return repair("\n".join(lines[first - 1 : last]))


def _verify_quote(source: Source, place: Place, passage: str, tree: Tree, result: Verification) -> None:
    if source.quote is None:
        return
    wanted = " ".join(repair(source.quote).split())
    if not any(wanted in reading for reading in passages(passage)):
        result.faults.append(
            tree.fault(
                (*place, "source"),
                "quote not found",
                f"{source.text} does not hold the quote {wanted[:60]!r}",
                "the words of the document",
                "Copy the words again, or correct the lines.",
            )
        )


def _verify_number(
    number: Printed,
    place: Place,
    passages_at: dict[Source, str],
    whole: dict[Source, str],
    tree: Tree,
    result: Verification,
) -> None:
    pattern = number_pattern(number.value)
    holding = [passage for passage in passages_at.values() if pattern.search(passage)]
    if holding:
        result.numbers += 1
        if number.units and not any(has_unit(passage, number.units) for passage in holding):
            result.faults.append(
                tree.fault(
                    place,
                    "changed unit",
                    f"{number.text} stands there without this unit",
                    f"the unit {number.units[0]!r}",
                    "Look at the unit in the document.",
                )
            )
        return
    if not passages_at or any(pattern.search(text) for text in whole.values()):
        return
    cited = ", ".join(source.text for source in passages_at)
    result.faults.append(
        tree.fault(
            place,
            "changed number",
            f"{number.text} is nowhere in the document ({cited})",
            "a number of the document",
            "Read it again at those lines.",
        )
    )


def _where(number: Printed, lines: list[str]) -> str:
    pattern = number_pattern(number.value)
    found = [index + 1 for index, line in enumerate(lines) if pattern.search(repair(line))]
    return f"{number.text} stands on line {', '.join(map(str, found[:5]))}." if found else ""
