"""A record in the making: its valid parts, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.schema import SCHEMA, SECTIONS, CaseRecord, Fact
from insulinoma.record.tree import Place, Tree


@dataclass
class Draft:
    """The valid parts of a record that may have faults elsewhere.

    `named` holds the ids of faulty items too, so that one fault does not bring others after it;
    `documents` likewise.
    """

    tree: Tree
    items: dict[str, list[tuple[Place, Any]]] = field(default_factory=lambda: {section: [] for section in SECTIONS})
    named: dict[str, list[Place]] = field(default_factory=dict)
    head: CaseRecord | None = None

    def note_name(self, item: Any, place: Place) -> None:
        """Remembers the id of an item, valid or not."""
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            self.named.setdefault(item["id"], []).append((*place, "id"))

    def add(self, section: str, place: Place, item: Any) -> None:
        """Takes a valid item of a section."""
        self.items[section].append((place, item))

    @property
    def documents(self) -> set[str]:
        """Names of the documents that the file declares, in whatever state."""
        declared = self.tree.data.get("documents")
        return set(declared) if isinstance(declared, dict) else set()

    def facts(self) -> Iterator[tuple[Place, Fact]]:
        """Every valid fact with its place."""
        if self.head is not None:
            for name in ("age", "sex"):
                fact = getattr(self.head.patient, name)
                if fact is not None:
                    yield ("patient", name), fact
        for items in self.items.values():
            yield from ((place, item) for place, item in items if isinstance(item, Fact))

    def record(self) -> CaseRecord:
        """The record of all valid parts; a stand-in head where the head has faults."""
        head = self.head or CaseRecord.model_validate(
            {"schema": SCHEMA, "id": "unread", "title": "unread", "documents": {}}
        )
        return head.model_copy(update={name: tuple(item for _, item in items) for name, items in self.items.items()})

    def fault(self, place: Place, kind: str, problem: str, expected: str, remedy: str = "") -> Fault:
        """A fault at a place of the file."""
        return self.tree.fault(place, kind, problem, expected, remedy)
