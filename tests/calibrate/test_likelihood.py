from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from insulinoma.calibrate.facts.likelihood import Inside, Measured, of_values


def test_a_measured_value_is_log_normal_around_the_prediction() -> None:
    fact = Measured(54.0, 0.1)
    predicted = np.log(np.array([40.0, 54.0, 70.0]))
    expected = stats.norm(predicted, 0.1).logpdf(math.log(54.0))
    assert fact.log_density(predicted) == pytest.approx(expected)
    assert fact.residual(predicted) == pytest.approx((predicted - math.log(54)) / 0.1)


def test_values_whose_predictions_are_missed_together_tell_less_than_one_by_one() -> None:
    numbers = [Measured(54.0, 0.1), Measured(6.3, 0.05), Measured(170.0, 0.2)]
    predicted = np.log(np.array([[50.0, 6.0, 200.0], [80.0, 7.1, 90.0]]))
    misses = np.array([[0.1, 0.2, -0.1], [-0.3, -0.2, 0.2], [0.1, 0.0, 0.0]])
    covariance = np.diag([0.1**2, 0.05**2, 0.2**2]) + np.mean([np.outer(miss, miss) for miss in misses], axis=0)
    expected = stats.multivariate_normal(np.log([54, 6.3, 170]), covariance).logpdf(predicted)
    assert of_values(numbers, predicted, misses) == pytest.approx(expected)
    alone = np.sum([item.log_density(predicted[:, place]) for place, item in enumerate(numbers)], axis=0)
    assert of_values(numbers, predicted, np.zeros((1, 3))) == pytest.approx(alone)
    assert of_values([], predicted[:, :0], misses[:, :0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("low", "high"), [(0.0, 54.0), (54.0, math.inf), (70.0, 140.0)])
def test_a_bound_is_the_probability_that_the_assay_sees_it_kept(low: float, high: float) -> None:
    predicted = np.log(np.array([30.0, 54.0, 75.0, 120.0, 300.0]))
    upper = stats.norm(predicted, 0.1).cdf(math.log(high)) if math.isfinite(high) else 1.0
    lower = stats.norm(predicted, 0.1).cdf(math.log(low)) if low else 0.0
    assert np.exp(Inside(low, high, 0.1).log_density(predicted)) == pytest.approx(upper - lower, abs=1e-12)


def test_a_statement_that_is_wrong_costs_no_more_than_its_reliability() -> None:
    fact = Inside(54.0, math.inf, 0.1, 0.98)
    surely_wrong, surely_right = fact.log_density(np.log(np.array([5.0, 500.0])))
    assert surely_wrong == pytest.approx(math.log(0.02))
    assert surely_right == pytest.approx(math.log(0.98))
    far, farther = fact.residual(np.log(np.array([20.0, 10.0])))
    assert farther > far > 5, "a search is led back from afar all the same"


def test_what_is_said_again_has_the_frequency_of_its_probability() -> None:
    fact = Inside(0.0, 54.0, 0.1, 0.98)
    normal = np.random.default_rng(0).standard_normal(20_000)
    predicted = np.full(20_000, math.log(56.0))
    assert fact.repeated(predicted, normal).mean() == pytest.approx(fact.probability(predicted[:1])[0], abs=0.01)
    again = Measured(54.0, 0.1).repeated(predicted, normal)
    assert np.log(again).std() == pytest.approx(0.1, rel=0.03)


def test_a_source_that_denies_says_the_opposite() -> None:
    fact, denied = Inside(54.0, 140.0, 0.1, 0.98), Inside(54.0, 140.0, 0.1, 0.98, denied=True)
    predicted = np.log(np.array([20.0, 54.0, 80.0, 150.0, 400.0]))
    assert np.exp(fact.log_density(predicted)) + np.exp(denied.log_density(predicted)) == pytest.approx(1.0)
    inside, outside = denied.residual(np.log(np.array([80.0, 400.0])))
    assert inside > 2 > 0.1 > outside


def test_facts_are_drawn_with_the_frequency_of_their_likelihood() -> None:
    normal = np.random.default_rng(0).standard_normal(4000)
    at = math.log(56.0)
    statement = Inside(0.0, 54.0, 0.1, 0.98)
    said = [not statement.drawn(at, one).denied for one in normal]
    assert np.mean(said) == pytest.approx(float(np.exp(statement.log_density(np.array(at)))), abs=0.025)
    values = np.log([Measured(1.0, 0.2).drawn(at, one).value for one in normal])
    assert (values.mean(), values.std()) == (pytest.approx(at, abs=0.01), pytest.approx(0.2, rel=0.03))
