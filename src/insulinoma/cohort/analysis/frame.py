"""The columns of a trial's rows as arrays, by arm and endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.analysis.tally import Tally
from insulinoma.cohort.design import Endpoint, Trial
from insulinoma.cohort.endpoints import MEASURES, Measure

if TYPE_CHECKING:
    import polars

    Frames = Callable[[Sequence[str]], Iterator[polars.DataFrame]]
    """Gives the rows of a trial anew, piece by piece, with those of some columns that there are."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """An endpoint of one arm: patients who have it, their values, and of times what they ended with."""

    patient: npt.NDArray[np.int64]
    value: Floats
    cause: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.value)

    def taken(self, rows: npt.NDArray[np.generic]) -> Sample:
        """Some of the patients, by index or by mask."""
        return Sample(self.patient[rows], self.value[rows], self.cause[rows])

    @property
    def count(self) -> npt.NDArray[np.int64]:
        """One for each patient."""
        return np.ones(len(self), np.int64)

    @property
    def tally(self) -> Tally:
        """The patients together."""
        return Tally.of(self.value, self.cause)


def measure_of(endpoint: Endpoint) -> Measure:
    """The measure of an endpoint."""
    return MEASURES[endpoint.measure]


def is_time(endpoint: Endpoint) -> bool:
    """Whether an endpoint is the time to an event."""
    return measure_of(endpoint).kind == "time"


def is_event(endpoint: Endpoint, cause: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Which causes are the event that an endpoint asks for; all of them where it asks for any."""
    event = measure_of(endpoint).event
    return np.asarray(cause == event if event and endpoint.measure != "progression_free" else cause != "")


def endpoint_named(trial: Trial, name: str) -> Endpoint:
    """The endpoint of a name."""
    return next(item for item in trial.endpoints if item.name == name)


def sample(rows: polars.DataFrame, arm: str, endpoint: Endpoint) -> Sample:
    """The patients of an arm who have an endpoint, in the order of their numbers; times by whole days, rounded up."""
    import polars

    chosen = rows.filter((polars.col("arm") == arm) & polars.col(endpoint.name).is_not_null()).sort("patient")
    value, patient = chosen[endpoint.name].to_numpy().astype(float), chosen["patient"].to_numpy()
    if not is_time(endpoint):
        return Sample(patient, value, np.full(len(value), ""))
    return Sample(patient, np.ceil(value), chosen[f"{endpoint.name}_event"].to_numpy().astype(str))


def paired(first: Sample, second: Sample) -> tuple[Sample, Sample]:
    """Those patients of both who are in both."""
    _, rows, others = np.intersect1d(first.patient, second.patient, return_indices=True)
    return first.taken(rows), second.taken(others)


def needed(trial: Trial) -> list[str]:
    """The columns that the analysis of a trial reads."""
    names = ["patient", "arm", "failure", "candidates", "end_day", "end", "recist_change"]
    for item in trial.endpoints:
        names += [item.name] + ([f"{item.name}_event"] if is_time(item) else [])
    return list(dict.fromkeys([*names, *(item.column for item in trial.subgroups)]))
