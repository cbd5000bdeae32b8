"""The result of a simulation: named series with units, and how it ended."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from insulinoma.errors import ComputationError, UsageError
from insulinoma.quantities import convert

if TYPE_CHECKING:
    import xarray

_REPORTED = {"glucose": "mg/dL", "insulin": "uU/mL", "c_peptide": "ng/mL"}


@dataclass(frozen=True)
class Ending:
    """How a simulation ended: `completed`, `stopped` by a named rule, or `failed`; when, and why."""

    status: Literal["completed", "stopped", "failed"]
    minutes: float
    ended_by: str = "completed"
    message: str = ""


@dataclass(frozen=True)
class Solution:
    """Series by qualified name over time in minutes, each with its unit, meaning and analyte.

    `origin` tells what was run: model, solver, parameters that were changed, regimen, version.
    """

    data: xarray.Dataset
    ending: Ending
    origin: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> xarray.DataArray:
        return self.data[name]

    def require(self) -> Solution:
        """The solution itself; ComputationError when the simulation failed."""
        if self.ending.status == "failed":
            raise ComputationError(self.ending.message)
        return self

    @property
    def analytes(self) -> dict[str, str]:
        """The series that a laboratory would report: analyte to qualified name."""
        return {
            str(series.attrs["analyte"]): str(name)
            for name, series in self.data.data_vars.items()
            if series.attrs["analyte"]
        }

    def write(self, path: Path) -> None:
        """Writes CSV, Parquet or netCDF, as the ending of the name says."""
        if path.suffix == ".nc":
            self._with_origin().to_netcdf(path, engine="h5netcdf")
            return
        columns = {"time (min)": self.data["time"].values}
        columns |= {f"{name} ({series.attrs['units']})": series.values for name, series in self.data.data_vars.items()}
        write_table(columns, path)

    def json(self) -> dict[str, Any]:
        """Status, series and the event at the end, in the shape of `simulate --json`."""
        names = {str(name): str(name) for name in self.data.data_vars} | {
            name: analyte for analyte, name in self.analytes.items()
        }
        series = {
            names[str(name)]: {"unit": values.attrs["units"], "values": _finite(values.values.tolist())}
            for name, values in self.data.data_vars.items()
        }
        return {
            "status": self.ending.status,
            "series": {"time": {"unit": "min", "values": self.data["time"].values.tolist()}, **series},
            "events": [self.last()] if self.ending.status != "failed" else [],
            "failures": [self.ending.message] if self.ending.status == "failed" else [],
        }

    def last(self) -> dict[str, Any]:
        """What ended the simulation, when, and the glucose and hormones at that moment."""
        found: dict[str, Any] = {"patient": 0, "ended_by": self.ending.ended_by, "time_minutes": self.ending.minutes}
        found["rule"] = self.ending.message
        ends = {
            analyte: (float(self.data[name].values[-1]), str(self.data[name].attrs["units"]))
            for analyte, name in self.analytes.items()
        }
        return found | reported(ends)

    def _with_origin(self) -> xarray.Dataset:
        attributes = {key: str(value) for key, value in self.origin.items()}
        return self.data.assign_attrs(
            **attributes,
            status=self.ending.status,
            ended_by=self.ending.ended_by,
            message=self.ending.message,
        )


def reported(ends: Mapping[str, tuple[float, str]]) -> dict[str, float]:
    """Glucose and hormones at the end in the units of a report, from values and units by analyte."""
    found = {}
    for analyte, unit in _REPORTED.items():
        if analyte in ends:
            name = f"{analyte}_{unit.lower().replace('/', '_')}"
            found[name] = convert(analyte, *ends[analyte], unit).value
    return found


def no_solution(message: str, origin: dict[str, Any]) -> Solution:
    """The solution of a run that failed before its start: no series, and the reason."""
    import xarray

    times: list[float] = []
    time = ("time", times, {"units": "min", "long_name": "time"})
    return Solution(xarray.Dataset(coords={"time": time}), Ending("failed", 0.0, "failed", message), origin)


def _finite(values: list[float]) -> list[float | None]:
    """The values, absent where a failed run has none."""
    return [value if math.isfinite(value) else None for value in values]


def write_table(columns: dict[str, Any], path: Path) -> None:
    """Writes columns as CSV or Parquet, as the ending of the name says; UsageError for any other ending."""
    import polars

    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path.name!r} ends in no known format. Expected .csv, .parquet or .nc.")
    table = polars.DataFrame(columns)
    table.write_csv(path) if path.suffix == ".csv" else table.write_parquet(path)
