"""Plain tables: a column of times, a column of glucose that names its unit, and perhaps one of persons."""

from __future__ import annotations

from insulinoma.record.io.cgm.faults import FaultList
from insulinoma.record.io.cgm.header import cells, optional_column, tidy
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.text import find_delimiter, split_cells

NAME = "plain"
TIMES = ("time", "timestamp", "datetime", "date_time", "date time")
ELAPSED = ("time_min", "time_minutes", "minutes", "minute", "t_min")
GLUCOSE = {
    "glucose_mg_dl": "mg/dL",
    "glucose (mg/dl)": "mg/dL",
    "glucose_mmol_l": "mmol/L",
    "glucose (mmol/l)": "mmol/L",
    "gl": None,
    "glucose": None,
    "glucose_value": None,
}
SUBJECTS = ("id", "subject", "subject_id", "patient", "patient_id")
EXAMPLE = "'time,glucose_mg_dl' or 'time,glucose_mmol_l'"


def recognizes(line: str) -> bool:
    """Whether a line is the header of a plain table."""
    names = {tidy(part) for part in line.split(find_delimiter(line))}
    return bool(names & {*TIMES, *ELAPSED}) and bool(names & set(GLUCOSE))


def read(lines: list[str], header_at: int, faults: FaultList) -> RawTable:
    """All rows of the table; a blank glucose is a gap."""
    rows = split_cells(lines[header_at:], find_delimiter(lines[header_at]), faults, first=header_at + 1)
    header = rows[0][1] if rows else []
    time, minutes = optional_column(header, TIMES), optional_column(header, ELAPSED)
    name = next((name for name in GLUCOSE if optional_column(header, [name]) >= 0), "")
    glucose, subject = optional_column(header, [name]), optional_column(header, SUBJECTS)
    body = rows[1:]
    width = max(time if time >= 0 else minutes, glucose, subject) + 1
    for line, row in (pair for pair in body if len(pair[1]) < width):
        problem = f"the row has {len(row)} cells and the header {len(header)}"
        faults.add(line, "", "row", problem, "a time and a glucose in each row")
    stamps = cells(body, time if time >= 0 else minutes)
    return RawTable(
        vendor=NAME,
        unit=GLUCOSE.get(name),
        lines=[line for line, _ in body],
        stamps=stamps if time >= 0 else [],
        elapsed=[] if time >= 0 else stamps,
        cells=cells(body, glucose),
        subjects=cells(body, subject) if subject >= 0 else [],
    )
