"""Reads a CGM export: which format it is, what its cells say, and one series of readings a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.quantities import analyte, join_or
from insulinoma.record.io.cgm import carelink, dexcom, libreview, nightscout, plain
from insulinoma.record.io.cgm.clock import Times, read_times
from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.header import HEADER_WITHIN
from insulinoma.record.io.cgm.readings import CgmOptions, CgmReadings, Floats, RawTable
from insulinoma.record.io.cgm.text import MOST_READINGS, read_text, split_lines, too_many
from insulinoma.record.io.cgm.values import DEFAULT_LIMITS, MG_DL, censor, parse_values

_TABLES: tuple[ModuleType, ...] = (dexcom, libreview, carelink, plain)
VENDORS = ("dexcom", "libreview", "carelink", "nightscout", "plain")
_DAY = 86400.0


def read_cgm(path: Path | str, options: CgmOptions | None = None) -> CgmReadings:
    """The readings of a file with one person; UsageError if it holds several."""
    found = read_cgm_persons(path, options)
    if len(found) > 1:
        raise UsageError(f"{str(path)!r} holds {len(found)} persons. Expected one: use read_cgm_persons.")
    return found[0]


def read_cgm_persons(path: Path | str, options: CgmOptions | None = None) -> tuple[CgmReadings, ...]:
    """The readings of each person of a Dexcom, LibreView, CareLink, Nightscout or plain export.

    InputError with every fault of the file; UsageError for a missing file or an unknown option.
    """
    chosen = options or CgmOptions()
    if chosen.vendor is not None and chosen.vendor not in VENDORS:
        hint = did_you_mean(chosen.vendor, VENDORS)
        raise UsageError(f"{chosen.vendor!r} is not a format. Expected {join_or(list(VENDORS))}. {hint}".strip())
    faults = FaultList(str(path))
    text = read_text(Path(path), faults)
    faults.raise_if_any()
    table = _table(text, chosen, faults)
    if table is None or not table.lines:
        if not len(faults):
            faults.add(
                0,
                "",
                "empty",
                "the file has no glucose reading",
                "at least one row with a time and a glucose",
            )
        faults.raise_if_any()
        raise AssertionError
    unit, notes = _unit(table, chosen)
    values, codes = parse_values(table, unit, faults)
    times = read_times(table, chosen, faults)
    faults.raise_if_any()
    present = np.isfinite(values)
    if not present.any():
        faults.add(0, "", "empty", "every glucose of the file is blank", "at least one reading")
        faults.raise_if_any()
    notes = (*table.notes, *notes, *times.notes)
    return tuple(
        _person(table, str(path), subject, unit, (values, codes), times, mask & present, notes)
        for subject, mask in _persons(table, present)
    )


def _table(text: str, options: CgmOptions, faults: FaultList) -> RawTable | None:
    if options.vendor == nightscout.NAME or (options.vendor is None and nightscout.recognizes(text)):
        return nightscout.read(text, faults)
    if max(text.count("\n"), text.count("\r")) > MOST_READINGS:
        too_many(faults)
        return None
    lines = split_lines(text)
    readers = [module for module in _TABLES if options.vendor in (None, module.NAME)]
    for module in readers:
        for at, line in enumerate(lines[:HEADER_WITHIN]):
            if len(line) < 20_000 and module.recognizes(line):
                table: RawTable = module.read(lines, at, faults)
                return table
    if not lines:
        faults.add(0, "", "empty", "the file is empty", "a CGM export or a table in CSV")
        return None
    known = options.vendor or "Dexcom Clarity, LibreView, CareLink, Nightscout or plain CSV"
    problem = (
        f"none of the first {min(len(lines), HEADER_WITHIN)} lines is the header of {known} (line 1: {shown(lines[0])})"
    )
    remedy = "Export in English, or name the columns of a plain table so."
    faults.add(1, "header", "format", problem, f"a header such as {plain.EXAMPLE}", remedy)
    return None


def _unit(table: RawTable, options: CgmOptions) -> tuple[str, tuple[str, ...]]:
    if options.unit is not None:
        unit = analyte("glucose").unit(options.unit).symbol
        if unit not in DEFAULT_LIMITS:
            raise UsageError(f"{options.unit!r} is not a unit of CGM files. Expected mg/dL or mmol/L.")
        if table.unit not in (None, unit):
            return unit, (f"Glucose was read as {unit}, as told; the file says {table.unit}.",)
        return unit, ()
    if table.unit is not None:
        return table.unit, ()
    return MG_DL, ("The header names no unit: glucose was read as mg/dL. Say --unit mmol/L if it is not.",)


def _persons(table: RawTable, present: NDArray[np.bool_]) -> list[tuple[str, NDArray[np.bool_]]]:
    if not table.subjects:
        return [("", np.ones(len(table.lines), dtype=np.bool_))]
    names = np.array(table.subjects)
    in_order = list(dict.fromkeys(name for name, kept in zip(table.subjects, present, strict=True) if kept))
    return [(name, names == name) for name in in_order]


def _person(
    table: RawTable,
    file: str,
    subject: str,
    unit: str,
    parsed: tuple[Floats, NDArray[np.int8]],
    times: Times,
    mask: NDArray[np.bool_],
    notes: tuple[str, ...],
) -> CgmReadings:
    at = np.nonzero(mask)[0]
    at = at[np.argsort(times.true[at], kind="stable")]
    at, repeated = _without_duplicates(at, times.true, parsed[0])
    values, codes, true, local = parsed[0][at], parsed[1][at], times.true[at], times.local[at]
    limits = table.limits if table.unit in (None, unit) else None
    below, above, floor, ceiling = censor(values, codes, unit, limits)
    midnight = np.floor(local[0] / _DAY) * _DAY if times.dated else 0.0
    start = datetime(1970, 1, 1) + timedelta(seconds=float(local[0])) if times.dated else None
    if floor is not None and below.any():
        values = np.where(below, floor, values)
    if ceiling is not None and above.any():
        values = np.where(above, ceiling, values)
    return CgmReadings(
        file=file,
        vendor=table.vendor,
        subject=subject,
        unit=unit,
        start=start,
        minutes=(true - true[0]) / 60.0,
        clock=(local - midnight) / 60.0,
        values=values,
        below=below,
        above=above,
        session=_sessions(table, at),
        floor=floor,
        ceiling=ceiling,
        notes=(*notes, *repeated),
    )


def _without_duplicates(
    at: NDArray[np.int64], true: Floats, values: Floats
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Keeps the first reading of each time; a note counts the others, and those that differ."""
    same = np.concatenate(([False], np.diff(true[at]) == 0))
    count = int(np.count_nonzero(same))
    if not count:
        return at, ()
    first = np.maximum.accumulate(np.where(same, 0, np.arange(len(at))))
    differ = int(np.count_nonzero(values[at] != values[at[first]]))
    tail = f", {differ} of them with another glucose" if differ else ""
    return at[~same], (f"{count} readings repeat the time of an earlier row and were left out{tail}.",)


def _sessions(table: RawTable, at: NDArray[np.int64]) -> NDArray[np.int64]:
    if not table.sessions:
        return np.zeros(len(at), dtype=np.int64)
    names = np.array(table.sessions)[at]
    changed = np.concatenate(([0], (names[1:] != names[:-1]).astype(np.int64)))
    return np.cumsum(changed, dtype=np.int64)
