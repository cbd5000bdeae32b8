"""Samplers against posteriors that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from planted import Linear, TwoModes

from insulinoma.calibrate.coordinates import noise
from insulinoma.calibrate.modes import find_modes
from insulinoma.calibrate.sampling import Draws, Method, sample, starts


def drawn(target: Linear, method: Method, draws: int = 800) -> Draws:
    z = noise(3, 1, (128, len(target.smooth)))
    first = starts(z, target.score(z).total, count=3)
    return sample(target, first, seed=3, draws=draws, method=method, enough=800)


@pytest.mark.parametrize("method", ["importance", "tempering"])
def test_a_normal_posterior_is_met(method: Method) -> None:
    target = Linear()
    found = drawn(target, method)
    z = found.z.reshape(-1, found.z.shape[-1])
    error = np.sqrt(np.diag(target.covariance) / found.effective.min())
    assert np.abs((z.mean(axis=0) - target.mean) / error).max() < 4.5
    assert np.abs(z.var(axis=0) / np.diag(target.covariance) - 1).max() < 0.35
    assert found.log_evidence == pytest.approx(target.log_evidence, abs=0.15)


def test_the_two_samplers_agree_to_within_their_error() -> None:
    target = Linear(names=40, facts=6, seed=5)
    first, second = (drawn(target, method) for method in ("importance", "tempering"))
    a, b = (found.z.reshape(-1, 40) for found in (first, second))
    error = np.sqrt(a.var(axis=0) / first.effective + b.var(axis=0) / second.effective.clip(max=200))
    assert np.abs((a.mean(axis=0) - b.mean(axis=0)) / error).max() < 4.5


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


def test_the_same_seed_gives_the_same_draws() -> None:
    target = Linear(names=20, facts=3)
    assert np.array_equal(drawn(target, "importance").z, drawn(target, "importance").z)
    assert np.array_equal(drawn(target, "tempering", 200).z, drawn(target, "tempering", 200).z)
