"""Finding the header line of a table and its columns."""

from __future__ import annotations

from collections.abc import Sequence

from insulinoma.errors import did_you_mean
from insulinoma.quantities import join_or
from insulinoma.record.io.cgm.faults import FaultList

HEADER_WITHIN = 60


def tidy(cell: str) -> str:
    """A header cell without quotes, outer blanks and case.

    >>> tidy(' "Event Type" ')
    'event type'
    """
    return cell.strip().strip('"').strip().casefold()


def column(header: Sequence[str], names: Sequence[str], line: int, faults: FaultList) -> int:
    """The place of the first column with one of the names; -1 and a fault if there is none."""
    folded = [tidy(cell) for cell in header]
    for name in names:
        if name.casefold() in folded:
            return folded.index(name.casefold())
    expected = f"a column {join_or([repr(name) for name in names])}"
    problem = f"the table has no column {names[0]!r}"
    faults.add(line, "header", "column", problem, expected, did_you_mean(names[0], [cell for cell in folded if cell]))
    return -1


def optional_column(header: Sequence[str], names: Sequence[str]) -> int:
    """The place of the first column with one of the names, -1 if there is none."""
    folded = [tidy(cell) for cell in header]
    return next((folded.index(name.casefold()) for name in names if name.casefold() in folded), -1)


def cell(row: Sequence[str], at: int) -> str:
    """A cell of a row, stripped; empty where the row is too short or the column is not there."""
    return row[at].strip() if 0 <= at < len(row) else ""


def cells(rows: Sequence[tuple[int, Sequence[str]]], at: int) -> list[str]:
    """One cell of every row, as `cell` gives it.

    >>> cells([(1, ["a ", "b"]), (2, ["c"])], 1)
    ['b', '']
    """
    try:
        return [row[at].strip() for _, row in rows] if at >= 0 else [""] * len(rows)
    except IndexError:
        return [cell(row, at) for _, row in rows]


def unit_columns(header: Sequence[str], stem: str, line: int, faults: FaultList) -> tuple[str, int]:
    """The unit and the place of the column `stem` that names its unit, as in 'Glucose Value (mg/dL)'."""
    for unit in ("mg/dL", "mmol/L"):
        at = optional_column(header, [stem.format(unit=unit), stem.format(unit=unit.replace("L", "l"))])
        if at >= 0:
            return unit, at
    return "mg/dL", column(header, [stem.format(unit=unit) for unit in ("mg/dL", "mmol/L")], line, faults)
