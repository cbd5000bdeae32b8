"""Nightscout entries in JSON: an array, an object that holds one, or one object a line."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from typing import Any

import numpy as np

from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.readings import RawTable
from insulinoma.record.io.cgm.stamps import parse_stamps
from insulinoma.record.io.cgm.text import MOST_READINGS, too_many
from insulinoma.record.io.cgm.values import DEFAULT_LIMITS

NAME = "nightscout"
HIGHEST_ERROR_CODE = 12
_BLANK = " \t\r\n"
_ARRAYS = ("entries", "result", "sgvs", "data")


def recognizes(text: str) -> bool:
    """Whether a text begins like JSON."""
    return text.lstrip(_BLANK)[:1] in ("[", "{")


def read(text: str, faults: FaultList) -> RawTable:
    """The sensor glucose (sgv) of an export, in mg/dL as Nightscout keeps it; other entries are left out."""
    entries = _entries(text, faults)
    lines: list[int] = []
    cells: list[str] = []
    epochs: list[float] = []
    offsets: list[float] = []
    errors = 0
    for line, entry in entries:
        if not isinstance(entry, dict):
            faults.add(line, "", "entry", f"an entry is a {type(entry).__name__}", "an object with date and sgv")
            continue
        if entry.get("type", "sgv") != "sgv":
            continue
        value, epoch = _number(entry.get("sgv")), _epoch(entry)
        if value is None:
            faults.add(line, "sgv", "glucose", f"{shown(repr(entry.get('sgv')))} is not a glucose", "a number in mg/dL")
            continue
        if epoch is None:
            problem = f"date {shown(repr(entry.get('date')))} is not a time"
            faults.add(line, "date", "time", problem, "milliseconds since 1970, or a dateString with a zone")
            continue
        if 0 <= value <= HIGHEST_ERROR_CODE:
            errors += 1
            continue
        lines.append(line)
        cells.append(repr(min(max(value, 40), 400)) if value in (38, 39, 401) else repr(value))
        epochs.append(epoch)
        offsets.append(_offset(entry))
    notes = (f"Entries with a sensor error code instead of a glucose were left out: {errors}.",) if errors else ()
    return RawTable(
        vendor=NAME,
        unit="mg/dL",
        lines=lines,
        cells=cells,
        epochs=np.array(epochs, dtype=np.float64),
        offsets=np.array(offsets, dtype=np.float64),
        limits=DEFAULT_LIMITS["mg/dL"],
        notes=notes,
    )


def _entries(text: str, faults: FaultList) -> list[tuple[int, Any]]:
    """The entries with the lines on which they begin."""
    breaks = [found.start() for found in re.finditer("\n", text)]
    position = _skip(text, 0)
    in_array = text[position : position + 1] == "["
    position = _skip(text, position + 1) if in_array else position
    decoder = json.JSONDecoder()
    found: list[tuple[int, Any]] = []
    while position < len(text) and text[position] != "]":
        line = bisect_right(breaks, position - 1) + 1
        try:
            entry, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            _json_fault(error, line, faults)
            return found
        found.append((line, entry))
        if len(found) > MOST_READINGS:
            too_many(faults)
            return []
        position = _skip(text, position)
        if in_array and text[position : position + 1] not in (",", "]"):
            where = bisect_right(breaks, position - 1) + 1
            problem = "the file ends inside the array" if position >= len(text) else "entries are not apart by commas"
            faults.add(where, "", "json", problem, "a whole JSON array", "Export or copy the file anew.")
            return found
        position = _skip(text, position + 1) if text[position : position + 1] == "," else position
    if in_array and position >= len(text):
        faults.add(len(breaks) + 1, "", "json", "the file ends inside the array", "a whole JSON array")
    elif in_array and _skip(text, position + 1) < len(text):
        faults.add(bisect_right(breaks, position) + 1, "", "json", "text follows the array", "nothing behind it")
    return _unwrapped(found)


def _unwrapped(found: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    if len(found) == 1 and isinstance(found[0][1], dict):
        for name in _ARRAYS:
            if isinstance(found[0][1].get(name), list):
                return [(0, entry) for entry in found[0][1][name]]
    return found


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANK:
        position += 1
    return position


def _json_fault(error: Exception, line: int, faults: FaultList) -> None:
    if isinstance(error, json.JSONDecodeError):
        faults.add(error.lineno, "", "json", f"the text is not JSON here ({error.msg})", "whole, valid JSON")
    elif isinstance(error, RecursionError):
        faults.add(line, "", "json", "the objects are nested too deeply", "a flat list of entries")
    else:
        faults.add(line, "", "json", "a number is too long", "numbers of a few digits")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 1e9 else None


def _epoch(entry: dict[str, Any]) -> float | None:
    """Milliseconds since 1970 from `date`, else from `dateString` if that names its zone."""
    value = entry.get("date", entry.get("mills"))
    if isinstance(value, dict):
        value = value.get("$numberLong", value.get("$date"))
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e17:
        return float(value) if math.isfinite(value) else None
    text = entry.get("dateString")
    if value is not None or not isinstance(text, str):
        return None
    return _epoch_of_text(text)


def _epoch_of_text(text: str) -> float | None:
    parsed = parse_stamps([text])
    if parsed.kind[0] != 0 or not math.isfinite(parsed.offset[0]):
        return None
    try:
        day = np.datetime64(f"{parsed.year[0]:04d}-{parsed.first[0]:02d}-{parsed.second[0]:02d}").astype(np.int64)
    except ValueError:
        return None
    return float(day * 86400 + parsed.seconds[0] - parsed.offset[0] * 60) * 1000


def _offset(entry: dict[str, Any]) -> float:
    """Minutes from UTC of the local clock: `utcOffset`, else that of `dateString`; NaN where neither tells."""
    value = _number(entry.get("utcOffset"))
    if value:
        return value if abs(value) <= 15 * 60 else math.nan
    text = entry.get("dateString")
    if isinstance(text, str) and text[-1:] not in ("Z", "z"):
        return float(parse_stamps([text]).offset[0])
    return math.nan
