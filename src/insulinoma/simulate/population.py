"""Many patients of one subject: drawn by (seed, patient number), each the same in any batch and order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.simulate.solution import write_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import xarray

PERCENTILES = (2.5, 25, 50, 75, 97.5)


@dataclass(frozen=True)
class Population:
    """The patients of a run: followed quantities by patient and time, how each ended, and failures.

    A quantity is NaN from the moment at which the patient's run had ended.
    """

    data: xarray.Dataset
    events: list[dict[str, Any]]
    failures: list[dict[str, Any]]

    @property
    def status(self) -> str:
        """`completed` where any patient has a result, `failed` where none has."""
        return "completed" if self.events else "failed"

    def summary(self) -> dict[str, Any]:
        """Percentiles between patients of each quantity at each time, and how many were still in the run."""
        time = self.data["time"].values.tolist()
        found: dict[str, Any] = {"time": {"unit": "min", "values": time}}
        for name, series in self.data.data_vars.items():
            found[str(name)] = {"unit": series.attrs["units"], "percentiles": _percentiles(series.values)}
        if not self.events:
            return found
        running = np.isfinite(next(iter(self.data.data_vars.values())).values).sum(axis=0)
        return {**found, "running": {"unit": "1", "values": running.tolist()}}

    def write(self, path: Path) -> None:
        """Writes one row a patient and time to CSV or Parquet, or netCDF, as the ending of the name says."""
        if path.suffix == ".nc":
            self.data.to_netcdf(path, engine="h5netcdf")
            return
        patients, times = len(self.data["patient"]), len(self.data["time"])
        columns = {
            "patient": np.repeat(self.data["patient"].values, times),
            "time (min)": np.tile(self.data["time"].values, patients),
        }
        for name, series in self.data.data_vars.items():
            columns[f"{name} ({series.attrs['units']})"] = series.values.ravel()
        write_table(columns, path)


def _percentiles(values: npt.NDArray[np.float64]) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    columns = [column[np.isfinite(column)] for column in values.T]
    for percent in PERCENTILES:
        found[str(percent)] = [float(np.percentile(column, percent)) if len(column) else None for column in columns]
    return found
