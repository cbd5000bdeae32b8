"""Tables from rows in pieces are those of all rows at once, and their memory does not grow with the trial."""

from __future__ import annotations

import math
import pickle
import weakref
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import polars
import pytest

from insulinoma.cohort.analysis.collect import Collected, collected
from insulinoma.cohort.analysis.contrast import time_contrast
from insulinoma.cohort.analysis.frame import endpoint_named
from insulinoma.cohort.analysis.results import results
from insulinoma.cohort.analysis.survival import aalen_johansen, kaplan_meier, logrank, restricted_mean
from insulinoma.cohort.analysis.tally import Grid, Moments, Tally
from insulinoma.cohort.design import Trial
from insulinoma.cohort.rows import piece_rows
from insulinoma.cohort.trial_file import read_trial
from tests.cohort.toy import toy_batch

SIZE = 48


def pieces(rows: polars.DataFrame, size: int) -> Callable[[Sequence[str]], Iterator[polars.DataFrame]]:
    """The rows in pieces of so many patients."""

    def frames(columns: Sequence[str]) -> Iterator[polars.DataFrame]:
        for first in range(0, int(rows["patient"].max()) + 1, size):
            part = rows.filter(polars.col("patient").is_between(first, first + size - 1))
            yield part.select([name for name in columns if name in part.columns])

    return frames


@pytest.mark.parametrize("name", ["embolization-timing", "chemotherapy-after-embolization"])
def test_tables_from_pieces_are_those_of_the_whole(name) -> None:
    trial, population = read_trial(name)
    trial = trial.changed(size=SIZE, follow_up=40.0, real_sizes=(10,))
    rows = piece_rows(trial, population, range(SIZE), toy_batch)
    whole, parts = (results(trial, pieces(rows, size)).tables for size in (SIZE, 5))
    assert set(whole) == set(parts)
    for table in whole:
        assert whole[table].columns == parts[table].columns
        for one, other in zip(whole[table].rows, parts[table].rows, strict=True):
            numbers = [[value for value in row if not isinstance(value, str)] for row in (one, other)]
            assert [value for value in one if isinstance(value, str)] == [
                value for value in other if isinstance(value, str)
            ]
            assert numbers[0] == pytest.approx(numbers[1], rel=1e-9, abs=1e-12, nan_ok=True)


def test_moments_of_groups_add_up_to_those_of_all() -> None:
    values = np.random.default_rng(1).lognormal(3, 2, 1000)
    parts = sum((Moments.of(part) for part in np.split(values, [0, 1, 17, 600])), Moments())
    assert parts.mean == pytest.approx(values.mean(), rel=1e-12)
    assert parts.sd == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert math.isnan(Moments.of(values[:1]).sd)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.77, 1.0])
def test_quantiles_of_a_grid_are_those_of_its_values(share) -> None:
    values = np.round(np.random.default_rng(2).exponential(9, 101), 1)
    parts = sum((Tally.of(part, np.full(len(part), "")) for part in np.split(values, [30, 70])), Tally())
    assert parts.grid.quantile(share) == pytest.approx(np.quantile(values, share), abs=1e-9)
    assert len(parts.grid.value) < 101


def test_curves_of_counted_patients_are_those_of_patients_one_by_one() -> None:
    random = np.random.default_rng(3)
    time, cause = np.ceil(random.exponential(12, 400)), random.choice(["", "death", "relapse"], 400)
    grid, second = Grid.of(time, cause), np.arange(400) % 2 == 0
    codes = np.where(cause == "", 0, np.where(cause == "death", 1, 2))
    one, other = kaplan_meier(time, cause != ""), kaplan_meier(grid.value, grid.cause != "", grid.count)
    np.testing.assert_array_equal(one.at_risk, other.at_risk)
    np.testing.assert_allclose(one.low, other.low, rtol=1e-12)
    ours = aalen_johansen(grid.value, grid.codes(grid.causes), 2, grid.count)
    np.testing.assert_allclose(aalen_johansen(time, codes, 2).high, ours.high, rtol=1e-12)
    mean = restricted_mean(grid.value, grid.cause != "", 20.0, grid.count)
    np.testing.assert_allclose(
        restricted_mean(time, cause != "", 20.0).influence(time, cause != ""), mean.influence(time, cause != "")
    )
    halves = [Grid.of(time[rows], cause[rows]) for rows in (~second, second)]
    value, counted, count = (
        np.concatenate([getattr(half, name) for half in halves]) for name in ("value", "cause", "count")
    )
    group = np.arange(len(value)) >= len(halves[0].value)
    assert logrank(value, counted != "", group, count) == pytest.approx(logrank(time, cause != "", second), rel=1e-12)


def test_an_arm_in_which_all_have_the_event_at_once_is_compared_over_the_whole_time() -> None:
    endpoint = endpoint_named(read_trial("embolization-timing")[0], "recurrence")
    at_once = Grid.of(np.zeros(9), np.full(9, "hypoglycemia"))
    later = Grid.of(np.array([10.0, 30.0, 80.0]), np.array(["hypoglycemia", "hypoglycemia", ""]))
    found = time_contrast(endpoint, at_once, later, 60.0).made()
    assert (found.first, found.second, found.until) == (0.0, pytest.approx((10 + 30 + 60) / 3), 60.0)
    assert time_contrast(endpoint, at_once, later, 100.0).made().until == 80.0


@pytest.fixture(scope="module")
def many() -> tuple[Trial, polars.DataFrame]:
    trial, population = read_trial("one-lobe-or-two")
    trial = trial.changed(follow_up=10.0, real_sizes=(10,))
    return trial, piece_rows(trial, population, range(200), toy_batch)


def analyzed(trial: Trial, rows: polars.DataFrame, count: int) -> tuple[Collected, int, int]:
    """What is kept of so many pieces, how many pieces were alive at most, and the bytes of all counts."""
    alive: list[weakref.ref[polars.DataFrame]] = []
    most = 0

    def frames(columns: Sequence[str]) -> Iterator[polars.DataFrame]:
        nonlocal most
        for number in range(count):
            frame = rows.select(columns).with_columns(patient=polars.col("patient") + 200 * number)
            alive.append(weakref.ref(frame))
            yield frame
            del frame
            most = max(most, sum(one() is not None for one in alive))

    known = collected(trial, frames)
    return known, most, len(pickle.dumps((dict(known.tallies), dict(known.pairs))))


def test_memory_does_not_grow_with_the_patients(many, monkeypatch) -> None:
    """Pieces beyond those whom pictures show are let go, and counts of sixteen times as many take the same room."""
    monkeypatch.setattr("insulinoma.cohort.analysis.collect.SHOWN", 800)
    (few, alive, size), (lots, alive_of_lots, size_of_lots) = (analyzed(*many, count) for count in (8, 128))
    assert few.arms["one-lobe"]["patients"] == 8 * 200
    assert lots.arms["one-lobe"]["patients"] == 128 * 200
    assert alive == alive_of_lots <= 7
    assert size_of_lots < 1.05 * size
