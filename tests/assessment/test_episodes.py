from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from insulinoma.assessment.glucose.episodes import Episodes, hypoglycemia_episodes
from insulinoma.assessment.glucose.series import GlucoseSeries


def found(
    glucose: Sequence[float],
    *,
    step: float = 5,
    first: float | None = None,
    unit: str = "mg/dL",
    inclusive: bool = False,
) -> Episodes:
    times = np.arange(len(glucose)) * step + (step if first is None else first)
    episodes = hypoglycemia_episodes(GlucoseSeries.from_arrays(times, glucose, unit=unit), inclusive=inclusive)
    assert episodes is not None
    return episodes


def counts(episodes: Episodes) -> tuple[int, int, int, int]:
    kinds = ("level1", "level1_exclusive", "level2", "extended")
    a, b, c, d = (episodes.summary(kind).count for kind in kinds)
    return a, b, c, d


OK = [100.0] * 40


@pytest.mark.parametrize(("minutes", "expected"), [(14, 0), (15, 1), (16, 1)])
def test_an_episode_needs_fifteen_minutes(minutes: int, expected: int) -> None:
    assert found([*OK, *[65.0] * minutes, *OK], step=1).summary("level1").count == expected


@pytest.mark.parametrize(("minutes", "expected"), [(119, 0), (120, 0), (121, 1)])
def test_extended_needs_more_than_120_minutes(minutes: int, expected: int) -> None:
    assert found([*OK, *[65.0] * minutes, *OK], step=1).summary("extended").count == expected


@pytest.mark.parametrize(("readings", "expected"), [(24, 0), (25, 1)])
def test_extended_at_five_minutes(readings: int, expected: int) -> None:
    assert found([*OK, *[65.0] * readings, *OK]).summary("extended").count == expected


def test_extended_minutes_are_consecutive() -> None:
    assert counts(found([*OK, *[65.0] * 20, 80, 80, *[65.0] * 20, *OK])) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("value", "expected"), [(70.0, (0, 0, 0, 0)), (69.9, (1, 1, 0, 0)), (54.0, (1, 1, 0, 0)), (53.9, (1, 0, 1, 0))]
)
def test_values_equal_to_a_cut_off_are_not_below_it(value: float, expected: tuple[int, int, int, int]) -> None:
    assert counts(found([*OK, *[value] * 5, *OK])) == expected


@pytest.mark.parametrize(("value", "expected"), [(70.0, (1, 1, 0, 0)), (54.0, (1, 0, 1, 0)), (70.1, (0, 0, 0, 0))])
def test_inclusive_counts_them(value: float, expected: tuple[int, int, int, int]) -> None:
    assert counts(found([*OK, *[value] * 5, *OK], inclusive=True)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(3.9, (0, 0, 0, 0)), (3.89, (1, 1, 0, 0)), (3.0, (1, 1, 0, 0)), (2.99, (1, 0, 1, 0))]
)
def test_millimoles_are_compared_as_millimoles(value: float, expected: tuple[int, int, int, int]) -> None:
    assert counts(found([*[6.0] * 40, *[value] * 5, *[6.0] * 40], unit="mmol/L")) == expected


def test_a_rise_shorter_than_fifteen_minutes_does_not_end_an_episode() -> None:
    two = found([*OK, *[60.0] * 3, 90, 90, *[60.0] * 3, *OK])
    assert [episode.minutes for episode in two.level1] == [40.0]
    three = found([*OK, *[60.0] * 3, 90, 90, 90, *[60.0] * 3, *OK])
    assert [episode.minutes for episode in three.level1] == [15.0, 15.0]


def test_several_level2_episodes_lie_in_one_level1_episode() -> None:
    episodes = found([*OK, *[50.0] * 4, *[60.0] * 4, *[50.0] * 4, *OK])
    assert counts(episodes) == (1, 0, 2, 0)


def test_a_gap_above_45_minutes_ends_an_episode_and_starts_none() -> None:
    times = np.array([5.0 * at for at in range(1, 21)] + [100.0 + 50 + 5 * at for at in range(20)])
    glucose = np.array([100.0] * 16 + [60.0] * 4 + [60.0] * 2 + [100.0] * 18)
    episodes = hypoglycemia_episodes(GlucoseSeries.from_arrays(times, glucose))
    assert episodes is not None
    assert [(one.minutes, one.ended_by) for one in episodes.level1] == [(20.0, "gap")]


def test_a_gap_up_to_45_minutes_is_bridged() -> None:
    times = np.array([5.0 * at for at in range(1, 21)] + [100.0 + 45 + 5 * at for at in range(20)])
    glucose = np.array([100.0] * 16 + [60.0] * 4 + [60.0] * 2 + [100.0] * 18)
    episodes = hypoglycemia_episodes(GlucoseSeries.from_arrays(times, glucose))
    assert episodes is not None
    assert [(one.minutes, one.ended_by) for one in episodes.level1] == [(70.0, "recovery")]


def test_an_end_that_was_not_seen_is_the_last_reading() -> None:
    assert [(one.minutes, one.ended_by) for one in found([*OK, *[60.0] * 3, 90, 90]).level1] == [(25.0, "end of data")]


def test_low_from_the_first_reading_at_midnight() -> None:
    assert found([60.0, 60, 60, *OK], first=0).summary("level1").count == 1


def test_a_reading_every_fifteen_minutes_stands_for_fifteen() -> None:
    episodes = found([*OK, 60.0, *OK], step=15)
    assert [one.minutes for one in episodes.level1] == [15.0]
    assert hypoglycemia_episodes(GlucoseSeries.from_arrays([0, 30, 60], [50, 50, 50])) is None


def test_rates_rest_on_recorded_time() -> None:
    day = [*[100.0] * 100, *[60.0] * 6, *[100.0] * 182]
    times = np.concatenate((np.arange(1, 289), np.arange(1, 289) + 288 * 10)) * 5.0
    episodes = hypoglycemia_episodes(GlucoseSeries.from_arrays(times, day * 2))
    assert episodes is not None
    assert episodes.recorded_days == pytest.approx(2.0)
    assert episodes.summary("level1").per_week == pytest.approx(7.0)


def test_lows_that_fall_and_rise_at_once_in_the_night_are_suspected_compression() -> None:
    glucose = [*[95.0] * 20, *[55.0] * 6, *[95.0] * 20]
    episodes = found(glucose, first=60)
    assert episodes.level1[0].compression_suspected
    assert not found(glucose, first=12 * 60).level1[0].compression_suspected
