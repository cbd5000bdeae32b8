"""LibreView exports: a line about the export, a header, then historic readings (0), scans (1) and notes."""

from __future__ import annotations

from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.header import cell, cells, column, optional_column, unit_columns
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.text import find_delimiter, split_cells
from insulinoma.record.io.cgm.values import LIBRE_LIMITS

NAME = "libreview"
HISTORIC, SCAN = "0", "1"


def recognizes(line: str) -> bool:
    """Whether a line is the header of a LibreView export."""
    folded = line.casefold()
    return "device timestamp" in folded and "record type" in folded


def read(lines: list[str], header_at: int, faults: FaultList) -> RawTable:
    """The historic readings of an export, every 5 or 15 minutes; its scans only where there is nothing else."""
    number = header_at + 1
    rows = split_cells(lines[header_at:], find_delimiter(lines[header_at]), faults, first=number)
    header = rows[0][1] if rows else []
    stamp, kind = (column(header, [name], number, faults) for name in ("Device Timestamp", "Record Type"))
    unit, historic = unit_columns(header, "Historic Glucose {unit}", number, faults)
    scan = optional_column(header, [f"Scan Glucose {unit}"])
    known = []
    for line, row in rows[1:]:
        if not cell(row, kind).isdigit():
            problem = f"record type {shown(cell(row, kind))} is not a number"
            faults.add(
                line,
                "Record Type",
                "record-type",
                problem,
                "0 for historic readings, 1 for scans, or another",
            )
            continue
        known.append((line, row))
    kept = [(line, row) for line, row in known if cell(row, kind) == HISTORIC]
    scans = [(line, row) for line, row in known if cell(row, kind) == SCAN] if scan >= 0 else []
    notes: tuple[str, ...] = ()
    if kept and scans:
        notes = (f"{len(scans)} scans were left out: they repeat the historic readings at chosen times.",)
    elif scans:
        kept, historic = scans, scan
        notes = ("The file has no historic readings: the scans were read, at the times that the wearer chose.",)
    return RawTable(
        vendor=NAME,
        unit=unit,
        lines=[line for line, _ in kept],
        stamps=cells(kept, stamp),
        cells=cells(kept, historic),
        limits=LIBRE_LIMITS[unit],
        dated_hints=_hints(lines[:header_at]),
        blank_is_gap=False,
        notes=notes,
    )


def _hints(lines: list[str]) -> tuple[str, ...]:
    """The stamps of the line about the export ('Generated on'), written in the order of the others."""
    texts = [part.strip().strip('"').removesuffix("UTC").strip() for line in lines for part in line.split(",")]
    return tuple(text for text in texts if text[:1].isdigit())
