"""Sequential Monte Carlo: particles led from a proposal to the posterior by tempering, moved by Markov steps.

Used where importance weights cannot be trusted, and as a second sampler. Each Markov step is a chain under the
emulator, which costs no lane; the model accepts or refuses where it ends (delayed acceptance), so that the emulator
decides how far a step goes and not where particles settle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.emulator import Emulator, fitted
from insulinoma.calibrate.sampling.moves import Autoregression
from insulinoma.calibrate.sampling.noise import generator
from insulinoma.calibrate.sampling.proposal import Proposal
from insulinoma.calibrate.sampling.target import Remembered
from insulinoma.calibrate.sampling.weights import increment, resampled
from insulinoma.errors import ComputationError

Floats = npt.NDArray[np.float64]
_TEMPERATURES, _MOVES = 40, 3
_SETTLING, _CHECKED, _LATEST = 8, 8, 32
_SHORTEST, _LONGEST = 1, 32
# Where the emulator is far too low a particle is left by short moves alone.
_SHARES = (1.0, 1.0, 0.1)
_LEAST, _MOST = 0.2, 0.4


@dataclass(frozen=True)
class Tempered:
    """States (runs, moves, particles, names) of particles that have settled, after each move.

    `effective` is the effective number of states of every coordinate, `acceptance` the share of their
    moves that the model accepted.
    """

    z: Floats
    effective: Floats
    acceptance: float
    log_evidence: float


def tempered(
    target: Remembered,
    proposal: Proposal,
    *,
    names: int,
    seed: int,
    enough: float,
    runs: int = 4,
    particles: int = 96,
    shown: Callable[[str], None] | None = None,
) -> Tempered:
    """Independent runs, evaluated together, moved until `enough` states are effective, or for so long.

    The temperature rises so that half of the particles count; at 1 they settle, and are then followed.
    ComputationError where it does not reach 1.
    """
    tell = shown or (lambda text: None)
    swarm = _Swarm(target, proposal, runs, particles, names, seed)
    while swarm.temperature < 1:
        if swarm.count == _TEMPERATURES:
            raise ComputationError(
                f"Tempering came to {swarm.temperature:.2g} of the likelihood in {_TEMPERATURES} steps: "
                "the facts ask for parameters far from their priors. Look for facts that contradict each other."
            )
        swarm.warm()
        swarm.learn()
        rate = np.mean([swarm.move() for _ in range(_MOVES)])
        tell(f"temperature {swarm.temperature:.2f}: {rate:.0%} of the moves accepted")
    for number in range(_SETTLING):
        if number % 4 == 0:
            swarm.learn()
        swarm.move()
    return _followed(swarm, enough, tell)


def _followed(swarm: _Swarm, enough: float, tell: Callable[[str], None]) -> Tempered:
    """The states of the swarm after each of its next moves, until `enough` are effective."""
    states: list[Floats] = []
    rates: list[float] = []
    while len(states) < _LATEST:
        rates.append(swarm.move(settled=True))
        states.append(swarm.z.reshape(swarm.runs, -1, swarm.z.shape[1]).copy())
        if len(states) % _CHECKED:
            continue
        z = np.stack(states, axis=1)
        effective = effective_size(z, swarm.families)
        tell(f"{len(states)} moves: {effective.min():.0f} effective draws, {np.mean(rates):.0%} accepted")
        if effective.min() >= enough:
            break
    evidence = float(np.logaddexp.reduce(swarm.log_evidence) - np.log(swarm.runs))
    return Tempered(z, effective, float(np.mean(rates)), evidence)


def effective_size(z: Floats, families: npt.NDArray[np.int_]) -> Floats:
    """The effective number of states (runs, moves, particles, names) of every coordinate.

    It is their variance by that of their mean, which follows from the sums over families: states of one particle,
    and of those that had one ancestor at the last resampling. Where the runs differ more than that explains,
    on the average of all coordinates, what is left of earlier resampling counts as well.
    """
    runs, names = len(z), z.shape[-1]
    apart = z.mean(axis=1).reshape(-1, names) - z.mean(axis=(0, 1, 2))
    members, family = np.unique(families, return_inverse=True)
    sums = np.zeros((len(members), names))
    np.add.at(sums, family, apart)
    of_mean = (sums**2).sum(axis=0) / len(apart) ** 2
    between = z.mean(axis=(1, 2)).var(axis=0, ddof=1) / runs
    found: Floats = z.var(axis=(0, 1, 2)) / of_mean / max(1.0, float((between / of_mean).mean()))
    return found


class _Swarm:
    """All particles of all runs (lanes, names): where they are, how likely, whose children, and how they move."""

    def __init__(self, target: Remembered, proposal: Proposal, runs: int, particles: int, names: int, seed: int):
        self.target, self.proposal, self.runs, self.seed = target, proposal, runs, seed
        self.before = target.lanes
        self.z = np.concatenate([proposal.draw(particles, names, seed, 2000 + run) for run in range(runs)])
        self.total = target.score(self.z).total
        self.temperature, self.count, self.length = 0.0, 0, 16
        self.log_evidence, self.families = np.zeros(runs), np.arange(len(self.z))
        self.random = generator(seed, 3000)

    def warm(self) -> None:
        """Raises the temperature and resamples each run."""
        self.count += 1
        gap = self.total - self.proposal.log_ratio(self.z)
        step = increment(gap, self.temperature)
        self.temperature = min(self.temperature + step, 1.0)
        logs = (step * gap).reshape(self.runs, -1)
        mass = np.logaddexp.reduce(logs, axis=1)
        particles = logs.shape[1]
        self.log_evidence += mass - np.log(particles)
        weights = np.exp(logs - mass[:, None])
        kept = [
            run * particles + resampled(weights[run], particles, self.seed + 101 * self.count + run)
            for run in range(self.runs)
        ]
        self.families = np.concatenate(kept)
        self.z, self.total = self.z[self.families], self.total[self.families]

    def learn(self) -> None:
        """Fits the emulator to all lanes so far, and the steps to where the particles are."""
        drawn = self.target.lanes - self.before
        self.emulator: Emulator = fitted(self.target, *self.target.remembered(), drawn=drawn)
        self.steps = Autoregression.of(self.z, self.proposal.basis)

    def move(self, *, settled: bool = False) -> float:
        """One move of every particle; the share that was accepted, by which the next are longer until `settled`."""
        share = self.random.choice(_SHARES)
        guess, moved, guessed = self._emulated(max(round(share * self.length), 1))
        found = self.target.score(moved).total
        gain = self.temperature * ((found - guessed) - (self.total - guess))
        taken = np.log(self.random.random(len(gain))) < gain
        self.z[taken], self.total[taken] = moved[taken], found[taken]
        rate = float(taken.mean())
        if share == 1 and not settled:
            factor = 0.5 if rate < _LEAST else 2.0 if rate > _MOST else 1.0
            self.length = int(np.clip(self.length * factor, _SHORTEST, _LONGEST))
        return rate

    def _emulated(self, length: int) -> tuple[Floats, Floats, Floats]:
        """A chain of `length` steps of each particle under the emulator: its total here, the end, its total there."""
        z, heat = self.z.copy(), self.temperature
        near, far = self.emulator.total(z), self.proposal.log_ratio(z)
        guess = near.copy()
        for _ in range(length):
            proposed, correction = self.steps.step(z, self.random)
            there, beyond = self.emulator.total(proposed), self.proposal.log_ratio(proposed)
            gain = heat * (there - near) + (1 - heat) * (beyond - far) + correction
            taken = np.log(self.random.random(len(z))) < gain
            z[taken], near[taken], far[taken] = proposed[taken], there[taken], beyond[taken]
        return guess, z, near
