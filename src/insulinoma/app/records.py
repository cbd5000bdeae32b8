"""The records that the app can open: those that ship, and those that were uploaded."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from insulinoma.app.problems import NotFoundError
from insulinoma.app.workspace import Workspace
from insulinoma.errors import InputError, UsageError
from insulinoma.record.io.formats import not_read
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import read_case, shipped_cases
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import NotRead, Tree
from insulinoma.record.validate import build_record, validate

_DEEPEST = 20


@dataclass(frozen=True)
class Opened:
    """A record that is open: under which id, from which file, its text as YAML, and the tree of that."""

    id: str
    file: str
    text: str
    tree: Tree
    record: CaseRecord


class Records:
    """The records of a workspace by id; an id says nothing of the patient."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def all(self) -> list[dict[str, Any]]:
        """Every record: id, title, file, whether it ships, and when it was added (seconds since 1970)."""
        shipped = [_listed(_shipped(name), shipped=True, added=None) for name in shipped_cases()]
        rows = self.workspace.rows("SELECT id, file, record, added FROM records ORDER BY added DESC")
        own = [_listed(_parsed(row["id"], row["file"], row["record"]), False, row["added"]) for row in rows]
        return [*shipped, *own]

    def open(self, name: str) -> Opened:
        """The record of an id; NotFoundError where there is none."""
        if name in shipped_cases():
            return _shipped(name)
        rows = self.workspace.rows("SELECT id, file, record FROM records WHERE id = ?", name)
        if not rows:
            raise NotFoundError("There is no record under this id.")
        return _parsed(rows[0]["id"], rows[0]["file"], rows[0]["record"])

    def add(self, tree: Tree) -> tuple[Opened, list[NotRead]]:
        """Keeps the record of a tree; returns it with what of a foreign file was not read.

        InputError with all faults when it has any; then nothing is kept.
        """
        record = build_record(tree)
        text = write_yaml(plain(record))
        name = f"r-{secrets.token_hex(8)}"
        self.workspace.write("INSERT INTO records VALUES (?, ?, ?, ?)", name, tree.file, text, time.time())
        return _parsed(name, tree.file, text), not_read(tree, record)

    def remove(self, name: str) -> None:
        """Removes an uploaded record; NotFoundError where there is none, and for those that ship."""
        if not self.workspace.write("DELETE FROM records WHERE id = ?", name):
            raise NotFoundError("There is no uploaded record under this id.")


def _listed(opened: Opened, shipped: bool, added: float | None) -> dict[str, Any]:
    return {
        "id": opened.id,
        "title": opened.record.title,
        "file": opened.file,
        "shipped": shipped,
        "added": added,
    }


@lru_cache(maxsize=32)
def _shipped(name: str) -> Opened:
    from insulinoma.data import read_text

    tree = read_case(name)
    return Opened(name, tree.file, read_text("cases", f"{name}.yaml"), tree, build_record(tree))


@lru_cache(maxsize=32)
def _parsed(name: str, file: str, text: str) -> Opened:
    tree = parse_yaml(text, file)
    return Opened(name, file, text, tree, build_record(tree))


def draft(data: dict[str, Any]) -> dict[str, Any]:
    """A record that is being written: its text as YAML, and the result of checking that text."""
    from insulinoma.record.checked import check_result

    text = write_yaml(_filled(data) or {})
    tree = parse_yaml(text, "record.yaml")
    try:
        record, faults = validate(tree)
    except InputError as error:
        record, faults = None, error.faults
    return {"text": text, **check_result(tree.file, record, faults, [])}


def _filled(value: Any, depth: int = 0) -> Any:
    """The parts of a form that were filled in; an empty field is absent, not empty."""
    if depth > _DEEPEST:
        raise UsageError(f"The record is nested too deeply. Expected at most {_DEEPEST} levels.")
    if isinstance(value, dict):
        kept = {_text(str(key)): _filled(item, depth + 1) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [item for item in (_filled(part, depth + 1) for part in value) if item is not None] or None
    if isinstance(value, str):
        return _text(value) if value.strip() else None
    return value


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UsageError("A text holds characters that are not Unicode.") from error
    return value
