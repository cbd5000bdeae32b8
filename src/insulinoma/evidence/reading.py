"""Rows of a table read with their line numbers; what cannot be read becomes a fault, and reading goes on."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from insulinoma.errors import Fault, did_you_mean

_YEARS = range(1900, 2101)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


@dataclass
class Faults:
    """The faults found so far, in all tables."""

    found: list[Fault] = field(default_factory=list)

    def add(self, where: tuple[str, int], path: str, problem: str, expected: str, remedy: str = "") -> None:
        """Notes one fault at (file, line)."""
        self.found.append(Fault(where[0], where[1], path, "evidence", problem, expected, remedy))


class Row:
    """One row of a table: cells by column name, read as the kind that is asked for."""

    def __init__(self, file: str, line: int, cells: dict[str, str], faults: Faults) -> None:
        self.where = (file, line)
        self._cells = cells
        self._faults = faults

    def fault(self, column: str, problem: str, expected: str, remedy: str = "") -> None:
        """Notes a fault of a cell of this row."""
        self._faults.add(self.where, column, problem, expected, remedy)

    def text(self, column: str, *, required: bool = False) -> str:
        """The cell as text."""
        cell = self._cells.get(column, "")
        if required and not cell:
            self.fault(column, "the cell is empty", "a text")
        return cell

    def choice(self, column: str, allowed: Iterable[str], *, required: bool = True) -> str:
        """The cell, which must be one of the allowed words."""
        cell, words = self.text(column, required=required), tuple(allowed)
        if cell and cell not in words:
            shown = ", ".join(words) if len(words) <= 12 else f"one of {len(words)} known names"
            self.fault(column, f"{cell!r} is not known", shown, did_you_mean(cell, words))
        return cell

    def names(self, column: str, *, separator: str = ";") -> tuple[str, ...]:
        """The cell as a list of names."""
        parts = (part.strip() for part in self.text(column).split(separator))
        return tuple(part for part in parts if part)

    def number(self, column: str) -> float | None:
        """The cell as a plain decimal number, None when empty."""
        cell = self.text(column)
        if not cell:
            return None
        if not _NUMBER.fullmatch(cell):
            self.fault(column, f"{cell!r} is not a number", "a decimal number with a point, or nothing")
            return None
        return float(cell)

    def whole(self, column: str) -> int | None:
        """The cell as a whole number of 0 or more, None when empty."""
        cell = self.text(column)
        if not cell:
            return None
        if not re.fullmatch(r"[0-9]+", cell):
            self.fault(column, f"{cell!r} is not a whole number", "a whole number of 0 or more, or nothing")
            return None
        return int(cell)

    def year(self, column: str) -> int | None:
        """The cell as a year, None when it says `unknown`."""
        cell = self.text(column, required=True)
        if cell in ("", "unknown"):
            return None
        if not re.fullmatch(r"[0-9]{4}", cell) or int(cell) not in _YEARS:
            self.fault(column, f"{cell!r} is not a year", "a year of four digits, or 'unknown'")
            return None
        return int(cell)


def read_rows(directory: Traversable | Path, name: str, columns: Iterable[str], faults: Faults) -> list[Row]:
    """The rows of `name`.csv in a directory; a missing file or column is a fault."""
    file, expected = f"{name}.csv", tuple(columns)
    try:
        content = (directory / file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.add((file, 0), "", f"the table cannot be read ({type(error).__name__})", "a CSV table in UTF-8")
        return []
    reader = csv.DictReader(io.StringIO(content))
    header = tuple(reader.fieldnames or ())
    if set(header) != set(expected):
        odd = sorted(set(header) ^ set(expected))
        faults.add((file, 1), "", f"missing or unknown columns: {', '.join(odd)}", ", ".join(expected))
        return []
    return [_row(file, reader.line_num, cells, faults) for cells in reader]


def _row(file: str, line: int, cells: dict[str | None, str | None], faults: Faults) -> Row:
    if None in cells:
        faults.add((file, line), "", "the row has more cells than columns", "one cell a column (quote commas)")
    kept = {key: (cell or "").strip() for key, cell in cells.items() if key is not None}
    return Row(file, line, kept, faults)
