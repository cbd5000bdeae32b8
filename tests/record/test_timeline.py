from __future__ import annotations

import contextlib
import datetime
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.record.timeline import NOWHERE, Span, TimeError, parse_when, resolve

EVENTS = {"tae-right": Span(12, 13, whole=False), "tae-left": Span(22, 23, whole=False), "day-case": NOWHERE}


def span(text: str, day_zero: datetime.date | None = None) -> Span:
    return resolve(parse_when(text), EVENTS.get, day_zero)


@pytest.mark.parametrize(
    ("text", "kind", "earliest", "latest", "whole"),
    [
        ("day 12", "point", 12, 13, False),
        ("day -3", "point", -3, -2, False),
        ("day 12 06:00", "point", 12.25, 12.25, False),
        ("days 13 to 61", "window", 13, 62, True),
        ("from day 13", "window", 13, inf, True),
        ("from 1 day after tae-right", "window", 13, inf, True),
        ("until day 5", "window", -inf, 6, True),
        ("after day 61", "moment", 62, inf, False),
        ("after tae-right", "moment", 13, inf, False),
        ("before tae-right", "moment", -inf, 12, False),
        ("between tae-right and tae-left", "moment", 13, 22, False),
        ("4 weeks after tae-right or tae-left", "one_of", 40, 51, False),
        ("day 40 or 50", "one_of", 40, 51, False),
        ("at tae-left", "point", 22, 23, False),
        ("2 days before tae-left", "point", 20, 21, False),
        ("unknown", "unknown", -inf, inf, False),
    ],
)
def test_every_form_of_time(text: str, kind: str, earliest: float, latest: float, whole: bool) -> None:
    assert parse_when(text).kind == kind
    assert span(text) == Span(earliest, latest, whole)


def test_dates_need_a_day_zero() -> None:
    assert span("2014-03-05") == NOWHERE
    assert span("2014-03-05", datetime.date(2014, 3, 1)) == Span(4, 5, whole=False)


@pytest.mark.parametrize(
    "text", ["tuesday", "day twelve", "2014-02-30", "day 12 25:00", "", "days 3", "12-13", "at", "soon after"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(TimeError):
        parse_when(text)


@given(st.integers(-400, 4000), st.integers(0, 400))
def test_a_window_covers_its_last_day(first: int, length: int) -> None:
    window = span(f"days {first} to {first + length}")
    assert (window.earliest, window.latest) == (first, first + length + 1)


@given(st.text(max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    with contextlib.suppress(TimeError):
        parse_when(text)
