"""Draws patients by seed and number, each the same in any batch, order and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.population import (
    COVARIATES,
    Body,
    LogNormal,
    Normal,
    Population,
    Spread,
    pairs,
    spreads_by_grade,
    subject_of,
    varying,
)
from insulinoma.simulate.draws import correlate, noise

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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

    The noise of a first candidate is that of the patient of `simulate --patients` with this seed and number.

    >>> from insulinoma.cohort.population_file import read_population
    >>> healthy = read_population("healthy-adults")
    >>> one, many = draw(healthy, [7], seed=1), draw(healthy, range(9), seed=1)
    >>> bool(one.parameters["glucose.G_b"][0] == many.parameters["glucose.G_b"][7])
    True
    """
    later = f" of candidate {attempt}" if attempt else ""
    rows = np.asarray(numbers, np.int64)

    def scores(*names: str) -> dict[str, Floats]:
        return {name: noise(seed, f"{name}{later}", rows) for name in names}

    grades = _grades(population, scores("grade")["grade"])
    parameters = scores(*varying(population))
    correlate(parameters, pairs(population))
    body = _covariates(population, scores(*COVARIATES))
    return Patients(rows, np.full(len(rows), attempt, np.int64), grades, body | _values(population, grades, parameters))


def _values(population: Population, grades: npt.NDArray[np.str_], scores: dict[str, Floats]) -> dict[str, Floats]:
    typical = subject_of(population).values
    values = {name: np.full(len(grades), typical[name]) for name in scores}
    for grade, spreads in spreads_by_grade(population).items():
        rows = grades == grade
        for name, spread in spreads.items():
            values[name][rows] = _value(spread, scores[name][rows])
    return values


def _covariates(population: Population, scores: dict[str, Floats]) -> dict[str, Floats]:
    from scipy.special import ndtr

    known = population.covariates
    women = ndtr(-scores["person.woman"]) < known.share_women
    together, weights = known.weight_with_height, scores["person.weight"]
    heights = together * weights + np.sqrt(1 - together**2) * scores["person.height"]

    def of(body: Body) -> tuple[Floats, Floats]:
        return _within(body.weight, weights), _within(body.height, heights)

    (weight, height), (weight_men, height_men) = of(known.women), of(known.men)
    return {
        "person.woman": women.astype(float),
        "person.age": _within(known.age, scores["person.age"]),
        "person.weight": np.where(women, weight, weight_men),
        "person.height": np.where(women, height, height_men),
    }


def _within(shape: Normal | LogNormal, z: Floats) -> Floats:
    value = shape.mean + shape.sd * z if isinstance(shape, Normal) else shape.median * np.exp(shape.sd_log * z)
    return np.clip(value, shape.low, shape.high)


def _grades(population: Population, score: Floats) -> npt.NDArray[np.str_]:
    from scipy.special import ndtr

    if not population.grades:
        return np.full(len(score), "")
    edges = np.cumsum([grade.share for grade in population.grades])[:-1]
    names = np.array([grade.grade for grade in population.grades])
    return np.asarray(names[np.searchsorted(edges, ndtr(score), side="right")])


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
