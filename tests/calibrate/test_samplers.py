"""Samplers against posteriors that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from planted import Doubted, Linear, Marker, TwoModes
from scipy import stats

from insulinoma.calibrate.sampling import tempering
from insulinoma.calibrate.sampling.draws import Draws, Method, sample, starts
from insulinoma.calibrate.sampling.emulator import fitted
from insulinoma.calibrate.sampling.guided import POPULATIONS, guided
from insulinoma.calibrate.sampling.importance import importance
from insulinoma.calibrate.sampling.mixture import around
from insulinoma.calibrate.sampling.modes import find_modes
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Remembered
from insulinoma.calibrate.sampling.tempering import effective_size
from insulinoma.errors import ComputationError
from scripts.agreement import Sample, differences, limit


def drawn(target: Linear, method: Method, draws: int = 800) -> Draws:
    z = noise(3, 1, (128, len(target.smooth)))
    first = starts(z, target.score(z).total, count=3)
    return sample(target, first, seed=3, draws=draws, method=method, enough=800)


@pytest.mark.parametrize("method", ["importance", "tempering"])
def test_a_normal_posterior_is_met(method: Method) -> None:
    target = Linear()
    found = drawn(target, method)
    z = found.z.reshape(-1, found.z.shape[-1])
    error = np.sqrt(np.diag(target.covariance) * (1 / found.effective.min() + 1 / len(z)))
    assert np.abs((z.mean(axis=0) - target.mean) / error).max() < 4.5
    assert np.abs(z.var(axis=0) / np.diag(target.covariance) - 1).max() < 0.35
    # Four runs of 96 particles from the prior know the evidence to about 0.7.
    assert found.log_evidence == pytest.approx(target.log_evidence, abs=0.15 if method == "importance" else 2.0)


def test_the_two_samplers_agree_to_within_their_error() -> None:
    target = Linear(names=40, facts=6, seed=5)
    first, second = (
        Sample(found.z.reshape(-1, 40), found.effective)
        for found in (drawn(target, "importance"), drawn(target, "tempering"))
    )
    assert max(np.abs(values).max() for values in differences(first, second)) < limit(80)
    shifted = Sample(second.z + 0.5 * second.z.std(axis=0), second.effective)
    assert np.abs(differences(first, shifted)[0]).max() > limit(80)


def test_an_emulator_that_is_wrong_costs_moves_and_moves_nothing() -> None:
    class Wavy(Linear):
        """Waves that no polynomial follows, on a coordinate whose marginal is known by quadrature."""

        def features(self, z: np.ndarray) -> np.ndarray:
            return np.stack([z[:, 0] + 0.5 * np.sin(4 * z[:, 0]), z[:, 1:].sum(axis=1) / 4], axis=1)

    target = Wavy(names=16, facts=2, sd=0.3)
    target.seen = np.array([1.0, 0.5])
    found = drawn(target, "tempering")
    grid = np.linspace(-6, 6, 4001)
    density = np.exp(-0.5 * grid**2 - 0.5 * ((grid + 0.5 * np.sin(4 * grid) - 1) / 0.3) ** 2)
    cumulative = np.cumsum(density) / density.sum()
    values = np.interp(found.z[..., 0].ravel(), grid, cumulative)
    assert found.acceptance is not None
    assert found.acceptance < 0.8
    # What the distance of a sample to its distribution exceeds once in a thousand samples (Kolmogorov).
    counted = 1 / (1 / found.effective[0] + 1 / values.size)
    assert stats.ks_1samp(values, stats.uniform.cdf).statistic * np.sqrt(counted) < 1.95


@pytest.mark.parametrize("known", [True, False])
def test_importance_sampling_keeps_a_tail_that_bends_away_from_the_mode(known: bool) -> None:
    target = Marker(known=known)
    shares = []
    for seed in range(3):
        z = noise(seed, 1, (128, 40))
        first = starts(z, target.score(z).total, count=3)
        found = sample(target, first, seed=seed, draws=2000, method="importance", enough=1500)
        shares.append(float((found.z[..., 1] < -1).mean()))
    assert shares == pytest.approx([target.share_below(-1)] * 3, abs=0.02)


@pytest.mark.parametrize("method", ["importance", "tempering"])
def test_a_source_that_may_be_wrong_is_doubted_though_the_search_believes_it(method: Method) -> None:
    target = Doubted()
    (mode,) = find_modes(target, np.zeros((1, 30)))
    assert mode.z[0] > 2
    shares = []
    for seed in range(4):
        z = noise(seed, 1, (128, 30))
        first = starts(z, target.score(z).total, count=2)
        found = sample(target, first, seed=seed, draws=1600, method=method, enough=800)
        shares.append(float((found.z[..., 0] > 2).mean()))
    assert np.mean(shares) == pytest.approx(target.share_above, abs=0.03)


def test_every_fourth_draw_is_of_the_same_population() -> None:
    target = Linear()
    z = noise(0, 1, (400, 60))
    scores = target.score(z)
    emulator = fitted(target, z, scores.features, scores.total, drawn=400)
    found = guided(emulator, around(find_modes(target, z[:2])), 60, seed=0, stream=0)
    draws = found.draw(200, 60, 0, 1)
    size = len(found.particles) // POPULATIONS
    origin = (draws[:, None] == found.particles[None]).all(axis=2)
    places = [np.flatnonzero(row)[0] // size for row in origin if row.any()]
    assert len(places) == 180
    assert places == [lane % POPULATIONS for lane in range(180)], "the rest is of the wider mixture"


def test_tempering_that_does_not_arrive_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempering, "_TEMPERATURES", 2)
    with pytest.raises(ComputationError, match="of the likelihood in 2 steps"):
        drawn(Linear(sd=1e-2), "tempering")


def test_states_that_stay_alike_count_once() -> None:
    normal = np.random.default_rng(0).standard_normal
    families = np.arange(4 * 50)
    free, stuck = normal((4, 10, 50, 30)), np.repeat(normal((4, 1, 50, 30)), 10, axis=1)
    assert effective_size(free, families).mean() == pytest.approx(2000, rel=0.2)
    assert effective_size(stuck, families).mean() == pytest.approx(200, rel=0.2)
    siblings = np.repeat(stuck[:, :, :25], 2, axis=2)
    assert effective_size(siblings, families // 2).mean() == pytest.approx(100, rel=0.2)
    apart = free + 0.3 * normal((4, 1, 1, 30))
    assert effective_size(apart, families).mean() < 100, "the runs differ more than their particles explain"


def test_a_mode_is_the_deepest_point_of_a_normal_posterior() -> None:
    target = Linear()
    (mode,) = find_modes(target, noise(1, 1, (2, 60)), most_active=60)
    assert mode.z == pytest.approx(target.mean, abs=2e-3)
    inside = mode.basis.T @ target.covariance @ mode.basis
    assert mode.covariance == pytest.approx(inside, abs=1e-6)


def test_both_planted_modes_are_found_with_their_shares() -> None:
    target = TwoModes()
    z = noise(0, 1, (64, 30))
    modes = find_modes(target, starts(z, target.score(z).total, count=4), most_active=20)
    assert sorted(round(float(mode.z[0])) for mode in modes) == [-2, 2]
    for method in ("importance", "tempering"):
        found = drawn(target, method)  # type: ignore[arg-type]
        share = float((found.z[..., 0] > 0).mean())
        assert 0.4 < share < 0.6, method
        assert np.abs(np.abs(found.z[..., 0]) - 1.98).max() < 0.5


def test_weights_that_cannot_be_trusted_lead_to_tempering() -> None:
    class Banana(Linear):
        def features(self, z: np.ndarray) -> np.ndarray:
            return np.stack([z[:, 0] + 3 * (z[:, 1] ** 2 - 1), z[:, 2:].sum(axis=1) ** 3 / 10], axis=1)

    target = Banana(names=12, facts=2, sd=0.01)
    target.seen = np.array([6.0, 2.0])
    found = drawn(target, "auto", draws=200)
    assert found.method == "tempering" or (found.pareto_k is not None and found.pareto_k < 0.7)
    assert str(round(found.pareto_k, 2) if found.pareto_k is not None else "Pareto k") in found.why


def test_no_draw_counts_twice_however_many_are_asked_for() -> None:
    target = Remembered(Linear(names=10, facts=3))
    mixture = around(find_modes(target, noise(3, 1, (1, 10))))
    found = importance(target, mixture, names=10, seed=0, enough=2000, lanes=768, rounds=3)
    assert len(np.unique(found.z, axis=0)) == len(found.z) > 2 * 768


def test_the_same_seed_gives_the_same_draws() -> None:
    target = Linear(names=20, facts=3)
    assert np.array_equal(drawn(target, "importance").z, drawn(target, "importance").z)
    assert np.array_equal(drawn(target, "tempering", 200).z, drawn(target, "tempering", 200).z)
