"""Draws of a posterior by the method that its own diagnostics allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from insulinoma.calibrate.sampling.diagnostics import Judgment, judged
from insulinoma.calibrate.sampling.guided import POPULATIONS
from insulinoma.calibrate.sampling.importance import Weighted, importance
from insulinoma.calibrate.sampling.mixture import around
from insulinoma.calibrate.sampling.modes import Mode, find_modes
from insulinoma.calibrate.sampling.noise import generator
from insulinoma.calibrate.sampling.proposal import Prior, Proposal
from insulinoma.calibrate.sampling.target import Remembered, Target
from insulinoma.calibrate.sampling.tempering import Tempered, tempered
from insulinoma.calibrate.sampling.weights import resampled
from insulinoma.errors import ComputationError

Floats = npt.NDArray[np.float64]
Method = Literal["auto", "importance", "tempering"]
Shown = Callable[[str], None]
CHAINS = POPULATIONS
_ASKED = "it was asked for"


@dataclass(frozen=True)
class Draws:
    """Draws of equal weight (chains, draws, names); chains are independent of one another.

    `effective` is the effective number of draws of every coordinate, of all that were made, `pareto_k` None for
    tempering, `acceptance` for importance sampling; `why` says what decided on the method.
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

    @cached_property
    def judgment(self) -> Judgment:
        """How far they can be trusted."""
        return judged(self.z, self.effective, self.pareto_k)


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
    """Draws by importance sampling around the modes, or by tempering where it does better by the same diagnostics.

    Modes are looked for from `first` (lanes, names); a round is of `lanes` draws at least. Both methods end at `enough`
    effective draws. Tempering is tried where something speaks against the draws of importance sampling (Pareto k,
    effective number, R-hat); `method` overrules the choice. ComputationError where tempering was asked for and does
    not arrive.
    """
    counted = Remembered(target)
    names = first.shape[1]

    def by_tempering(proposal: Proposal) -> Draws:
        particles = tempered(counted, proposal, names=names, seed=seed, enough=enough, runs=CHAINS, shown=shown)
        return _of_particles(particles, modes, draws, counted.lanes)

    # The matrices are small: threads of BLAS would wait for one another, most of all on a busy machine.
    with threadpool_limits(limits=1, user_api="blas"):
        modes = find_modes(counted, first)
        if shown:
            shown(f"{len(modes)} mode{'s' if len(modes) != 1 else ''}, {modes[0].basis.shape[1]} informed directions")
        mixture = around(modes)
        if method == "tempering":
            return by_tempering(Prior(mixture.basis))
        weighted = importance(
            counted, mixture, names=names, seed=seed, enough=enough, lanes=lanes, rounds=rounds, shown=shown
        )
        found = _of_weights(weighted, modes, draws, seed, counted.lanes)
        return found if method == "importance" else _chosen(found, partial(by_tempering, weighted.proposal), enough)


def _chosen(weighted: Draws, tempering: Callable[[], Draws], enough: float) -> Draws:
    """The draws of importance sampling, or of tempering where something speaks against them and less against these."""
    doubts = " and ".join(weighted.judgment.doubts(enough))
    mine = f"importance sampling: {weighted.judgment.numbers}"
    if not doubts:
        return replace(weighted, why=f"nothing speaks against it ({weighted.judgment.numbers})")
    try:
        other = tempering()
    except ComputationError as error:
        why = f"tempering, tried since {doubts}, did not arrive ({mine}). {str(error).rstrip('.')}"
        return replace(weighted, why=why)
    both = f"{mine}; tempering: {other.judgment.numbers}"
    if other.judgment.better(weighted.judgment, enough):
        return replace(other, why=f"by importance sampling {doubts} ({both})")
    why = f"tempering, tried since {doubts}, does no better ({both})"
    return replace(weighted, why=why, evaluations=other.evaluations)


def starts(z: Floats, total: Floats, *, count: int = 3) -> Floats:
    """Where to look for modes: the likeliest of many prior draws (lanes, names), and likely ones far from it."""
    best = np.argsort(-total)[: max(count, len(z) // 16)]
    chosen = [int(best[0])]
    while len(chosen) < count:
        gaps = np.min([np.linalg.norm(z[best] - z[taken], axis=1) for taken in chosen], axis=0)
        chosen.append(int(best[int(np.argmax(gaps))]))
    return z[chosen]


def _of_weights(weighted: Weighted, modes: list[Mode], draws: int, seed: int, lanes: int) -> Draws:
    """The lanes of each population make a chain, resampled by their own weights."""
    chains = []
    for chain in range(CHAINS):
        weights = weighted.weights[chain::CHAINS]
        kept = resampled(weights / weights.sum(), draws // CHAINS, seed + chain)
        order = generator(seed, 50 + chain)
        chains.append(weighted.z[chain::CHAINS][order.permutation(kept)])
    z, k, evidence = np.stack(chains), weighted.pareto_k, weighted.log_evidence
    return Draws(z, "importance", _ASKED, _effective(weighted), k, None, evidence, len(modes), lanes)


def _effective(weighted: Weighted) -> Floats:
    """The effective number of weighted draws by coordinate: their variance by that of their mean.

    It is at most that of the weights themselves: where one draw holds nearly all of it, both variances vanish.
    """
    w = weighted.weights[:, None]
    gaps = (weighted.z - (w * weighted.z).sum(axis=0)) ** 2
    spread, of_mean = (w * gaps).sum(axis=0), (w**2 * gaps).sum(axis=0)
    found = np.divide(spread, of_mean, out=np.ones_like(spread), where=of_mean > 0)
    return np.asarray(np.minimum(found, weighted.effective), dtype=np.float64)


def _of_particles(particles: Tempered, modes: list[Mode], draws: int, lanes: int) -> Draws:
    """Every run makes a chain: states far apart among its moves and particles, the early ones first."""
    states = particles.z.reshape(CHAINS, -1, particles.z.shape[-1])
    z = states[:, np.linspace(0, states.shape[1] - 1, draws // CHAINS).astype(int)]
    rate, evidence = particles.acceptance, particles.log_evidence
    return Draws(z, "tempering", _ASKED, particles.effective, None, rate, evidence, len(modes), lanes)
