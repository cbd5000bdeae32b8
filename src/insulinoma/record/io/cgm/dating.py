"""What a file leaves open about its dates: the order of day and month, and dates that are not there."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.readings import CgmOptions, RawTable
from insulinoma.record.io.cgm.stamps import ParsedStamps, Seconds, parse_stamps, to_seconds

DAY = 86400.0
ORDER_REMEDY = "Say the order with --day-first or --month-first."
SMALLEST_ROLL_OVER = 2 * 3600.0
_CONTINUOUS_DAYS = 2.0


def local_seconds(table: RawTable, parsed: ParsedStamps, options: CgmOptions, faults: FaultList) -> tuple[Seconds, str]:
    """Local seconds since 1970 of every reading, and a note on what was inferred or given to get them."""
    time_only = parsed.kind == 2
    if len(time_only) and bool(time_only.all()):
        return _dated(table, parsed, options.start_date, faults)
    day_first, note = _order(table, parsed, options, faults)
    return to_seconds(parsed, day_first, table.stamps, table.lines, faults), note


def _dated(table: RawTable, parsed: ParsedStamps, start: date | None, faults: FaultList) -> tuple[Seconds, str]:
    if start is None:
        faults.add(
            table.lines[0],
            "time",
            "time-only",
            f"the stamps are times of day without a date ({shown(table.stamps[0])} and {len(table.stamps) - 1} more)",
            "a date and a time in each row",
            "Give the date of the first row with --start-date YYYY-MM-DD; each pass of midnight begins the next day.",
        )
        return parsed.seconds, ""
    falls = np.diff(parsed.seconds)
    for at in np.nonzero((falls < 0) & (falls > -SMALLEST_ROLL_OVER))[0].tolist():
        problem = f"{shown(table.stamps[at + 1])} comes {-falls[at] / 60:.0f} min before the row above it"
        faults.add(table.lines[at + 1], "time", "order", problem, "times that increase, or pass midnight")
    days = np.concatenate(([0], np.cumsum(falls < 0)))
    first = (start - date(1970, 1, 1)).days
    note = (
        f"The rows have no dates: the first was dated {start.isoformat()} on request, {int(days[-1])} more days follow."
    )
    return (first + days) * DAY + parsed.seconds, note


def _order(
    table: RawTable, parsed: ParsedStamps, options: CgmOptions, faults: FaultList
) -> tuple[bool | NDArray[np.bool_], str]:
    """Whether the day comes first in dates with the year last (for each row if they differ), and a note if inferred."""
    last = parsed.kind == 1
    if not last.any():
        return True, ""
    first_says, second_says = parsed.first[last] > 12, parsed.second[last] > 12
    if options.day_first is not None:
        return options.day_first, ""
    if first_says.any() and second_says.any():
        for way, mask in (("day", first_says), ("month", second_says)):
            at = int(np.nonzero(last)[0][np.nonzero(mask)[0][0]])
            problem = f"{shown(_stamp(table, at))} has the {way} first and other rows do not"
            faults.add(table.lines[at], "time", "day-month", problem, "one order of day and month in a file")
        return parsed.first > 12, ""
    if first_says.any() or second_says.any():
        at = int(np.nonzero(last)[0][np.argmax(first_says | second_says)])
        return bool(first_says.any()), _inferred(bool(first_says.any()), f"{shown(_stamp(table, at))} leaves no other")
    return _order_without_proof(table, parsed, faults)


def _order_without_proof(table: RawTable, parsed: ParsedStamps, faults: FaultList) -> tuple[bool, str]:
    hints = parse_stamps(table.dated_hints)
    for at in np.nonzero(hints.kind == 1)[0].tolist():
        if (hints.first[at] > 12) != (hints.second[at] > 12):
            day_first = bool(hints.first[at] > 12)
            return day_first, _inferred(day_first, f"{shown(table.dated_hints[at])} in the header leaves no other")
    widest = {way: _widest_gap(table, parsed, day_first=way) for way in (True, False)}
    if min(widest.values()) <= _CONTINUOUS_DAYS < max(widest.values()):
        day_first = widest[True] < widest[False]
        return day_first, _inferred(day_first, f"the other order leaves gaps of {max(widest.values()):.0f} days")
    at = int(np.argmax(parsed.kind == 1))
    if bool((parsed.first == parsed.second)[parsed.kind == 1].all()):
        return True, ""
    problem = f"{shown(_stamp(table, at))} can be read with the day or with the month first, and no row decides it"
    faults.add(table.lines[at], "time", "day-month", problem, "an order of day and month", ORDER_REMEDY)
    return True, ""


def _widest_gap(table: RawTable, parsed: ParsedStamps, *, day_first: bool) -> float:
    nobody = FaultList("")
    seconds = to_seconds(parsed, day_first, table.stamps, table.lines, nobody)
    return float(np.diff(np.sort(seconds)).max()) / DAY if len(seconds) > 1 and not len(nobody) else float("inf")


def _stamp(table: RawTable, at: int) -> str:
    return table.stamps[at]


def _inferred(day_first: bool, why: str) -> str:
    return f"The {'day' if day_first else 'month'} was taken to come first in dates: {why}."
