"""Adaptive importance sampling: rounds of draws from a proposal that learns from the rounds before.

All rounds count in the end, each draw weighted by the mixture of all proposals; the largest weights are
smoothed by a generalized Pareto distribution whose shape k says whether the weights can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.diagnostics import smoothed
from insulinoma.calibrate.emulator import guided
from insulinoma.calibrate.mixture import Component, Mixture, refitted
from insulinoma.calibrate.modes import linearized
from insulinoma.calibrate.observation import IMPOSSIBLE
from insulinoma.calibrate.target import Target

Floats = npt.NDArray[np.float64]
_RECENTERED = (2, 5)


class Proposal(Protocol):
    """Something that coordinates can be drawn from, with its density by that of the prior."""

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density by that of the prior, by lane."""


@dataclass(frozen=True)
class Weighted:
    """Coordinates (lanes, names) with normalized weights, the logarithm of their likelihood, and Pareto k.

    `log_evidence` is the logarithm of the probability of the data; `mixture` what was learned.
    """

    z: Floats
    weights: Floats
    total: Floats
    pareto_k: float
    log_evidence: float
    mixture: Mixture

    @property
    def effective(self) -> float:
        """The effective number of draws, 1 / sum of squared weights."""
        return float(1 / (self.weights**2).sum())


def importance(
    target: Target,
    mixture: Mixture,
    *,
    names: int,
    seed: int,
    enough: float = 400.0,
    lanes: int = 256,
    rounds: int = 12,
    shown: Callable[[str], None] | None = None,
) -> Weighted:
    """Rounds until the effective number of draws is `enough` and k below 0.7, at most `rounds`."""
    proposal: Proposal = mixture
    proposals: list[Proposal] = []
    draws: list[Floats] = []
    totals: list[Floats] = []
    features: list[Floats] = []
    for number in range(rounds):
        proposals.append(proposal)
        draws.append(proposal.draw(lanes, names, seed, 1000 + number))
        scores = target.score(draws[-1])
        totals.append(scores.total)
        features.append(scores.features)
        found = _weighted(proposals, draws, totals, mixture)
        if shown:
            effective, k = found.effective, found.pareto_k
            shown(f"round {number + 1}: {effective:.0f} effective draws of {len(found.z)}, Pareto k {k:.2f}")
        if found.effective >= enough and found.pareto_k < 0.7:
            break
        blunt = _blunted(found)
        if number + 1 in _RECENTERED:
            mixture = _recentered(target, mixture, found.z, blunt)
        mixture = refitted(mixture, found.z, blunt)
        proposal = guided(target, mixture, found.z, np.concatenate(features), blunt, seed)
    return found


def _recentered(target: Target, mixture: Mixture, z: Floats, weights: Floats) -> Mixture:
    """The mixture with the derivatives of its largest component taken anew, in the middle of the draws."""
    center = weights @ z
    # A trait is one or the other, not in between.
    nearest = z[int(np.argmin(((z - center) ** 2)[:, ~target.smooth].sum(axis=1) - weights))]
    center = np.where(target.smooth, center, nearest)
    mode = linearized(target, center)
    largest = int(np.argmax(mixture.shares))
    components = list(mixture.components)
    components[largest] = Component(mode.basis, mode.mean, 1.2 * mode.covariance, mode)
    return Mixture(tuple(components), mixture.shares)


def _weighted(
    proposals: Sequence[Proposal], draws: Sequence[Floats], totals: Sequence[Floats], last: Mixture
) -> Weighted:
    z, total = np.concatenate(draws), np.concatenate(totals)
    counts = np.array([len(part) for part in draws]) / len(z)
    ratios = np.stack([proposal.log_ratio(z) for proposal in proposals]) + np.log(counts)[:, None]
    logs = total - np.logaddexp.reduce(ratios)
    weights, k = smoothed(logs)
    evidence = float(np.logaddexp.reduce(logs) - np.log(len(z)))
    return Weighted(z, weights, total, k, evidence, last)


def _blunted(found: Weighted, wanted: float = 0.35) -> Floats:
    """Weights to learn from: tempered until a share of the lanes, or 250 of them, counts."""
    fine = (found.total > IMPOSSIBLE / 2) & (found.weights > 0)
    logs = np.where(fine, np.log(np.maximum(found.weights, 1e-300)), -np.inf)
    logs = np.maximum(logs - logs.max(), -1e4)
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        weights = np.exp(middle * logs)
        effective = weights.sum() ** 2 / (weights**2).sum()
        low, high = (middle, high) if effective > min(250.0, wanted * len(logs)) else (low, middle)
    weights = np.exp(low * logs)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def resampled(weights: Floats, count: int, seed: int) -> npt.NDArray[np.int_]:
    """Indices of so many draws of equal weight, by systematic resampling."""
    key = np.array([seed, 7], dtype=np.uint64)
    start = np.random.Generator(np.random.Philox(key=key)).random()
    found = np.searchsorted(np.cumsum(weights), (start + np.arange(count)) / count)
    return np.minimum(found, len(weights) - 1)
