"""Whether the facts look like what the calibrated model would give again.

A fact is contradicted where it lies too far in the tail of what all *other* facts predict (leave-one-out, by
importance weights): with K facts below 0.05 / K, so that a record from the model itself is called contradictory
in at most 5 % of cases (Bonferroni). Pairs of statements that exclude each other are found alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.likelihood import Inside, Measured
from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.sampling.diagnostics import smoothed
from insulinoma.calibrate.sampling.noise import noise

Floats = npt.NDArray[np.float64]
_LEAST = 1e-12
_FALSE_ALARMS, _DOUBTFUL = 0.05, 0.8


@dataclass(frozen=True)
class Check:
    """The predictive check of one fact.

    For a number: median and 90 % interval of the same measurement made again. For a statement: the
    posterior `probability` that it is right. `tail` is the probability, given all other facts, of a number
    as far off or of a source that is right and says so; below `limit` the fact is contradicted.
    """

    fact: str
    says: str
    unit: str
    observed: float | None
    median: float
    interval_90: tuple[float, float]
    tail: float
    limit: float
    probability: float | None

    @property
    def verdict(self) -> str:
        """`agrees`, `doubtful`, or `contradicted` where the model cannot bring it together with the other facts."""
        if self.tail < self.limit:
            return "contradicted"
        if self.probability is not None:
            return "agrees" if self.probability > _DOUBTFUL else "doubtful"
        low, high = self.interval_90
        return "agrees" if self.observed is not None and low <= self.observed <= high else "doubtful"

    def json(self) -> dict[str, Any]:
        """The check as it is printed."""
        return {
            "says": self.says,
            "unit": self.unit,
            "observed": self.observed,
            "predicted": {"median": self.median, "interval_90": list(self.interval_90)},
            "tail": self.tail,
            "limit": self.limit,
            "probability": self.probability,
            "verdict": self.verdict,
        }


def repeated(observations: tuple[Observation, ...], predicted: Floats, seed: int) -> Floats:
    """What the same facts would say again, (lanes, facts): numbers with their error, statements 1 or 0."""
    normal = noise(seed, 40, predicted.shape)
    logs = np.log(np.maximum(predicted, _LEAST))
    columns = [item.likelihood.repeated(logs[:, i], normal[:, i]) for i, item in enumerate(observations)]
    return np.stack(columns, axis=1)


def checks(observations: tuple[Observation, ...], predicted: Floats, each: Floats, again: Floats) -> list[Check]:
    """The predictive check of every fact from predictions, log-likelihoods and repetitions (lanes, facts)."""
    logs = np.log(np.maximum(predicted, _LEAST))
    limit = _FALSE_ALARMS / len(observations)
    found = []
    for column, item in enumerate(observations):
        others = smoothed(-each[:, column])[0]
        found.append(_check(item, logs[:, column], others, again[:, column], limit))
    return found


def at_odds(observations: tuple[Observation, ...], predicted: Floats, each: Floats) -> list[tuple[str, str, float]]:
    """Pairs of statements that exclude each other, with the probability, given all other facts, of both."""
    logs = np.log(np.maximum(predicted, _LEAST))
    holds = {
        index: item.likelihood.probability(logs[:, index])
        for index, item in enumerate(observations)
        if isinstance(item.likelihood, Inside)
    }
    pairs = list(combinations(holds, 2))
    found = []
    for first, second in pairs:
        others = smoothed(-each[:, first] - each[:, second])[0]
        both = float(others @ (holds[first] * holds[second]))
        # Statements that are right together or not at all are not at odds with one another.
        apart = float(others @ holds[first]) * float(others @ holds[second])
        if both < min(apart, _FALSE_ALARMS / len(pairs)):
            found.append((observations[first].fact, observations[second].fact, both))
    return found


def _check(item: Observation, logs: Floats, others: Floats, again: Floats, limit: float) -> Check:
    """The check of a fact from draws (lanes,) and their weights without it."""
    from scipy.special import ndtr

    likelihood = item.likelihood
    if isinstance(likelihood, Measured):
        low, median, high = np.percentile(again, [5, 50, 95])
        below = float(others @ ndtr(-likelihood.residual(logs)))
        tail, probability = 2 * min(below, 1 - below), None
    else:
        low, median, high = np.percentile(np.exp(logs), [5, 50, 95])
        right = likelihood.probability(logs)
        tail, probability = float(others @ right), float(right.mean())
    value = likelihood.value if isinstance(likelihood, Measured) else None
    interval = (float(low), float(high))
    return Check(item.fact, item.says, item.unit, value, float(median), interval, tail, limit, probability)
