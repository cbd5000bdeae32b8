"""Draws patients by seed and number, each the same in any batch, order and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.population import (
    Body,
    LogNormal,
    Normal,
    Population,
    Spread,
    correlation_matrix,
    spreads_by_grade,
    subject_of,
    varying,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Stream(IntEnum):
    """What a patient's random numbers are for; each purpose has its own."""

    PERSON = 0
    PARAMETERS = 1
    ARM = 2
    FATE = 3
    VISITS = 4


def noise(seed: int, number: int, stream: Stream, *, attempt: int = 0) -> np.random.Generator:
    """The random numbers of one patient for one purpose: Philox, keyed by seed and number [Salmon2011]."""
    key = np.array([seed, number], dtype=np.uint64)
    counter = np.array([0, 0, attempt, int(stream)], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


@dataclass(frozen=True)
class Patients:
    """Patients as columns: number, how many candidates came before, grade, and all parameters that vary."""

    numbers: Integers
    attempts: Integers
    grades: npt.NDArray[np.str_]
    parameters: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.numbers)

    def taken(self, rows: npt.NDArray[Any]) -> Patients:
        """Some of the patients, by index or by mask."""
        return Patients(
            self.numbers[rows],
            self.attempts[rows],
            self.grades[rows],
            {name: values[rows] for name, values in self.parameters.items()},
        )


def joined(parts: Sequence[Patients]) -> Patients:
    """Several groups of patients as one, in the order of their numbers."""
    numbers = np.concatenate([part.numbers for part in parts])
    order = np.argsort(numbers, kind="stable")
    names = parts[0].parameters
    return Patients(
        numbers[order],
        np.concatenate([part.attempts for part in parts])[order],
        np.concatenate([part.grades for part in parts])[order],
        {name: np.concatenate([part.parameters[name] for part in parts])[order] for name in names},
    )


def draw(population: Population, numbers: Sequence[int], *, seed: int, attempt: int = 0) -> Patients:
    """The candidates of some numbers; `attempt` counts candidates before who were not taken in.

    >>> from insulinoma.cohort.population_file import read_population
    >>> healthy = read_population("healthy-adults")
    >>> one, many = draw(healthy, [7], seed=1), draw(healthy, range(9), seed=1)
    >>> bool(one.parameters["glucose.G_b"][0] == many.parameters["glucose.G_b"][7])
    True
    """
    person = np.array([_person_noise(seed, number, attempt) for number in numbers])
    grades = _grades(population, person[:, 4])
    values = _covariates(population, person) | _parameters(
        population, grades, _noise(population, numbers, seed, attempt)
    )
    return Patients(np.array(numbers, np.int64), np.full(len(grades), attempt, np.int64), grades, values)


def _noise(population: Population, numbers: Sequence[int], seed: int, attempt: int) -> Floats:
    """Normal noise, patients by parameters; sums in a fixed order, so that no patient depends on the others."""
    count = len(varying(population))
    normal = np.array(
        [noise(seed, number, Stream.PARAMETERS, attempt=attempt).standard_normal(count) for number in numbers]
    )
    root = _correlation_root(population)
    if root is None:
        return normal
    together = np.flatnonzero((root != np.eye(count)).any(axis=1))
    for row in together[::-1]:
        normal[:, row] = sum(normal[:, column] * root[row, column] for column in np.flatnonzero(root[row]))
    return normal


def _parameters(population: Population, grades: npt.NDArray[np.str_], normal: Floats) -> dict[str, Floats]:
    typical = subject_of(population).values
    values = {name: np.full(len(grades), typical[name]) for name in varying(population)}
    for grade, spreads in spreads_by_grade(population).items():
        rows = grades == grade
        for column, name in enumerate(varying(population)):
            if name in spreads:
                values[name][rows] = _value(spreads[name], normal[rows, column])
    return values


def _person_noise(seed: int, number: int, attempt: int) -> Floats:
    found = noise(seed, number, Stream.PERSON, attempt=attempt)
    return np.concatenate([found.standard_normal(3), found.random(2)])


def _mixed(normal: Floats, root: Floats) -> Floats:
    """Correlated noise; summed in a fixed order, so that a patient does not depend on the others."""
    return np.stack([(normal * row).sum(axis=1) for row in root], axis=1)


def _covariates(population: Population, person: Floats) -> dict[str, Floats]:
    known = population.covariates
    women = person[:, 3] < known.share_women
    together = known.weight_with_height
    height_noise = together * person[:, 1] + np.sqrt(1 - together**2) * person[:, 2]

    def of(body: Body) -> tuple[Floats, Floats]:
        return _within(body.weight, person[:, 1]), _within(body.height, height_noise)

    (weight, height), (weight_men, height_men) = of(known.women), of(known.men)
    return {
        "person.woman": women.astype(float),
        "person.age": _within(known.age, person[:, 0]),
        "person.weight": np.where(women, weight, weight_men),
        "person.height": np.where(women, height, height_men),
    }


def _within(shape: Normal | LogNormal, z: Floats) -> Floats:
    value = shape.mean + shape.sd * z if isinstance(shape, Normal) else shape.median * np.exp(shape.sd_log * z)
    return np.clip(value, shape.low, shape.high)


def _grades(population: Population, chance: Floats) -> npt.NDArray[np.str_]:
    if not population.grades:
        return np.full(len(chance), "")
    edges = np.cumsum([grade.share for grade in population.grades])[:-1]
    return np.array([grade.grade for grade in population.grades])[np.searchsorted(edges, chance, side="right")]


@lru_cache(maxsize=16)
def _correlation_root(population: Population) -> Floats | None:
    matrix = correlation_matrix(population)
    return None if (matrix == np.eye(len(matrix))).all() else np.asarray(np.linalg.cholesky(matrix))


def _value(spread: Spread, z: Floats) -> Floats:
    from scipy.special import expit, logit, ndtr

    if spread.scale == "share":
        return np.asarray(ndtr(-z) < spread.median, float)
    if spread.scale == "log":
        value = spread.median * np.exp(spread.spread * z)
    elif spread.scale == "logit":
        value = expit(logit(spread.median) + spread.spread * z)
    else:
        value = spread.median + spread.spread * z
    return np.clip(value, spread.low, spread.high)
