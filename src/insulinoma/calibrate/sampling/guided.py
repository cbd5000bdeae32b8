"""A proposal that knows the likelihood: draws of the posterior under an emulator.

The draws are particles led from the prior to that posterior by tempering, which costs no lane. Importance
weights make good what the emulator misses, so that it decides how many draws are needed and not what they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.emulator import Emulator
from insulinoma.calibrate.sampling.mixture import Mixture
from insulinoma.calibrate.sampling.moves import Autoregression
from insulinoma.calibrate.sampling.noise import generator
from insulinoma.calibrate.sampling.weights import increment, resampled

Floats = npt.NDArray[np.float64]
_PARTICLES, _TEMPERATURES = 1024, 60
# With half as many moves a region that steps reach slowly gets too few particles, which no weight tells.
_MOVES, _LAST_MOVES = 16, 60
# Particles of a population share ancestors. Every fourth draw is of the same one, so that four parts stay independent.
POPULATIONS = 4


@dataclass(frozen=True)
class Guided:
    """The posterior under an emulator, mixed with a wider mixture; its density by that of the prior is known."""

    emulator: Emulator
    particles: Floats
    log_evidence: float
    wide: Mixture
    share: float = 0.9

    @property
    def basis(self) -> Floats:
        """The informed directions (names, rank)."""
        return self.wide.basis

    def draw(self, lanes: int, names: int, seed: int, stream: int) -> Floats:
        """Coordinates (lanes, names), the same for the same seed and stream."""
        each = round(self.share * lanes / POPULATIONS)
        random = generator(seed, stream)
        parts = [part[_shuffled(len(part), each, random)] for part in np.split(self.particles, POPULATIONS)]
        near = np.stack(parts, axis=1).reshape(-1, names)
        found: Floats = np.concatenate([near, self.wide.draw(lanes - len(near), names, seed, stream + 500)])
        return found

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density by that of the prior, by lane."""
        near = np.log(self.share) + self.emulator.total(z) - self.log_evidence
        found: Floats = np.logaddexp(near, np.log1p(-self.share) + self.wide.log_ratio(z))
        return found


def _shuffled(count: int, wanted: int, random: np.random.Generator) -> npt.NDArray[np.int_]:
    """So many places of `count` at random, all of them before any comes again."""
    return np.concatenate([random.permutation(count) for _ in range(1 + wanted // count)])[:wanted]


def guided(emulator: Emulator, wide: Mixture, names: int, seed: int, stream: int) -> Guided:
    """The proposal of an emulator, its particles led there from the prior, where no region is missing."""
    random = generator(seed, 9000 + stream)
    z = random.standard_normal((_PARTICLES, names))
    total = emulator.total(z)
    temperature, evidence, size = 0.0, np.zeros(POPULATIONS), _PARTICLES // POPULATIONS
    for count in range(_TEMPERATURES):
        step = increment(total, temperature)
        temperature += step
        logs = (step * total).reshape(POPULATIONS, size)
        mass = np.logaddexp.reduce(logs, axis=1)
        evidence += mass - np.log(size)
        weights = np.exp(logs - mass[:, None])
        kept = np.concatenate(
            [number * size + resampled(part, size, seed + 101 * count + number) for number, part in enumerate(weights)]
        )
        z, total = z[kept], total[kept]
        last = temperature >= 1
        for _ in range(_LAST_MOVES if last else _MOVES):
            proposed, correction = Autoregression.of(z, wide.basis).step(z, random)
            there = emulator.total(proposed)
            taken = np.log(random.random(len(z))) < temperature * (there - total) + correction
            z[taken], total[taken] = proposed[taken], there[taken]
        if last:
            break
    return Guided(emulator, z, float(np.logaddexp.reduce(evidence) - np.log(POPULATIONS)), wide)
