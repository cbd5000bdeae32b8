"""What a batch gives back: daily summaries, values at moments, and who failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from insulinoma.model.compose import Model
from insulinoma.simulate.batch.trace import declared, measured

if TYPE_CHECKING:
    import xarray

_DAY = {
    "glucose_min": "lowest plasma glucose of the day",
    "glucose_mean": "mean plasma glucose of the day",
    "minutes_below_54": "time with plasma glucose below 54 mg/dL",
    "minutes_below_70": "time with plasma glucose below 70 mg/dL",
    "minutes_above_180": "time with plasma glucose above 180 mg/dL",
    "dextrose_g": "glucose given intravenously",
    "insulin_mean": "mean plasma insulin of the day",
    "c_peptide_mean": "mean plasma C-peptide of the day",
}


@dataclass(frozen=True)
class Failure:
    """A patient who could not be computed: when it was noticed, in which state, with which parameters."""

    patient: int
    minutes: float
    state: str
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class Batch:
    """The results of a batch; patients who failed have no values (NaN) from the day of their failure on.

    `days` is by patient and day (day k is minutes 1440 k to 1440 (k + 1)), `moments` by patient and
    moment, `series` by the patients chosen and time.
    """

    days: xarray.Dataset
    moments: xarray.Dataset
    series: xarray.Dataset
    failures: Sequence[Failure]


def units(model: Model) -> dict[str, str]:
    """The unit of every column of a result."""
    of = {analyte: declared(model)[name].unit for analyte, name in measured(model).items()}
    glucose = of.get("glucose", "")
    found = {name: "min" for name in _DAY if name.startswith("minutes")}
    found |= {"glucose_min": glucose, "glucose_mean": glucose, "dextrose_g": "g"}
    found |= {"insulin_mean": of.get("insulin", ""), "c_peptide_mean": of.get("c_peptide", "")}
    return {**{name: item.unit for name, item in declared(model).items()}, **of, **found}


def day_table(model: Model, columns: Mapping[str, npt.NDArray[Any]]) -> xarray.Dataset:
    """The daily summaries as a dataset."""
    import xarray

    of = units(model)
    patients, days = next(iter(columns.values())).shape
    variables = {
        name: (("patient", "day"), values, {"units": of[name], "long_name": _DAY.get(name) or _meaning(model, name)})
        for name, values in columns.items()
    }
    return xarray.Dataset(variables, coords={"patient": np.arange(patients), "day": np.arange(days)})


def moment_table(
    model: Model,
    columns: Mapping[str, npt.NDArray[Any]],
    times: npt.NDArray[np.float64],
    *,
    patients: npt.NDArray[np.int64],
    along: str,
) -> xarray.Dataset:
    """Values at moments as a dataset; `times` are those of all patients, or by patient."""
    import xarray

    of = units(model)
    variables = {
        name: (("patient", along), values, {"units": of[name], "long_name": _meaning(model, name)})
        for name, values in columns.items()
    }
    where = (along,) if times.ndim == 1 else ("patient", along)
    name = "time" if along == "time" else "minutes"
    coordinates = {"patient": patients, name: (where, times, {"units": "min", "long_name": "time"})}
    return xarray.Dataset(variables, coords=coordinates)


def _meaning(model: Model, name: str) -> str:
    return declared(model)[measured(model).get(name, name)].meaning
