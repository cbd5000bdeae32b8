"""Sequential Monte Carlo: particles led from a proposal to the posterior by tempering, moved by Markov steps.

Used where importance weights cannot be trusted, and as a second sampler. In the informed directions the
steps are an independent Student-t and a random walk; across them an autoregression that keeps the prior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.mixture import Mixture, refitted
from insulinoma.calibrate.target import Target
from insulinoma.calibrate.weights import increment, resampled

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tempered:
    """Particles (runs, particles, names) of equal weight, with the logarithm of the likelihood.

    `acceptance` is the mean over the Markov steps of the last temperature.
    """

    z: Floats
    total: Floats
    temperatures: int
    acceptance: float
    log_evidence: float


def tempered(
    target: Target,
    mixture: Mixture,
    *,
    names: int,
    seed: int,
    runs: int = 4,
    particles: int = 256,
    steps: int = 4,
    shown: Callable[[str], None] | None = None,
) -> Tempered:
    """Independent runs, all evaluated together; the temperature rises so that half of the particles count."""
    z = np.stack([mixture.draw(particles, names, seed, 2000 + run) for run in range(runs)])
    total = _totals(target, z)
    temperature, count, accepted = np.zeros(runs), 0, 0.0
    evidence = np.zeros(runs)
    random = np.random.Generator(np.random.Philox(key=np.array([seed, 3000], dtype=np.uint64)))
    while (temperature < 1).any() and count < 30:
        count += 1
        ratio = _ratios(mixture, z)
        step = np.array([increment(total[run] - ratio[run], temperature[run]) for run in range(runs)])
        logs = step[:, None] * (total - ratio)
        evidence += np.logaddexp.reduce(logs, axis=1) - np.log(particles)
        temperature = np.minimum(temperature + step, 1.0)
        weights = np.exp(logs - np.logaddexp.reduce(logs, axis=1)[:, None])
        learned = refitted(mixture, z.reshape(-1, names), weights.ravel() / runs)
        for run in range(runs):
            kept = resampled(weights[run], particles, seed + 101 * count + run)
            z[run], total[run] = z[run][kept], total[run][kept]
        for _ in range(steps if (temperature < 1).any() else 2 * steps):
            accepted = _move(target, mixture, learned, z, total, temperature, random)
        if shown:
            shown(f"temperature {temperature.min():.2f}: {accepted:.0%} of the steps accepted")
    return Tempered(z, total, count, accepted, float(evidence.mean()))


def _totals(target: Target, z: Floats) -> Floats:
    return target.score(z.reshape(-1, z.shape[-1])).total.reshape(z.shape[:2])


def _ratios(mixture: Mixture, z: Floats) -> Floats:
    return mixture.log_ratio(z.reshape(-1, z.shape[-1])).reshape(z.shape[:2])


def _move(
    target: Target,
    mixture: Mixture,
    learned: Mixture,
    z: Floats,
    total: Floats,
    temperature: Floats,
    random: np.random.Generator,
) -> float:
    """One Markov step of every particle, in place; the share that was accepted."""
    _, particles, names = z.shape
    flat, here = z.reshape(-1, names), total.reshape(-1)
    heat = np.repeat(temperature, particles)
    alone = random.random(len(flat)) < 0.5
    stream = int(random.integers(1 << 30))
    jump = learned.draw(len(flat), names, stream, 1)
    walk, correction = _walk(learned, flat, random)
    proposed = np.where(alone[:, None], jump, walk)
    found = target.score(proposed).total

    def tilted(points: Floats, likelihood: Floats) -> Floats:
        """The density by that of the prior at the temperature of the run."""
        return (1 - heat) * mixture.log_ratio(points) + heat * likelihood

    independent = learned.log_ratio(flat) - learned.log_ratio(proposed)
    gain = tilted(proposed, found) - tilted(flat, here) + np.where(alone, independent, correction)
    taken = np.log(random.random(len(flat))) < gain
    flat[taken], here[taken] = proposed[taken], found[taken]
    z[:], total[:] = flat.reshape(z.shape), here.reshape(total.shape)
    return float(taken.mean())


def _walk(learned: Mixture, z: Floats, random: np.random.Generator) -> tuple[Floats, Floats]:
    """A random walk in the directions of one component, autoregression across them, and its log prior ratio."""
    component = learned.components[int(random.integers(len(learned.components)))]
    basis, rank = component.basis, len(component.mean)
    root = np.linalg.cholesky(component.scale)
    inside = z @ basis
    outside = z - inside @ basis.T
    fresh = random.standard_normal(z.shape)
    fresh -= (fresh @ basis) @ basis.T
    length = random.choice([0.3, 1.0, 2.0]) / np.sqrt(max(rank, 1))
    moved = inside + length * random.standard_normal(inside.shape) @ root.T
    keep = 0.8
    proposed = keep * outside + np.sqrt(1 - keep**2) * fresh + moved @ basis.T
    correction: Floats = 0.5 * ((inside**2).sum(axis=1) - (moved**2).sum(axis=1))
    return proposed, correction
