"""Day-relative time on a calendar: one convention for every format that knows only dates.

Day 0 of a record is its `clock.day_zero_date`, or 1900-01-01 when the source gives none; then every
date is marked as synthetic. The words of the source travel beside the dates and are what is read back.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import isfinite

from insulinoma.record.schema import CaseRecord, Timed
from insulinoma.record.timeline import Span, When

ORIGIN = datetime.date(1900, 1, 1)
Moment = datetime.datetime


@dataclass(frozen=True)
class Stretch:
    """A stretch of calendar time, half-open; None where an end is open. `start == end` is an instant."""

    start: Moment | None
    end: Moment | None

    @property
    def whole_day(self) -> datetime.date | None:
        """The day, when the stretch is exactly one."""
        if self.start is None or self.end is None or self.start.time() != datetime.time():
            return None
        return self.start.date() if self.end - self.start == datetime.timedelta(days=1) else None


class Calendar:
    """The days of one record as dates."""

    def __init__(self, record: CaseRecord) -> None:
        dated = any(
            point is not None and point.date is not None
            for _, fact in record.facts()
            if isinstance(fact, Timed)
            for _, when in fact.times()
            for point in when.points
        )
        day_zero = record.clock.day_zero_date
        self.synthetic = day_zero is None and not dated
        self.origin = day_zero or ORIGIN
        clock = record.clock.model_copy(update={"day_zero_date": self.origin})
        self._record = record.model_copy(update={"clock": clock})

    def of_fact(self, fact: Timed) -> Stretch | None:
        """The stretch of a fact, or None when nothing is known of its time."""
        return self._stretch(self._record.span_of(fact))

    def of(self, when: When) -> Stretch | None:
        """The stretch of a stated time, or None when nothing is known."""
        return self._stretch(self._record.span(when))

    def _stretch(self, span: Span) -> Stretch | None:
        start, end = self._moment(span.earliest), self._moment(span.latest)
        if start is None and end is None:
            return None
        return Stretch(start, end)

    def _moment(self, day: float) -> Moment | None:
        if not isfinite(day):
            return None
        seconds = round(day * 86400)
        try:
            start = Moment.combine(self.origin, datetime.time(), datetime.UTC)
            moment = start + datetime.timedelta(seconds=seconds)
        except OverflowError:
            return None
        return moment if moment.year > 1 else None


def timestamp(moment: Moment) -> str:
    """An instant as RFC 3339 text in UTC.

    >>> timestamp(Moment(1900, 1, 13, 8, 30, tzinfo=datetime.UTC))
    '1900-01-13T08:30:00Z'
    """
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
