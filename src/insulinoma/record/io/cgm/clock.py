"""From the stamps of a file to elapsed time and the local clock: zones, daylight saving, order, duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from insulinoma.errors import UsageError
from insulinoma.record.io.cgm.dating import DAY, local_seconds
from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.readings import CgmOptions, RawTable
from insulinoma.record.io.cgm.stamps import FIRST_YEAR, LAST_YEAR, Seconds, parse_stamps

_EPOCH = datetime(1970, 1, 1)
_EARLIEST = (datetime(FIRST_YEAR, 1, 1) - _EPOCH).total_seconds()
_LATEST = (datetime(LAST_YEAR, 1, 1) - _EPOCH).total_seconds()


@dataclass(frozen=True, eq=False)
class Times:
    """For each reading seconds of true time (`true`) and of the local clock (`local`), and whether it has a date."""

    true: Seconds
    local: Seconds
    dated: bool
    notes: tuple[str, ...]


def read_times(table: RawTable, options: CgmOptions, faults: FaultList) -> Times:
    """The times of a table's readings; one fault for each stamp that cannot be understood."""
    zone = _zone(options.timezone)
    if table.elapsed:
        return _elapsed(table, faults)
    if table.epochs is not None and table.offsets is not None:
        return _of_epochs(table.epochs, table.offsets, table.lines, zone, faults)
    parsed = parse_stamps(table.stamps)
    local, note = local_seconds(table, parsed, options, faults)
    notes = (note,) if note else ()
    if len(faults):
        return Times(local, local, True, notes)
    named = np.isfinite(parsed.offset)
    if named.all():
        return _with_offsets(local - parsed.offset * 60, parsed.offset, zone, notes)
    if named.any():
        for at in np.nonzero(~named)[0].tolist():
            problem = f"{shown(table.stamps[at])} names no time zone and other rows do"
            faults.add(table.lines[at], "time", "zone", problem, "a zone in every row or in none")
        return Times(local, local, True, notes)
    if zone is not None:
        return _in_zone(local, zone, notes)
    return Times(local, local, True, (*notes, *_set_back(local, table.lines)))


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except Exception as error:
        raise UsageError(f"{name!r} is not a time zone. Expected a name such as Europe/Berlin or UTC.") from error


def _elapsed(table: RawTable, faults: FaultList) -> Times:
    seconds = np.zeros(len(table.elapsed))
    for at, text in enumerate(table.elapsed):
        try:
            seconds[at] = float(text) * 60
        except ValueError:
            seconds[at] = np.nan
        if not abs(seconds[at]) < 1e10:
            faults.add(
                table.lines[at],
                "time",
                "time",
                f"{shown(text)} is not a time in minutes",
                "a number of minutes",
            )
    return Times(seconds, seconds, False, ())


def _of_epochs(epochs: Seconds, offsets: Seconds, lines: list[int], zone: ZoneInfo | None, faults: FaultList) -> Times:
    true = np.where(np.abs(epochs) < 1e11, epochs, epochs / 1000.0)
    good = (true >= _EARLIEST) & (true < _LATEST)
    for at in np.nonzero(~good)[0].tolist():
        problem = f"date {epochs[at]:g} is not in the years {FIRST_YEAR} to {LAST_YEAR}"
        faults.add(lines[at], "date", "time", problem, "milliseconds since 1970")
    if len(faults):
        return Times(true, true, True, ())
    known = np.isfinite(offsets)
    notes: tuple[str, ...] = ()
    if zone is None and not known.all():
        notes = (
            "Readings without an offset from UTC are shown on the clock of UTC: give --timezone for the local one.",
        )
    return _with_offsets(true, np.where(known, offsets, 0.0), zone, notes)


def _with_offsets(true: Seconds, offsets: Seconds, zone: ZoneInfo | None, notes: tuple[str, ...]) -> Times:
    if zone is not None:
        return Times(true, true + _utc_offsets(true, zone), True, notes)
    if len(offsets) and not offsets.any() and not notes:
        notes = ("The stamps are in UTC: give --timezone to see the local clock.",)
    return Times(true, true + offsets * 60, True, notes)


def _utc_offsets(true: Seconds, zone: ZoneInfo) -> Seconds:
    """Offsets from UTC in seconds; looked up once a quarter of an hour, the grain of all zones."""
    quarters, inverse = np.unique(np.floor(true / 900), return_inverse=True)
    stamps = (_EPOCH.replace(tzinfo=UTC) + timedelta(seconds=float(quarter) * 900) for quarter in quarters)
    found = [(stamp.astimezone(zone).utcoffset() or timedelta()).total_seconds() for stamp in stamps]
    return np.array(found, dtype=np.float64)[inverse]


def _in_zone(local: Seconds, zone: ZoneInfo, notes: tuple[str, ...]) -> Times:
    """True time of a local clock: the second pass through a repeated hour follows from the order of the rows."""
    earlier, later = _offset_of_local(local, zone, fold=0), _offset_of_local(local, zone, fold=1)
    repeated, missing = earlier > later, earlier < later
    order = np.arange(len(local))
    if len(local) and local[-1] < local[0]:
        order = order[::-1]
    offset = earlier.copy()
    second, previous = False, -np.inf
    for at in order[repeated[order]].tolist():
        second = (second or local[at] < previous) if local[at] - previous < DAY else False
        previous = local[at]
        offset[at] = later[at] if second else earlier[at]
    if repeated.any():
        notes = (
            *notes,
            f"{int(repeated.sum())} readings fall in an hour that the clock of {zone.key} shows twice.",
        )
    if missing.any():
        notes = (
            *notes,
            f"{int(missing.sum())} readings fall in an hour that the clock of {zone.key} leaves out.",
        )
    true = local - offset
    return Times(true, true + _utc_offsets(true, zone), True, notes)


def _offset_of_local(local: Seconds, zone: ZoneInfo, *, fold: int) -> Seconds:
    quarters, inverse = np.unique(np.floor(local / 900), return_inverse=True)
    found = []
    for quarter in quarters:
        stamp = (_EPOCH + timedelta(seconds=float(quarter) * 900)).replace(tzinfo=zone, fold=fold)
        found.append((stamp.utcoffset() or timedelta()).total_seconds())
    return np.array(found, dtype=np.float64)[inverse]


def _set_back(local: Seconds, lines: list[int]) -> tuple[str, ...]:
    """A note where the clock of rows in order goes back by about an hour: daylight saving without a zone."""
    steps = np.diff(local)
    if len(steps) and np.median(steps) < 0:
        return ()
    back: NDArray[np.int64] = np.nonzero((steps < -1500) & (steps > -7200))[0]
    if not len(back):
        return ()
    note = (
        f"The clock goes back by {-steps[back[0]] / 60:.0f} min at line {lines[int(back[0]) + 1]}: if that is the end "
        "of daylight saving, give --timezone; without it the readings were put in the order of the clock."
    )
    return (note,)
