"""Whether the facts look like what the calibrated model would give again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import noise
from insulinoma.calibrate.likelihood import Inside, Measured
from insulinoma.calibrate.observation import Observation

Floats = npt.NDArray[np.float64]
_LEAST = 1e-12
_CONTRADICTED, _DOUBTFUL, _FAR, _TOGETHER = 0.1, 0.8, 0.01, 0.02


@dataclass(frozen=True)
class Check:
    """The predictive check of one fact.

    For a number: median and 90 % interval of the same measurement made again, and its `tail`
    (two-sided). For a statement: the `probability` that it would be made again.
    """

    fact: str
    says: str
    unit: str
    observed: float | None
    median: float
    interval_90: tuple[float, float]
    tail: float | None
    probability: float | None

    @property
    def verdict(self) -> str:
        """`agrees`, `doubtful`, or `contradicted` where the model cannot bring it together with the other facts."""
        if self.probability is not None:
            if self.probability < _CONTRADICTED:
                return "contradicted"
            return "agrees" if self.probability > _DOUBTFUL else "doubtful"
        if self.tail is not None and self.tail < _FAR:
            return "contradicted"
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
            "probability": self.probability,
            "verdict": self.verdict,
        }


def repeated(observations: tuple[Observation, ...], predicted: Floats, seed: int) -> Floats:
    """What the same facts would say again, (lanes, facts): numbers with their error, statements 1 or 0."""
    normal = noise(seed, 40, predicted.shape)
    logs = np.log(np.maximum(predicted, _LEAST))
    columns = [item.likelihood.repeated(logs[:, i], normal[:, i]) for i, item in enumerate(observations)]
    return np.stack(columns, axis=1)


def checks(observations: tuple[Observation, ...], predicted: Floats, again: Floats) -> list[Check]:
    """The predictive check of every fact from predictions and repetitions (lanes, facts)."""
    return [_check(item, predicted[:, i], again[:, i]) for i, item in enumerate(observations)]


def at_odds(observations: tuple[Observation, ...], predicted: Floats) -> list[tuple[str, str, float]]:
    """Pairs of statements that hardly any draw (lanes, facts) has both right, with the probability of both."""
    rows = [index for index, item in enumerate(observations) if isinstance(item.likelihood, Inside)]
    logs = np.log(np.maximum(predicted, _LEAST))
    holds = {index: _probability(observations[index], logs[:, index]) for index in rows}
    found = []
    for place, first in enumerate(rows):
        for second in rows[place + 1 :]:
            both = float((holds[first] * holds[second]).mean())
            if both < _TOGETHER:
                found.append((observations[first].fact, observations[second].fact, both))
    return found


def _probability(item: Observation, logs: Floats) -> Floats:
    if isinstance(item.likelihood, Measured):
        raise TypeError(f"{item.fact} is a number and no statement")
    return item.likelihood.probability(logs)


def _check(item: Observation, predicted: Floats, again: Floats) -> Check:
    if isinstance(item.likelihood, Measured):
        low, median, high = np.percentile(again, [5, 50, 95])
        below = float(np.mean(again <= item.likelihood.value))
        tail = 2 * min(below, 1 - below)
        interval = (float(low), float(high))
        return Check(item.fact, item.says, item.unit, item.likelihood.value, float(median), interval, tail, None)
    low, median, high = np.percentile(predicted, [5, 50, 95])
    probability = float(item.likelihood.probability(np.log(np.maximum(predicted, _LEAST))).mean())
    interval = (float(low), float(high))
    return Check(item.fact, item.says, item.unit, None, float(median), interval, None, probability)
