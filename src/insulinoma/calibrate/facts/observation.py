"""Facts as terms of a likelihood, and the joint likelihood of those drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.likelihood import Inside, Measured, of_values
from insulinoma.calibrate.facts.quantity import Quantity
from insulinoma.calibrate.facts.readings import Readings
from insulinoma.calibrate.sampling.target import IMPOSSIBLE, Scores

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Observation:
    """One fact of a record: the quantity that it speaks of and what it says of it.

    `unit` is that of the model; facts of one `sample` were seen at the same, perhaps unknown, time.
    `because` says how the fact was read.
    """

    fact: str
    says: str
    quantity: Quantity
    likelihood: Measured | Inside
    unit: str
    sample: str
    because: str = ""


def score(observations: Sequence[Observation], course: Course) -> Scores:
    """The likelihood of all facts; where the time of a sample is not known, all its times count alike."""
    readings = Readings.of(item.quantity for item in observations)
    features = readings.features(course)
    logs = [readings.log(item.quantity, features) for item in observations]
    columns: list[tuple[Floats, Floats, Floats]] = []
    total = np.zeros(course.lanes)
    for group in _samples(observations):
        joint, found = _sample([observations[index] for index in group], [logs[index] for index in group])
        total += joint
        columns += found
    each, residuals, predicted = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    failed = ~np.isfinite(total)
    each[failed], total[failed], residuals[failed] = IMPOSSIBLE, IMPOSSIBLE, 1e3
    return Scores(each, total, residuals, predicted, features)


def total_of(observations: Sequence[Observation], logs: Floats, misses: Floats) -> Floats:
    """The joint log-likelihood (lanes,) of quantities whose logarithms (lanes, readings) are in error.

    The readings of all observations stand side by side; `misses` (others, readings) are errors of other lanes.
    Values read once may be missed together; where the time is not known each fact is in error by itself.
    """
    ends = np.cumsum([item.quantity.width for item in observations])
    errors = np.sqrt((misses**2).mean(axis=0))
    total = np.zeros(len(logs))
    once: dict[int, Measured] = {}
    for group in _samples(observations):
        if len(group) == 1 and (number := _read_once(observations[group[0]])):
            once[int(ends[group[0]]) - 1] = number
            continue
        densities = []
        for index in group:
            item = observations[index]
            columns = slice(ends[index] - item.quantity.width, ends[index])
            likelihood = item.likelihood.widened(float(errors[columns].mean()))
            densities.append(likelihood.log_density(logs[:, columns]))
        total += _log_mean(np.sum(densities, axis=0))
    places = list(once)
    return total + of_values(list(once.values()), logs[:, places], misses[:, places])


def _read_once(item: Observation) -> Measured | None:
    """What was measured where its time is known, of which there are a hundred in a rich record."""
    return item.likelihood if isinstance(item.likelihood, Measured) and item.quantity.width == 1 else None


def _samples(observations: Sequence[Observation]) -> list[list[int]]:
    """The places of the facts of each sample; observations stand in the order of their samples."""
    order = range(len(observations))
    return [list(group) for _, group in groupby(order, key=lambda index: observations[index].sample)]


def _sample(group: list[Observation], logs: list[Floats]) -> tuple[Floats, list[tuple[Floats, Floats, Floats]]]:
    """The joint likelihood of the facts of one sample, and each given the others, by lane."""
    densities = [item.likelihood.log_density(log) for item, log in zip(group, logs, strict=True)]
    together = np.sum(densities, axis=0)
    joint = _log_mean(together)
    shares = np.exp(together - together.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    found = []
    for item, log, density in zip(group, logs, densities, strict=True):
        without = _log_mean(together - density) if len(group) > 1 else 0.0
        center = (shares * log).sum(axis=1)
        found.append((joint - without, item.likelihood.residual(center), np.exp(center)))
    return joint, found


def _log_mean(values: Floats) -> Floats:
    """The logarithm of the mean of exponentials along the second axis."""
    highest = values.max(axis=1)
    found: Floats = highest + np.log(np.exp(values - highest[:, None]).mean(axis=1))
    return found
