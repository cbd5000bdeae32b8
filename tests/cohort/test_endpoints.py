"""Endpoints of four patients whose ten days are written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from insulinoma.cohort.design import Endpoint
from insulinoma.cohort.endpoints import MEASURES, Outcome, Seen
from insulinoma.cohort.fate import Fate
from insulinoma.cohort.response import TumorResponse

NAN = float("nan")
LOW = [
    [1, 1, 0, 0, 0, 0, 1, 0, 0, 0],  # to the end, low on days 0, 1 and 6
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],  # never low
    [1, 1, 1, 0, 0, 1, 0, 0, 0, 0],  # dies in the middle of day 7
    [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],  # leaves at the end of day 3
]
DEXTROSE = [[50] * 4 + [0] * 6, [0] * 10, [50] * 10, [0] * 10]


def outcome(measure: str, **window: float) -> Outcome:
    low = 144.0 * np.array(LOW)
    table = {"minutes_below_54": low, "minutes_below_70": 2 * low, "dextrose_g": np.array(DEXTROSE, float)}
    table["glucose_mean"] = np.full(low.shape, 90.0)
    fate = Fate(np.array([10.0, 10.0, 7.5, 4.0]), np.array(["follow-up", "follow-up", "tumor", "dropout"]))
    response = TumorResponse(["PR", "NE", "SD", "CR"], np.zeros(4), np.array([np.inf, 5.0, np.inf, np.inf]))
    fasting = np.full(low.shape, NAN)
    fasting[:, [2, 6]] = [[60, 70], [80, 90], [50, 60], [40, 90]]
    endpoint = Endpoint.model_validate(
        {"name": "it", "measure": measure} | {name: f"{value} d" for name, value in window.items()}
    )
    return MEASURES[measure].of(Seen(table, fate, response, fasting), endpoint)


@pytest.mark.parametrize(
    ("measure", "window", "expected"),
    [
        ("time_below_54", {}, [3.0, 0.0, 100 * 4 / 70, 10.0]),
        ("time_below_70", {"from": 2}, [2.5, 0.0, 8.0, 20.0]),
        ("free_days", {}, [7, 10, 3, NAN]),
        ("free_days", {"to": 4}, [2, 4, 1, 0]),
        ("dextrose_free_days", {}, [6, 10, 0, NAN]),
        ("recist_response", {}, [1, NAN, 0, 1]),
        ("fasting_glucose", {}, [65, 85, 55, 40]),
        ("fasting_glucose", {"from": 5}, [70, 90, 60, NAN]),
    ],
)
def test_numbers(measure, window, expected) -> None:
    assert outcome(measure, **window).value == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("measure", "window", "times", "events"),
    [
        ("days_to_recurrence", {"from": 2}, [4, 8, 0, 0], ["hypoglycemia", "", "hypoglycemia", "hypoglycemia"]),
        ("days_to_recurrence", {"from": 6}, [0, 4, 1.5, NAN], ["hypoglycemia", "", "tumor", ""]),
        ("days_to_control", {"for": 3}, [5, 3, 7.5, 4], ["control", "control", "tumor", ""]),
        ("progression_free", {}, [10, 5, 7.5, 4], ["", "progression", "tumor", ""]),
        ("survival", {}, [10, 10, 7.5, 4], ["", "", "tumor", ""]),
    ],
)
def test_times_and_what_ended_them(measure, window, times, events) -> None:
    found = outcome(measure, **window)
    assert found.value == pytest.approx(times, nan_ok=True)
    assert [event for event, time in zip(found.event, times, strict=True) if not np.isnan(time)] == [
        event for event, time in zip(events, times, strict=True) if not np.isnan(time)
    ]


def test_every_measure_is_tried_here() -> None:
    tried = {item.args[1][index][0] for item in (*test_numbers.pytestmark, *test_times_and_what_ended_them.pytestmark)
             for index in range(len(item.args[1]))}  # fmt: skip
    assert tried == set(MEASURES)
