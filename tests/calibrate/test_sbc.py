"""Simulation-based calibration of the sampler: truth drawn from the prior has a uniform rank among posterior draws."""

from __future__ import annotations

import numpy as np
from planted import Linear
from scipy import stats

from insulinoma.calibrate.sampling.draws import sample, starts
from insulinoma.calibrate.sampling.noise import noise

REPLICATES, BINS = 96, 8


class Drawn(Linear):
    """A problem whose data were made from a truth of the prior."""

    def __init__(self, seed: int) -> None:
        super().__init__(names=10, facts=4, sd=0.3, seed=7)
        self.truth = noise(seed, 11, (10,))
        self.seen = self.matrix @ self.truth + self.sd * noise(seed, 12, (4,))

    def features(self, z: np.ndarray) -> np.ndarray:
        straight = z @ self.matrix.T
        return straight + 0.1 * straight**2 if hasattr(self, "truth") else straight


def test_ranks_are_uniform_and_intervals_cover() -> None:
    ranks, inside = [], {50: [], 80: [], 95: []}
    for replicate in range(REPLICATES):
        target = Drawn(replicate)
        target.seen = target.features(target.truth[None])[0] + target.sd * noise(replicate, 12, (4,))
        z = noise(replicate, 1, (64, 10))
        found = sample(target, starts(z, target.score(z).total, count=2), seed=replicate, draws=160, enough=150)
        draws = found.z.reshape(-1, 10)
        ranks.append((draws < target.truth).mean(axis=0))
        for level, hits in inside.items():
            low, high = np.percentile(draws, [50 - level / 2, 50 + level / 2], axis=0)
            hits.append((low <= target.truth) & (target.truth <= high))
    for column in np.array(ranks).T:
        counts = np.histogram(column, bins=BINS, range=(0, 1))[0]
        assert stats.chisquare(counts).pvalue > 0.001
    for level, hits in inside.items():
        covered, total = int(np.sum(hits)), np.size(hits)
        low, high = stats.binom.ppf([0.0005, 0.9995], total, level / 100)
        assert low <= covered <= high, level
