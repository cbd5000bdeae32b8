"""What the data said of each parameter: how far it moved, by which facts, and what moves with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import noise
from insulinoma.calibrate.diagnostics import smoothed

Floats = npt.NDArray[np.float64]
MOVED = 0.2
_STRONG = 0.5
_MOST_TOLD = 3
_FELT = 0.1


@dataclass(frozen=True)
class Movement:
    """How far the data moved one coordinate, whose prior is standard normal.

    `distance` is Hellinger's between prior and posterior, both taken as normal: 0 where nothing was
    learned, 1 where nothing of the prior is left. `contraction` is the share of the prior variance
    that is gone. `by` names the facts without which the mean or the spread would move, with the size.
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


def movements(z: Floats, log_likelihood: Floats, facts: tuple[str, ...]) -> list[Movement]:
    """The movement of each coordinate from draws (lanes, names) and their log-likelihood (lanes, facts)."""
    mean, sd = np.asarray(z.mean(axis=0)), np.asarray(z.std(axis=0))
    shifts = np.stack([_without(z, column) for column in log_likelihood.T], axis=1)
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


def correlations(z: Floats, names: tuple[str, ...], moved: npt.NDArray[np.bool_]) -> list[tuple[str, str, float]]:
    """Pairs of moved parameters whose posterior correlation is strong, the strongest first."""
    rows = np.flatnonzero(moved)
    if len(rows) < 2:
        return []
    table = np.atleast_2d(np.corrcoef(z[:, rows].T))
    pairs = [
        (names[rows[i]], names[rows[j]], float(table[i, j]))
        for i in range(len(rows))
        for j in range(i)
        if abs(table[i, j]) > _STRONG
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def expected_information(predicted: Floats, sd: float, seed: int) -> float:
    """The information (nats) that a measurement with log-normal error `sd` is expected to give of the parameters.

    By nested Monte Carlo over predictions (lanes,) of equal weight.
    """
    logs = np.log(np.maximum(predicted, 1e-12))
    seen = logs + sd * noise(seed, 60, logs.shape)
    squares = -0.5 * ((seen[:, None] - logs[None, :]) / sd) ** 2
    marginal = np.logaddexp.reduce(squares, axis=1) - np.log(len(logs))
    own = -0.5 * ((seen - logs) / sd) ** 2
    return float(max(np.mean(own - marginal), 0.0))
