"""The columns of a trial's rows as arrays, by arm and endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.design import Endpoint, Trial
from insulinoma.cohort.endpoints import MEASURES, Measure

if TYPE_CHECKING:
    import polars

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """An endpoint of one arm: patients who have it, their values, and for times whether the event came and which."""

    patient: npt.NDArray[np.int64]
    value: Floats
    event: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    cause: npt.NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, str))

    def __len__(self) -> int:
        return len(self.value)

    def taken(self, rows: npt.NDArray[np.generic]) -> Sample:
        """Some of the patients, by index or by mask."""
        some = self.event[rows] if len(self.event) else self.event
        return Sample(self.patient[rows], self.value[rows], some, self.cause[rows] if len(self.cause) else self.cause)


def measure_of(endpoint: Endpoint) -> Measure:
    """The measure of an endpoint."""
    return MEASURES[endpoint.measure]


def endpoint_named(trial: Trial, name: str) -> Endpoint:
    """The endpoint of a name."""
    return next(item for item in trial.endpoints if item.name == name)


def sample(rows: polars.DataFrame, arm: str, endpoint: Endpoint) -> Sample:
    """The patients of an arm who have an endpoint, in the order of their numbers."""
    import polars

    chosen = rows.filter((polars.col("arm") == arm) & polars.col(endpoint.name).is_not_null()).sort("patient")
    value = chosen[endpoint.name].to_numpy().astype(float)
    patient = chosen["patient"].to_numpy()
    measure = measure_of(endpoint)
    if measure.kind != "time":
        return Sample(patient, value)
    cause = chosen[f"{endpoint.name}_event"].to_numpy().astype(str)
    event = cause == measure.event if measure.event and endpoint.measure != "progression_free" else cause != ""
    return Sample(patient, value, event, cause)


def needed(trial: Trial) -> list[str]:
    """The columns that the analysis of a trial reads."""
    names = ["patient", "arm", "failure", "candidates", "end_day", "end", "recist_change"]
    for item in trial.endpoints:
        names += [item.name] + ([f"{item.name}_event"] if measure_of(item).kind == "time" else [])
    return list(dict.fromkeys([*names, *(item.column for item in trial.subgroups)]))
