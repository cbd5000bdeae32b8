from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from insulinoma.calibrate.identifiability import Movement, correlations, expected_information, movements
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Scores

READ = {"first": 2.0, "second": -2.0}
# Shares of the variance that facts of different strength take from the one coordinate that each reads.
GONE = np.array([0.98, 0.9, 0.8, 0.6, 0.4, 0.2])


def moved(z: np.ndarray, residuals: np.ndarray, facts: tuple[str, ...], effective: float) -> list[Movement]:
    each = -0.5 * residuals**2
    scores = Scores(each, each.sum(axis=1), residuals, residuals, residuals)
    return movements(z, scores, facts, np.full(z.shape[1], effective))


def test_a_parameter_is_moved_by_the_fact_that_reads_it_and_by_no_other() -> None:
    # Each of two coordinates is read once with the error of its prior; nothing tells of the third.
    values = np.array(list(READ.values()))
    z = np.random.default_rng(3).standard_normal((20_000, 3))
    z[:, :2] = values / 2 + z[:, :2] * 0.5**0.5
    one, other, third = moved(z, z[:, :2] - values, tuple(READ), len(z))
    for found, fact in ((one, "first"), (other, "second")):
        assert found.moved
        assert found.contraction == pytest.approx(0.5, abs=0.03)
        assert [name for name, _ in found.by] == [fact]
        assert found.by[0][1] == pytest.approx(np.hypot(1.0, 1 - 0.5**0.5), rel=0.2)
    assert not third.moved
    assert not third.by


def test_facts_are_named_of_parameters_that_they_do_not_touch_in_one_calibration_of_20() -> None:
    names = tuple(map(str, range(len(GONE))))
    wrong, right, replicates = 0, 0, 40
    for replicate in range(replicates):
        random = np.random.default_rng(replicate)
        z = random.standard_normal((600, 40))
        # As after importance sampling: a third of the draws stand twice.
        z = z[np.concatenate([np.arange(600), np.arange(200)])]
        residuals = random.standard_normal(len(GONE)) + z[:, : len(GONE)] * np.sqrt(GONE)
        z[:, : len(GONE)] *= np.sqrt(1 - GONE)
        found = moved(z, residuals, names, 800**2 / (400 + 200 * 4))
        right += sum(name in dict(found[row].by) for row, name in enumerate(names[:5]))
        wrong += any(name != str(row) for row, item in enumerate(found) for name, _ in item.by)
    assert wrong <= stats.binom.ppf(0.999, replicates, 0.05)
    assert right > 0.95 * 5 * replicates


def test_a_parameter_that_moved_may_hang_on_one_that_did_not() -> None:
    z = np.random.default_rng(5).standard_normal((4000, 4))
    z[:, 1] = -0.8 * z[:, 0] + 0.6 * z[:, 1]
    z[:, 3] = z[:, 2]
    ((first, second, value),) = correlations(z, ("b", "a", "c", "d"), np.array([False, True, False, False]))
    assert {first, second} == {"a", "b"}
    assert value == pytest.approx(-0.8, abs=0.03)


def test_a_measurement_tells_what_normal_theory_says() -> None:
    predicted = np.exp(noise(0, 3, (2000,)))
    for sd in (0.2, 0.5, 2.0):
        known = 0.5 * np.log(1 + 1 / sd**2)
        assert expected_information(predicted, sd, seed=1) == pytest.approx(known, abs=0.05)
