"""A table of a trial's results: its caption, its columns with their meaning, and rows of numbers and names."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from io import StringIO
from typing import Any


@dataclass(frozen=True)
class NumberTable:
    """A table that is written as CSV in full precision; a number that does not exist is an empty cell."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def csv(self) -> str:
        """The table as CSV text.

        >>> NumberTable("", ("arm", "days"), (("early", float("nan")),)).csv()
        'arm,days\\nearly,\\n'
        """
        target = StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[_cell(value) for value in row] for row in self.rows])
        return target.getvalue()

    def json(self) -> list[dict[str, Any]]:
        """The rows as mappings, with None where a number does not exist."""
        return [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _cell(value: Any) -> Any:
    plain = _plain(value)
    return "" if plain is None else plain
