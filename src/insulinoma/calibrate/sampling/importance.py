"""Adaptive importance sampling: rounds of draws from a proposal that learns from the rounds before.

All rounds count in the end, each draw weighted by the mixture of all proposals; the largest weights are
smoothed by a generalized Pareto distribution whose shape k says whether the weights can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.diagnostics import MOST_K, smoothed
from insulinoma.calibrate.sampling.emulator import fitted
from insulinoma.calibrate.sampling.guided import POPULATIONS, guided
from insulinoma.calibrate.sampling.mixture import Mixture, refitted
from insulinoma.calibrate.sampling.proposal import Proposal
from insulinoma.calibrate.sampling.target import IMPOSSIBLE, Remembered

Floats = npt.NDArray[np.float64]
# A proposal has 1,024 particles: a longer round would draw some of them twice.
_GOOD, _LONGEST = 0.25, 1024


@dataclass(frozen=True)
class Weighted:
    """Coordinates (lanes, names) with normalized weights, the logarithm of their likelihood, and Pareto k.

    `log_evidence` is the logarithm of the probability of the data; `proposal` what the last were drawn from.
    """

    z: Floats
    weights: Floats
    total: Floats
    pareto_k: float
    log_evidence: float
    proposal: Proposal

    @property
    def effective(self) -> float:
        """The effective number of draws, 1 / sum of squared weights."""
        return float(1 / (self.weights**2).sum())


def importance(
    target: Remembered,
    mixture: Mixture,
    *,
    names: int,
    seed: int,
    enough: float = 400.0,
    lanes: int = 256,
    rounds: int = 12,
    shown: Callable[[str], None] | None = None,
) -> Weighted:
    """Rounds of `lanes` or more until the effective number of draws is `enough` and k below 0.7, at most `rounds`.

    Every lane that the target remembers helps to find the next proposal.
    """
    proposal: Proposal = mixture
    learned = _Learned()
    count, before = lanes, 0.0
    for number in range(rounds):
        count += -count % POPULATIONS
        z = proposal.draw(count, names, seed, 1000 + number)
        learned.add(proposal, z, target.score(z).total)
        found = learned.weighted()
        if shown:
            effective, k = found.effective, found.pareto_k
            shown(f"round {number + 1}: {effective:.0f} effective draws of {len(found.z)}, Pareto k {k:.2f}")
        if found.effective >= enough and found.pareto_k < MOST_K:
            break
        if number + 1 < rounds:
            rate = (found.effective - before) / len(z)
            count, before = _next_lanes(rate, enough - found.effective, lanes), found.effective
            mixture = refitted(mixture, found.z, _blunted(found))
            emulator = fitted(target, *target.remembered(), drawn=len(found.z))
            proposal = guided(emulator, mixture, names, seed, number)
    return found


def _next_lanes(rate: float, wanted: float, lanes: int) -> int:
    """The lanes of a round: as many as are missing once a good share of the draws of the last one counted."""
    if rate < _GOOD:
        return lanes
    return int(np.clip(wanted / rate, lanes, max(lanes, _LONGEST)))


class _Learned:
    """All draws so far, and the density of each under all proposals so far, by that of the prior."""

    def __init__(self) -> None:
        self.proposals: list[Proposal] = []
        self.draws: list[Floats] = []
        self.totals: list[Floats] = []
        self.ratios: list[list[Floats]] = []

    def add(self, proposal: Proposal, z: Floats, total: Floats) -> None:
        """The draws (lanes, names) of a new proposal, and the logarithm of their likelihood."""
        self.proposals.append(proposal)
        self.draws.append(z)
        self.totals.append(total)
        for row, before in zip(self.ratios, self.draws, strict=False):
            row.append(proposal.log_ratio(before))
        self.ratios.append([known.log_ratio(z) for known in self.proposals])

    def weighted(self) -> Weighted:
        """The draws, each weighted by the mixture of all proposals."""
        z, total = np.concatenate(self.draws), np.concatenate(self.totals)
        counts = np.array([len(part) for part in self.draws]) / len(z)
        ratios = np.concatenate([np.stack(row) for row in self.ratios], axis=1) + np.log(counts)[:, None]
        logs = total - np.logaddexp.reduce(ratios)
        weights, k = smoothed(logs)
        evidence = float(np.logaddexp.reduce(logs) - np.log(len(z)))
        return Weighted(z, weights, total, k, evidence, self.proposals[-1])


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
