"""Records whose truth is known: the facts of a problem drawn anew for a patient with chosen parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.facts.read import Facts
from insulinoma.calibrate.problem import Problem
from insulinoma.calibrate.sampling.noise import generator, noise
from insulinoma.errors import ComputationError

Floats = npt.NDArray[np.float64]


def with_facts_of(problem: Problem, truth: Floats, seed: int) -> Problem:
    """The problem with the facts that a patient at coordinates (names,) would have had.

    Each is drawn from its own likelihood: a number with its error, at one of the times at which its
    sample may have been taken; a statement, or its opposite. ComputationError where the course of the
    patient cannot be computed.
    """
    observations = problem.facts.observations
    scores = problem.score(truth[None])
    if not np.isfinite(scores.features).all() or not np.isfinite(scores.each).all():
        raise ComputationError("The course of this patient cannot be computed.")
    logs = [problem.readings.log(item.quantity, scores.features)[0] for item in observations]
    found = tuple(_drawn(observations, logs, seed))
    return replace(problem, facts=Facts(found, problem.facts.unused))


def _drawn(observations: tuple[Observation, ...], logs: list[Floats], seed: int) -> Iterator[Observation]:
    normal = noise(seed, 80, (len(observations),))
    uniform = generator(seed, 81).random
    order = range(len(observations))
    for _, group in groupby(order, key=lambda index: observations[index].sample):
        moment = uniform()
        for index in group:
            log = float(logs[index][int(moment * len(logs[index]))])
            item = observations[index]
            yield replace(item, likelihood=item.likelihood.drawn(log, float(normal[index])))
