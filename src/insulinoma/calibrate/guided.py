"""A proposal that knows the likelihood: draws of the posterior under an emulator.

The draws are particles led from the prior to that posterior by tempering, which costs no lane. Importance
weights make good what the emulator misses, so that it decides how many draws are needed and not what they say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import generator
from insulinoma.calibrate.emulator import Emulator
from insulinoma.calibrate.mixture import Mixture
from insulinoma.calibrate.moves import Autoregression
from insulinoma.calibrate.weights import increment, resampled

Floats = npt.NDArray[np.float64]
_PARTICLES, _TEMPERATURES = 1024, 60
_MOVES, _LAST_MOVES = 8, 40


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
        near = round(self.share * lanes)
        random = generator(seed, stream)
        chosen = np.concatenate([random.permutation(len(self.particles)) for _ in range(1 + near // _PARTICLES)])
        found: Floats = np.concatenate(
            [self.particles[chosen[:near]], self.wide.draw(lanes - near, names, seed, stream + 500)]
        )
        return found

    def log_ratio(self, z: Floats) -> Floats:
        """The logarithm of the density by that of the prior, by lane."""
        near = np.log(self.share) + self.emulator.total(z) - self.log_evidence
        found: Floats = np.logaddexp(near, np.log1p(-self.share) + self.wide.log_ratio(z))
        return found


def guided(emulator: Emulator, wide: Mixture, names: int, seed: int, stream: int) -> Guided:
    """The proposal of an emulator, its particles led there from the prior, where no region is missing."""
    random = generator(seed, 9000 + stream)
    z = random.standard_normal((_PARTICLES, names))
    total = emulator.total(z)
    temperature = evidence = 0.0
    for count in range(_TEMPERATURES):
        step = increment(total, temperature)
        temperature += step
        mass = float(np.logaddexp.reduce(step * total))
        evidence += mass - float(np.log(_PARTICLES))
        kept = resampled(np.exp(step * total - mass), _PARTICLES, seed + 101 * count)
        z, total = z[kept], total[kept]
        last = temperature >= 1
        for _ in range(_LAST_MOVES if last else _MOVES):
            proposed, correction = Autoregression.of(z, wide.basis).step(z, random)
            there = emulator.total(proposed)
            taken = np.log(random.random(len(z))) < temperature * (there - total) + correction
            z[taken], total[taken] = proposed[taken], there[taken]
        if last:
            break
    return Guided(emulator, z, evidence, wide)
