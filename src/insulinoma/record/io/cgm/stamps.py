"""Time stamps as files write them: ISO, day or month first, 12-hour clocks, or a time of day alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from insulinoma.record.io.cgm.faults import FaultList, shown

Seconds = NDArray[np.float64]

FIRST_YEAR, LAST_YEAR = 1950, 2100
EXPECTED = "a date and a time such as 2024-05-31 14:05"

_TIME = r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_ZONE = r"\s*(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<a>\d{{1,2}})(?P=sep)(?P<b>\d{{1,2}})[T ]\s*{_TIME}{_ZONE}", re.A
)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}),?[T ]\s*{_TIME}{_ZONE}",
    re.A,
)
_TIME_ONLY = re.compile(rf"\s*{_TIME}\s*", re.A)

_YEAR_FIRST_KIND, _YEAR_LAST_KIND, _TIME_KIND = 0, 1, 2


@dataclass(frozen=True, eq=False)
class ParsedStamps:
    """Stamps as fields: `year`, the two other numbers of the date, seconds of the day, offset from UTC.

    `kind` is 0 with the year first, 1 with the year last, 2 for a time of day, -1 for none of them;
    `offset` is in minutes and NaN where the stamp names no zone.
    """

    kind: NDArray[np.int8]
    year: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    seconds: Seconds
    offset: Seconds


def parse_stamps(texts: Sequence[str]) -> ParsedStamps:
    """The fields of each stamp.

    >>> parse_stamps(["2024-05-31 14:05", "31.05.2024 14:05"]).kind.tolist()
    [0, 1]
    """
    return _parse_iso(texts) or _parse_each(texts)


def _parse_iso(texts: Sequence[str]) -> ParsedStamps | None:
    """All stamps at once where every one is 'YYYY-MM-DD HH:MM' or, all alike, with ':SS' behind."""
    widths = set(map(len, texts))
    if len(widths) != 1 or not widths <= {16, 19}:
        return None
    codes = np.array(texts).view(np.uint32).reshape(len(texts), widths.pop())
    digits = codes.astype(np.int64) - ord("0")
    separators = [4, 7, 10, 13, *([16] if codes.shape[1] == 19 else [])]
    numbers = [column for column in range(codes.shape[1]) if column not in separators]
    if ((digits[:, numbers] < 0) | (digits[:, numbers] > 9)).any():
        return None
    if (codes[:, [4, 7]] != ord("-")).any() or (codes[:, separators[3:]] != ord(":")).any():
        return None
    if not np.isin(codes[:, 10], (ord(" "), ord("T"))).all():
        return None
    pair = digits[:, :-1] * 10 + digits[:, 1:]
    seconds = pair[:, 11] * 3600 + pair[:, 14] * 60 + (pair[:, 17] if codes.shape[1] == 19 else 0)
    good = (pair[:, 11] < 24) & (pair[:, 14] < 60) & (pair[:, 17] < 60 if codes.shape[1] == 19 else True)
    if not good.all():
        return None
    count = len(texts)
    return ParsedStamps(
        np.zeros(count, dtype=np.int8),
        pair[:, 0] * 100 + pair[:, 2],
        pair[:, 5],
        pair[:, 8],
        seconds.astype(np.float64),
        np.full(count, np.nan),
    )


def _parse_each(texts: Sequence[str]) -> ParsedStamps:
    count = len(texts)
    kind = np.full(count, -1, dtype=np.int8)
    year, first, second = (np.zeros(count, dtype=np.int64) for _ in range(3))
    seconds, offset = np.zeros(count), np.full(count, np.nan)
    for at, text in enumerate(texts):
        match, which = _match(text.strip())
        if match is None:
            continue
        clock = _clock(match)
        if clock is None:
            continue
        kind[at], seconds[at] = which, clock
        if which != _TIME_KIND:
            number = int(match["y"])
            year[at] = number if len(match["y"]) == 4 else 2000 + number
            first[at], second[at] = int(match["a"]), int(match["b"])
            offset[at] = _offset(match["zone"])
    return ParsedStamps(kind, year, first, second, seconds, offset)


def _match(text: str) -> tuple[re.Match[str] | None, int]:
    if len(text) <= 48:
        for which, pattern in enumerate((_YEAR_FIRST, _YEAR_LAST, _TIME_ONLY)):
            match = pattern.fullmatch(text)
            if match is not None:
                return match, which
    return None, -1


def _clock(match: re.Match[str]) -> float | None:
    hour, minute, second = int(match["h"]), int(match["mi"]), int(match["s"] or 0)
    half = (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour * 3600.0 + minute * 60 + second if hour < 24 and minute < 60 and second < 60 else None


def _offset(zone: str | None) -> float:
    if zone is None:
        return float("nan")
    if zone in "Zz":
        return 0.0
    sign = -1 if zone[0] == "-" else 1
    return float(sign * (int(zone[1:3]) * 60 + int(zone[-2:])))


def to_seconds(
    parsed: ParsedStamps,
    day_first: bool | NDArray[np.bool_],
    texts: Sequence[str],
    lines: Sequence[int],
    faults: FaultList,
) -> Seconds:
    """Local seconds since 1970 of dated stamps; a fault for each stamp that is no date or not of our time."""
    last = parsed.kind == _YEAR_LAST_KIND
    month = np.where(last & day_first, parsed.second, parsed.first)
    day = np.where(last & day_first, parsed.first, parsed.second)
    start, good = _month_starts(parsed.year, month, day)
    good &= parsed.kind >= 0
    for at in np.nonzero(~good)[0].tolist():
        dated = parsed.kind[at] in (_YEAR_FIRST_KIND, _YEAR_LAST_KIND)
        old = dated and not FIRST_YEAR <= parsed.year[at] <= LAST_YEAR
        reason = f"is not in the years {FIRST_YEAR} to {LAST_YEAR}" if old else "is not a date and a time"
        if parsed.kind[at] == _TIME_KIND:
            reason = "is a time of day without a date"
        faults.add(lines[at], "time", "time", f"{shown(texts[at])} {reason}", EXPECTED)
    return (start.astype(np.int64) + day - 1) * 86400.0 + parsed.seconds


def _month_starts(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    good = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    start = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - start).astype(np.int64)
    return start, good & (day <= length)
