"""Checks of meaning: what form alone does not catch."""

from __future__ import annotations

from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.schema import SECTIONS, CaseRecord
from insulinoma.record.tree import Place, Tree


class Draft:
    """The valid parts of a record that may have faults elsewhere, each with its place in the file."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.items: dict[str, list[tuple[Place, Any]]] = {section: [] for section in SECTIONS}
        self.ids: dict[str, list[Place]] = {}
        self.head: Any = None

    def note_id(self, name: str, place: Place) -> None:
        """Remembers an id, of a faulty item too, so that one fault does not make others."""
        self.ids.setdefault(name, []).append(place)

    def add(self, section: str, place: Place, item: Any) -> None:
        """Takes a valid item."""
        self.items[section].append((place, item))

    def take_head(self, head: Any, data: dict[str, Any]) -> None:
        """Takes the part of the record outside the lists, or as much of it as is valid."""
        self.head = head

    def record(self) -> CaseRecord:
        """The whole record; call it only when there are no faults."""
        sections = {section: tuple(item for _, item in items) for section, items in self.items.items()}
        return self.head.model_copy(update=sections)  # type: ignore[no-any-return]


def problems(draft: Draft) -> list[Fault]:
    """Every fault of meaning in the valid parts of a draft."""
    return []
