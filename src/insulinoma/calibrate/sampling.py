"""Draws of a posterior by the method that its own diagnostics allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import generator
from insulinoma.calibrate.importance import Weighted, importance
from insulinoma.calibrate.mixture import around
from insulinoma.calibrate.modes import Mode, find_modes
from insulinoma.calibrate.proposal import Proposal
from insulinoma.calibrate.target import Remembered, Target
from insulinoma.calibrate.tempering import Tempered, tempered
from insulinoma.calibrate.weights import resampled

Floats = npt.NDArray[np.float64]
Method = Literal["auto", "importance", "tempering"]
Shown = Callable[[str], None]
CHAINS = 4
_MOST_K = 0.7


@dataclass(frozen=True)
class Draws:
    """Draws of equal weight (chains, draws, names); chains are independent of one another.

    `effective` is the effective number of draws of every coordinate, of all that were made, `pareto_k` None for
    tempering, `acceptance` for importance sampling.
    """

    z: Floats
    method: str
    why: str
    effective: Floats
    pareto_k: float | None
    acceptance: float | None
    log_evidence: float
    modes: int
    evaluations: int


def sample(
    target: Target,
    first: Floats,
    *,
    seed: int,
    draws: int = 600,
    method: Method = "auto",
    enough: float = 500.0,
    rounds: int = 14,
    lanes: int = 256,
    shown: Shown | None = None,
) -> Draws:
    """Draws by importance sampling around the modes, or by tempering where its weights cannot be trusted.

    Modes are looked for from `first` (lanes, names); a round is of `lanes` draws at least. Both methods end at `enough`
    effective draws. `method` overrules the choice, and `why` of the result says what decided.
    """
    counted = Remembered(target)
    names = first.shape[1]
    modes = find_modes(counted, first)
    if shown:
        shown(f"{len(modes)} mode{'s' if len(modes) != 1 else ''}, {modes[0].basis.shape[1]} informed directions")
    mixture = around(modes)
    proposal: Proposal = mixture
    if method != "tempering":
        weighted = importance(
            counted, mixture, names=names, seed=seed, enough=enough, lanes=lanes, rounds=rounds, shown=shown
        )
        proposal = weighted.proposal
        if method == "importance" or weighted.pareto_k < _MOST_K:
            return _of_weights(weighted, modes, draws, seed, counted.lanes)
        why = f"Pareto k of the importance weights is {weighted.pareto_k:.2f}, above {_MOST_K}"
    else:
        why = "asked for"
    particles = tempered(counted, proposal, names=names, seed=seed, enough=enough, runs=CHAINS, shown=shown)
    return _of_particles(particles, modes, draws, why, counted.lanes)


def starts(z: Floats, total: Floats, *, count: int = 3) -> Floats:
    """Where to look for modes: the likeliest of many prior draws (lanes, names), and likely ones far from it."""
    best = np.argsort(-total)[: max(count, len(z) // 16)]
    chosen = [int(best[0])]
    while len(chosen) < count:
        gaps = np.min([np.linalg.norm(z[best] - z[taken], axis=1) for taken in chosen], axis=0)
        chosen.append(int(best[int(np.argmax(gaps))]))
    return z[chosen]


def _of_weights(weighted: Weighted, modes: list[Mode], draws: int, seed: int, lanes: int) -> Draws:
    """Every fourth lane makes a chain of its own, resampled by its own weights."""
    chains = []
    for chain in range(CHAINS):
        weights = weighted.weights[chain::CHAINS]
        kept = resampled(weights / weights.sum(), draws // CHAINS, seed + chain)
        order = generator(seed, 50 + chain)
        chains.append(weighted.z[chain::CHAINS][order.permutation(kept)])
    w = weighted.weights[:, None]
    gaps = (weighted.z - (w * weighted.z).sum(axis=0)) ** 2
    effective = (w * gaps).sum(axis=0) / (w**2 * gaps).sum(axis=0)
    side, asked = ("below", "") if weighted.pareto_k < _MOST_K else ("above", "; importance sampling was asked for")
    why = f"Pareto k of the importance weights is {weighted.pareto_k:.2f}, {side} {_MOST_K}{asked}"
    z = np.stack(chains)
    return Draws(z, "importance", why, effective, weighted.pareto_k, None, weighted.log_evidence, len(modes), lanes)


def _of_particles(particles: Tempered, modes: list[Mode], draws: int, why: str, lanes: int) -> Draws:
    """Every run makes a chain: states far apart among its moves and particles, the early ones first."""
    states = particles.z.reshape(CHAINS, -1, particles.z.shape[-1])
    z = states[:, np.linspace(0, states.shape[1] - 1, draws // CHAINS).astype(int)]
    rate, evidence = particles.acceptance, particles.log_evidence
    return Draws(z, "tempering", why, particles.effective, None, rate, evidence, len(modes), lanes)
