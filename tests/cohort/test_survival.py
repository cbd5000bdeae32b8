"""Curves and tests of times to events agree with lifelines, and with definitions written out."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from insulinoma.cohort.analysis.survival import aalen_johansen, kaplan_meier, logrank, restricted_mean

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test


@pytest.fixture(scope="module")
def times():
    random = np.random.default_rng(3)
    time = random.exponential(40, 300)
    cause = random.integers(0, 3, 300)
    return time, cause


@pytest.mark.parametrize("grid", [None, 5.0], ids=["no ties", "many ties"])
def test_kaplan_meier_agrees_with_lifelines(times, grid) -> None:
    time, cause = times
    time = time if grid is None else np.ceil(time / grid) * grid
    found = kaplan_meier(time, cause > 0)
    peer = KaplanMeierFitter().fit(time, cause > 0)
    np.testing.assert_allclose(found.value, peer.predict(found.time), rtol=0, atol=1e-9)
    bounds = peer.confidence_interval_.loc[found.time].to_numpy()
    inside = found.value > 0
    np.testing.assert_allclose(np.stack([found.low, found.high], 1)[inside], bounds[inside], rtol=0, atol=1e-9)
    assert (found.at_risk == peer.event_table.loc[found.time, "at_risk"]).all()
    assert found.median() == peer.median_survival_time_


@pytest.mark.parametrize("of", [1, 2])
def test_aalen_johansen_agrees_with_lifelines(times, of) -> None:
    time, cause = times
    found = aalen_johansen(time, cause, of)
    peer = AalenJohansenFitter().fit(time, cause, event_of_interest=of)
    expected = peer.cumulative_density_.iloc[:, 0]
    np.testing.assert_allclose(found.value, expected.loc[found.time], rtol=0, atol=1e-9)
    bounds = peer.confidence_interval_.loc[found.time].to_numpy()
    some = found.value > 0
    np.testing.assert_allclose(np.stack([found.low, found.high], 1)[some], bounds[some], rtol=0, atol=1e-9)


def test_all_incidences_and_survival_add_up_to_one(times) -> None:
    time, cause = times
    free = kaplan_meier(time, cause > 0)
    whole = free.value + sum(aalen_johansen(time, cause, of).value for of in (1, 2))
    np.testing.assert_allclose(whole, 1, atol=1e-12)


def test_without_competitors_the_incidence_is_one_less_survival(times) -> None:
    time, cause = times
    only = (cause > 0).astype(int)
    np.testing.assert_allclose(aalen_johansen(time, only, 1).value, 1 - kaplan_meier(time, only > 0).value, atol=1e-12)


def test_logrank_agrees_with_lifelines(times) -> None:
    time, cause = times
    second = np.arange(300) % 3 == 0
    time = np.ceil(np.where(second, 1.4 * time, time))
    peer = logrank_test(time[~second], time[second], cause[~second] > 0, cause[second] > 0)
    assert logrank(time, cause > 0, second) == pytest.approx((peer.test_statistic, peer.p_value), abs=1e-9)


def test_restricted_mean_is_the_area_and_its_influence_that_of_leaving_a_patient_out(times) -> None:
    time, cause = (values[:60] for values in times)
    event = cause > 0
    found = restricted_mean(time, event, 50.0)
    mean, influence = found.mean, found.influence(time, event)
    curve, grid = kaplan_meier(time, event), np.linspace(0, 50, 200_001)
    assert mean == pytest.approx(np.trapezoid(curve.at(grid), grid), abs=1e-3)
    everyone = np.arange(60)
    left_out = np.array([restricted_mean(time[everyone != i], event[everyone != i], 50.0).mean for i in everyone])
    np.testing.assert_allclose(59 * (mean - left_out), influence, atol=2.0)
    assert influence.mean() == pytest.approx(0, abs=1e-9)
    error = influence.std(ddof=1) / np.sqrt(60)
    assert error == pytest.approx(np.std(left_out) * np.sqrt(59), rel=0.03)
