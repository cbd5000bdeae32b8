"""What a real trial of a given size would find, by drawing such trials from the virtual one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from insulinoma.cohort.analysis.contrast import p_value
from insulinoma.cohort.analysis.frame import Sample
from insulinoma.cohort.design import Endpoint

REPEATS = 400


@dataclass(frozen=True)
class Power:
    """The share of trials of a size that find a difference at 5 %, and its Monte Carlo error."""

    patients_an_arm: int
    power: float
    error: float


def power(endpoint: Endpoint, first: Sample, second: Sample, size: int, *, seed: int) -> Power:
    """The power of a real, randomized trial with so many patients in each of two arms."""
    share = float(rejections(endpoint, first, second, size, seed=seed).mean())
    return Power(size, share, float(np.sqrt(share * (1 - share) / REPEATS)))


def rejections(
    endpoint: Endpoint, first: Sample, second: Sample, size: int, *, seed: int, repeats: int = REPEATS
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each of the drawn trials whether it rejects equality at 5 %; patients are drawn with replacement."""
    random = np.random.Generator(np.random.Philox(key=np.array([seed, size], dtype=np.uint64)))
    found = np.zeros(repeats, bool)
    for repeat in range(repeats):
        drawn = [one.taken(random.integers(0, len(one), size)) for one in (first, second)]
        found[repeat] = p_value(endpoint, drawn[0], drawn[1]) < 0.05
    return found


def randomized_again(
    endpoint: Endpoint, everyone: Sample, *, seed: int, repeats: int = REPEATS
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each of many new randomizations of the same patients whether equal arms are found to differ at 5 %."""
    random = np.random.Generator(np.random.Philox(key=np.array([seed, 0], dtype=np.uint64)))
    found = np.zeros(repeats, bool)
    half = len(everyone) // 2
    for repeat in range(repeats):
        order = random.permutation(len(everyone))
        found[repeat] = p_value(endpoint, everyone.taken(order[:half]), everyone.taken(order[half:])) < 0.05
    return found
