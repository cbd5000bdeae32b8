"""What ends a patient's time in a trial: death by one of several causes, dropping out, or the end of follow-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import DayTable
from insulinoma.cohort.population import Cause, Population, subject_of
from insulinoma.cohort.quantities import known_quantities
from insulinoma.model.compose import Model
from insulinoma.simulate.draws import chance

FOLLOW_UP, DROPOUT = "follow-up", "dropout"


@dataclass(frozen=True)
class Fate:
    """By patient the day of the end, in fractions of a day, and its cause."""

    day: Floats
    cause: npt.NDArray[np.str_]

    @property
    def died(self) -> npt.NDArray[np.bool_]:
        """Who died."""
        return np.asarray((self.cause != FOLLOW_UP) & (self.cause != DROPOUT))


def fates(
    population: Population, patients: Patients, table: DayTable, *, seed: int, follow_up: float, dropout: float
) -> Fate:
    """How each patient's time ends. Risks of the causes add; each patient has the same luck in every arm.

    A cause strikes when its rate, summed over the days, reaches a number that is exponential between
    patients [Beyersmann2009].
    """
    luck = [
        -np.log(chance(seed, f"end by {cause}", patients.numbers))
        for cause in (DROPOUT, *(cause.cause for cause in population.mortality))
    ]
    with np.errstate(divide="ignore"):
        ends = [np.full(len(patients), follow_up), luck[0] / np.float64(dropout)]
    model = subject_of(population).model
    ends += [
        _strikes(_rate(cause, model, table), luck[number]) for number, cause in enumerate(population.mortality, start=1)
    ]
    names = np.array([FOLLOW_UP, DROPOUT, *(cause.cause for cause in population.mortality)])
    first = np.argmin(ends, axis=0)
    return Fate(np.min(ends, axis=0), names[first])


def _rate(cause: Cause, model: Model, table: DayTable) -> Floats:
    """The rate of a cause on each day; none on a day that could not be computed."""
    shape = table["glucose_mean"].shape
    if cause.quantity is None or cause.at is None:
        return np.full(shape, cause.rate)
    return np.nan_to_num(cause.rate * known_quantities(model)[cause.quantity].of(table) / cause.at)


def _strikes(rate: Floats, luck: Floats) -> Floats:
    """The moment at which the summed rate reaches each patient's number, in days; infinite where it does not."""
    total = np.cumsum(rate, axis=1)
    reached = total >= luck[:, None]
    day = reached.argmax(axis=1)
    rows = np.arange(len(luck))
    before = total[rows, day] - rate[rows, day]
    with np.errstate(divide="ignore", invalid="ignore"):
        moment = day + (luck - before) / rate[rows, day]
    return np.where(reached.any(axis=1), moment, np.inf)
