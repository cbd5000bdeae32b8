"""Which sampler is taken: a target for each reason, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from planted import Linear

from insulinoma.calibrate.sampling import draws, tempering
from insulinoma.calibrate.sampling.diagnostics import Judgment, judged
from insulinoma.calibrate.sampling.draws import Draws, Method, sample
from insulinoma.calibrate.sampling.importance import Weighted
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.tempering import Tempered


class Bent(Linear):
    """Thin parabolas, of which a proposal around the mode sees a short piece."""

    def __init__(self) -> None:
        super().__init__(names=12, facts=6, sd=0.1)
        self.seen = np.linspace(-0.2, 1.5, 6)

    def features(self, z: np.ndarray) -> np.ndarray:
        return z[:, :6] + 0.3 * (z[:, 6:] ** 2 - 1)


def drawn(target: Linear, *, rounds: int = 14, enough: float = 400, method: Method = "auto") -> Draws:
    first = noise(3, 1, (2, len(target.smooth)))
    return sample(target, first, seed=3, draws=400, enough=enough, rounds=rounds, method=method)


def small() -> Linear:
    return Linear(names=10, facts=3)


def test_draws_that_nothing_speaks_against_are_kept() -> None:
    found = drawn(small(), enough=150)
    assert found.method == "importance"
    assert found.why == f"nothing speaks against it ({found.judgment.numbers})"


def test_heavy_weights_lead_to_tempering() -> None:
    found = drawn(Bent(), rounds=1)
    assert found.method == "tempering"
    assert found.why.startswith("by importance sampling Pareto k of the weights is ")
    assert f"tempering: {found.judgment.numbers}" in found.why


def test_few_effective_draws_lead_to_tempering_though_their_weights_are_right() -> None:
    alone = drawn(small(), rounds=1, enough=1600, method="importance")
    assert alone.pareto_k is not None
    assert alone.pareto_k < 0.7
    found = drawn(small(), rounds=1, enough=1600)
    assert found.method == "tempering"
    assert found.effective.min() > 400 > alone.effective.min()
    assert f"only {alone.effective.min():.0f} draws of the worst parameter count, fewer than 400" in found.why
    assert f"importance sampling: {alone.judgment.numbers}; tempering: {found.judgment.numbers}" in found.why


def test_fewer_are_enough_where_fewer_were_asked_for() -> None:
    assert drawn(small(), rounds=1, enough=200).method == "importance"


def test_parts_that_differ_lead_to_tempering(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = draws.importance

    def torn(*args: Any, **options: Any) -> Weighted:
        found = honest(*args, **options)
        z = found.z.copy()
        z[:: draws.CHAINS, 4] += 1.0
        return replace(found, z=z)

    monkeypatch.setattr(draws, "importance", torn)
    found = drawn(small(), enough=150)
    assert found.method == "tempering"
    assert found.why.startswith("by importance sampling R-hat is 1.")
    assert found.judgment.r_hat < found.judgment.by_chance


def test_tempering_that_does_worse_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = draws.tempered

    def stuck(*args: Any, **options: Any) -> Tempered:
        found = honest(*args, **options)
        return replace(found, z=found.z + np.arange(4.0)[:, None, None, None], effective=found.effective / 100)

    monkeypatch.setattr(draws, "tempered", stuck)
    alone, found = (drawn(small(), rounds=1, enough=1600, method=method) for method in ("importance", "auto"))
    assert found.method == "importance"
    assert np.array_equal(found.z, alone.z)
    assert found.evaluations > alone.evaluations
    assert "does no better" in found.why
    assert f"importance sampling: {alone.judgment.numbers}; tempering: " in found.why


def test_tempering_that_does_not_arrive_leaves_the_draws_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempering, "_TEMPERATURES", 0)
    found = drawn(small(), rounds=1, enough=1600)
    assert found.method == "importance"
    assert "did not arrive" in found.why


def test_a_method_that_was_asked_for_is_used_whatever_its_diagnostics() -> None:
    for method in ("importance", "tempering"):
        found = drawn(Bent(), rounds=1, method=method)  # type: ignore[arg-type]
        assert (found.method, found.why) == (method, "it was asked for")


def test_a_draw_that_holds_nearly_all_the_weight_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = draws.importance

    def heavy(*args: Any, **options: Any) -> Weighted:
        found = honest(*args, **options)
        weights = np.full(len(found.z), 1e-12)
        weights[0] = 1 - weights[1:].sum()
        return replace(found, weights=weights, pareto_k=np.inf)

    monkeypatch.setattr(draws, "importance", heavy)
    found = drawn(small(), rounds=1, method="importance")
    assert found.effective == pytest.approx(np.ones(10))
    assert found.judgment.r_hat == np.inf
    assert len(found.judgment.failed) == 3


def test_right_draws_stay_below_what_chance_allows_and_parts_that_differ_do_not() -> None:
    limits, highest = [], []
    for number in range(30):
        found = judged(noise(number, 1, (4, 50, 60)), np.full(60, 1e9), None)
        limits.append(found.by_chance)
        highest.append(found.r_hat)
    assert sum(np.array(highest) > limits) <= 2
    assert max(highest) - 1 > 0.6 * (limits[0] - 1)
    apart = noise(0, 1, (4, 50, 60)) + 0.6 * (np.arange(4)[:, None, None] == 0)
    assert judged(apart, np.full(60, 1e9), None).r_hat > limits[0]


def test_draws_taken_from_few_effective_ones_may_differ_more() -> None:
    limits = [judged(noise(0, 1, (4, 500, 5)), np.full(5, size), None).by_chance for size in (1e9, 2000, 500)]
    assert limits == sorted(limits)
    assert limits[0] < 1.01 < limits[2]


def test_every_bound_that_is_missed_is_told() -> None:
    assert Judgment(1.009, 1.008, 400, 0.69).failed == []
    told = Judgment(1.02, 1.03, 99, 0.7).failed
    assert [text.split(" ")[0] for text in told] == ["R-hat", "The", "Pareto"]
    assert "so few draws reach 1.030 by chance" in told[0]


def test_a_part_that_is_one_draw_has_no_r_hat() -> None:
    z = noise(0, 1, (4, 50, 3))
    z[1, :, 2] = 0.5
    assert judged(z, np.full(3, 200.0), -1.0).r_hat == np.inf
