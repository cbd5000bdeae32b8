"""Files that ship with the package, read by the room that owns them."""

from __future__ import annotations

import csv
from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(*parts: str) -> Traversable:
    """The shipped file at a path below `insulinoma/data`."""
    return files(__name__).joinpath(*parts)


def read_text(*parts: str) -> str:
    """The text of a shipped file."""
    return resource(*parts).read_text(encoding="utf-8")


def read_table(*parts: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV table, cells stripped, one dictionary a row.

    >>> read_table("vocabulary", "analytes.csv")[0]["name"]
    'glucose'
    """
    lines = [line for line in read_text(*parts).splitlines() if line and not line.startswith("#")]
    return [{key: (cell or "").strip() for key, cell in row.items()} for row in csv.DictReader(lines)]
