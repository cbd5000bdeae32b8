"""What the data said of each parameter: how far it moved, by which facts, and what moves with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.diagnostics import smoothed
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Scores

Floats = npt.NDArray[np.float64]
MOVED = 0.2
_STRONG = 0.5
_MOST_TOLD = 3
_FELT, _FALSE_ALARMS = 0.05, 0.05


@dataclass(frozen=True)
class Movement:
    """How far the data moved one coordinate, whose prior is standard normal.

    `distance` is Hellinger's between prior and posterior, both taken as normal: 0 where nothing was
    learned, 1 where nothing of the prior is left. `contraction` is the share of the prior variance
    that is gone. `by` names the facts without which the mean or the spread would move, with the size;
    of a fact that draws of the posterior can hardly do without, the size is the least that it moves.
    """

    mean: float
    sd: float
    distance: float
    contraction: float
    by: tuple[tuple[str, float], ...]

    @property
    def moved(self) -> bool:
        """Whether the data moved it by more than sampling noise does."""
        return self.distance > MOVED


def movements(z: Floats, scores: Scores, facts: tuple[str, ...], effective: Floats) -> list[Movement]:
    """The movement of each coordinate from draws (lanes, names) and the likelihood of the facts there.

    `effective` (names,) is how many independent draws those of each coordinate are worth. A fact is named of a
    parameter with which it has nothing to do in at most 5 % of calibrations.
    """
    mean, sd = np.asarray(z.mean(axis=0)), np.asarray(z.std(axis=0))
    shifts = np.stack([_without(z, column) for column in scores.each.T], axis=1)
    shifts[~_related(z, scores.residuals, np.minimum(effective, len(z)))] = 0.0
    found = []
    for index in range(z.shape[1]):
        order = np.argsort(-shifts[index])[:_MOST_TOLD]
        by = tuple((facts[fact], float(shifts[index, fact])) for fact in order if shifts[index, fact] > _FELT)
        found.append(
            Movement(
                float(mean[index]),
                float(sd[index]),
                hellinger(float(mean[index]), float(sd[index])),
                float(1 - sd[index] ** 2),
                by,
            )
        )
    return found


def hellinger(mean: float, sd: float) -> float:
    """Hellinger's distance of a normal distribution from the standard one.

    >>> hellinger(0.0, 1.0), round(hellinger(3.0, 0.1), 2)
    (0.0, 0.98)
    """
    together = 1 + sd**2
    overlap = np.sqrt(2 * sd / together) * np.exp(-0.25 * mean**2 / together)
    return float(np.sqrt(max(0.0, 1 - overlap)))


def _without(z: Floats, log_likelihood: Floats) -> Floats:
    """How far each mean and spread moves, in prior standard deviations, when one fact is left out.

    The draws are weighted by one over the fact's likelihood, the largest weights smoothed.
    """
    weights = smoothed(-log_likelihood)[0][:, None]
    mean = (weights * z).sum(axis=0)
    sd = np.sqrt((weights * (z - mean) ** 2).sum(axis=0))
    found: Floats = np.hypot(mean - z.mean(axis=0), sd - z.std(axis=0))
    return found


def _related(z: Floats, residuals: Floats, effective: Floats) -> npt.NDArray[np.bool_]:
    """Whether a fact has to do with a coordinate beyond chance, (names, facts).

    Its residual is held against the coordinate and against the distance from the mean, all as normal scores, so that
    no draw in the tails decides alone. In one of 20 cases at most any of all these correlations errs (Bonferroni).
    """
    from scipy.special import ndtri

    facts = _normal_scores(residuals)
    tests = [_normal_scores(values) for values in (z, np.abs(z - z.mean(axis=0)))]
    limit = -ndtri(_FALSE_ALARMS / (2 * len(tests) * z.shape[1] * facts.shape[1]))
    strongest = np.max([np.abs(test.T @ facts) for test in tests], axis=0) / (facts**2).sum(axis=0)
    found: npt.NDArray[np.bool_] = strongest * np.sqrt(effective)[:, None] > limit
    return found


def _normal_scores(values: Floats) -> Floats:
    """Each column as if drawn from a standard normal distribution, in the same order."""
    from scipy.special import ndtri

    ranks = values.argsort(axis=0).argsort(axis=0)
    return np.asarray(ndtri((ranks + 0.5) / len(values)), dtype=np.float64)


def correlations(z: Floats, names: tuple[str, ...], moved: npt.NDArray[np.bool_]) -> list[tuple[str, str, float]]:
    """Pairs of parameters, one of them moved at least, whose posterior correlation is strong, the strongest first."""
    table = np.atleast_2d(np.corrcoef(z.T))
    strong = (np.abs(np.tril(table, -1)) > _STRONG) & (moved[:, None] | moved)
    pairs = [(names[i], names[j], float(table[i, j])) for i, j in zip(*np.nonzero(strong), strict=True)]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def expected_information(predicted: Floats, sd: float, seed: int) -> float:
    """The information (nats) that a measurement with log-normal error `sd` is expected to give of the parameters.

    By nested Monte Carlo over predictions (lanes,) of equal weight.
    """
    logs = np.log(np.maximum(predicted, 1e-12)) / sd
    normal = noise(seed, 60, logs.shape)
    seen = logs + normal
    # The prediction that was seen is among them, so that no mean of densities is zero.
    marginal = np.log([np.exp(-0.5 * (value - logs) ** 2).mean() for value in seen])
    return max(float(np.mean(-0.5 * normal**2 - marginal)), 0.0)
