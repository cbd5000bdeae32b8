"""Dates of foreign files as times of a record."""

from __future__ import annotations

import datetime
import re
from typing import Any

from insulinoma.record.timeline import TimeError, When, parse_when

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:[T ](?P<clock>\d{2}:\d{2}))?)?)?")


def stated_time(start: Any, end: Any, *, stretch: bool = False) -> When | None:
    """The time that one or two dates state, None where they state none that a record can hold.

    >>> stated_time("2013-01", None).text
    'between 2012-12-31 and 2013-02-01'
    """
    first, last = _point(start), _point(end)
    if not stretch:
        text = first or _month_or_year(start)
    else:
        first, last = first or _edge(start, 0), last or _edge(end, 1)
        text = (
            f"{first} to {last}" if first and last else f"from {first}" if first else f"until {last}" if last else None
        )
    try:
        return parse_when(text) if text else None
    except TimeError:
        return None


def birth_fault(when: When, birth: str) -> tuple[str, str, str] | None:
    """Problem, expectation and remedy when a time lies before the date of birth, else None."""
    found = _DATE.match(birth)
    if found is None or not found["day"]:
        return None
    for point in when.points:
        if point is not None and point.date is not None and point.date.isoformat() < found[0][:10]:
            problem = f"{when.text!r} is before the birth of the patient ({found[0][:10]})"
            return problem, "a time after birth", "Look at both dates in the source."
    return None


def _point(text: Any) -> str | None:
    found = _DATE.match(text) if isinstance(text, str) else None
    if found is None or not found["day"]:
        return None
    day = f"{found['year']}-{found['month']}-{found['day']}"
    return f"{day} {found['clock']}" if found["clock"] else day


def _month_or_year(text: Any) -> str | None:
    """A month or a year as a moment somewhere inside it."""
    bounds = _bounds(text)
    if bounds is None:
        return None
    before, after = bounds[0] - datetime.timedelta(days=1), bounds[1] + datetime.timedelta(days=1)
    return f"between {before.isoformat()} and {after.isoformat()}"


def _edge(text: Any, which: int) -> str | None:
    bounds = _bounds(text)
    return bounds[which].isoformat() if bounds else None


def _bounds(text: Any) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day of a month or year."""
    found = _DATE.match(text) if isinstance(text, str) else None
    if found is None or found["day"]:
        return None
    year, month = int(found["year"]), int(found["month"] or 1)
    months = 1 if found["month"] else 12
    try:
        first = datetime.date(year, month, 1)
        after = datetime.date(year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
        return first, after - datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        return None
