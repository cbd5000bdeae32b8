"""Plain tables: a column of times, a column of glucose that names its unit, and perhaps one of persons."""

from __future__ import annotations

from insulinoma.record.io.cgm.faults import FaultList
from insulinoma.record.io.cgm.header import cells, optional_column, tidy
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.text import find_delimiter, split_cells, split_columns

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
    delimiter = find_delimiter(lines[header_at])
    header = next(iter(split_cells(lines[header_at : header_at + 1], delimiter, faults)), (0, [""]))[1]
    time, minutes = optional_column(header, TIMES), optional_column(header, ELAPSED)
    name = next((name for name in GLUCOSE if optional_column(header, [name]) >= 0), "")
    places = [time if time >= 0 else minutes, optional_column(header, [name]), optional_column(header, SUBJECTS)]
    numbers, (stamps, glucose, subjects) = _columns(lines, header_at + 1, delimiter, places, faults)
    return RawTable(
        vendor=NAME,
        unit=GLUCOSE.get(name),
        lines=numbers,
        stamps=stamps if time >= 0 else [],
        elapsed=[] if time >= 0 else stamps,
        cells=glucose,
        subjects=[subject.strip() for subject in subjects],
    )


def _columns(
    lines: list[str], first: int, delimiter: str, places: list[int], faults: FaultList
) -> tuple[list[int], list[list[str]]]:
    """The line numbers and the columns at `places` of the rows from index `first` on; no column where it is -1."""
    body = lines[first:]
    columns = split_columns(body, delimiter)
    if columns is not None and len(columns) > max(places):
        return list(range(first + 1, len(lines) + 1)), [columns[at] if at >= 0 else [] for at in places]
    rows = split_cells(body, delimiter, faults, first=first + 1)
    for line, row in rows:
        if len(row) <= max(places):
            problem = f"the row has {len(row)} cells and needs {max(places) + 1}"
            faults.add(line, "", "row", problem, "a time and a glucose in each row")
    return [line for line, _ in rows], [cells(rows, at) if at >= 0 else [] for at in places]
