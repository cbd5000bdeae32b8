"""Dexcom Clarity exports: about ten rows of settings without a time, then one row for each event."""

from __future__ import annotations

from insulinoma.record.io.cgm.faults import FaultList
from insulinoma.record.io.cgm.header import cell, cells, column, optional_column, tidy, unit_columns
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.text import find_delimiter, split_cells
from insulinoma.record.io.cgm.values import DEFAULT_LIMITS

NAME = "dexcom"
_STAMP = "timestamp (yyyy-mm-ddthh:mm:ss)"


def recognizes(line: str) -> bool:
    """Whether a line is the header of a Clarity export."""
    folded = line.casefold()
    return "event type" in folded and "glucose value (" in folded


def read(lines: list[str], header_at: int, faults: FaultList) -> RawTable:
    """The estimated glucose values (EGV) of an export; other events are left out."""
    number = header_at + 1
    delimiter = find_delimiter(lines[header_at])
    rows = split_cells(lines[header_at:], delimiter, faults, first=number)
    header = rows[0][1] if rows else []
    stamp = optional_column(header, [_STAMP])
    if stamp < 0:
        stamp = next((at for at, name in enumerate(header) if tidy(name).startswith("timestamp")), -1)
    if stamp < 0:
        column(header, ["Timestamp (YYYY-MM-DDThh:mm:ss)"], number, faults)
    event = column(header, ["Event Type"], number, faults)
    unit, glucose = unit_columns(header, "Glucose Value ({unit})", number, faults)
    transmitter = optional_column(header, ["Transmitter ID"])
    kept = [(line, row) for line, row in rows[1:] if cell(row, event).casefold() == "egv"]
    return RawTable(
        vendor=NAME,
        unit=unit,
        lines=[line for line, _ in kept],
        stamps=cells(kept, stamp),
        cells=cells(kept, glucose),
        sessions=cells(kept, transmitter) if transmitter >= 0 else [],
        limits=DEFAULT_LIMITS[unit],
        blank_is_gap=False,
    )
