"""Medtronic CareLink exports: a head, then sections between dashed lines, each with its own header."""

from __future__ import annotations

from insulinoma.record.io.cgm.faults import FaultList
from insulinoma.record.io.cgm.header import cell, column, optional_column, tidy, unit_columns
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.text import find_delimiter, split_cells
from insulinoma.record.io.cgm.values import DEFAULT_LIMITS

NAME = "carelink"
_NEW_SENSOR = ("warm", "init")


def recognizes(line: str) -> bool:
    """Whether a line is the header of a section with sensor glucose."""
    folded = line.casefold()
    return "index" in folded and "sensor glucose (" in folded


def read(lines: list[str], header_at: int, faults: FaultList) -> RawTable:
    """The sensor glucose of all sections; rows of pump events are left out."""
    rows = split_cells(lines[header_at:], find_delimiter(lines[header_at]), faults, first=header_at + 1)
    units: set[str] = set()
    table = RawTable(NAME, None, [], [])
    places: tuple[int, int, int, int] | None = None
    sensor = 0
    for line, row in rows:
        if recognizes(",".join(row)):
            unit, places = _places(row, line, faults)
            units.add(unit)
        elif "-----" in row[0]:
            places = None
        elif places is not None and tidy(cell(row, 0)) != "index":
            date, time, glucose, exception = places
            sensor += any(word in cell(row, exception).casefold() for word in _NEW_SENSOR)
            if cell(row, glucose):
                _keep(table, line, f"{cell(row, date)} {cell(row, time)}", cell(row, glucose), sensor)
    table.unit = units.pop() if len(units) == 1 else None
    if units and table.unit is None:
        faults.add(header_at + 1, "header", "unit", "sections give glucose in two units", "one unit in a file")
    table.limits = DEFAULT_LIMITS[table.unit or "mg/dL"]
    return table


def _places(header: list[str], line: int, faults: FaultList) -> tuple[str, tuple[int, int, int, int]]:
    unit, glucose = unit_columns(header, "Sensor Glucose ({unit})", line, faults)
    date, time = column(header, ["Date"], line, faults), column(header, ["Time"], line, faults)
    return unit, (date, time, glucose, optional_column(header, ["Sensor Exception"]))


def _keep(table: RawTable, line: int, stamp: str, glucose: str, sensor: int) -> None:
    table.lines.append(line)
    table.stamps.append(stamp)
    table.cells.append(glucose)
    table.sessions.append(str(sensor))
