"""The result of a calibration: an ArviZ tree that can be saved, loaded, and asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from insulinoma.errors import UsageError
from insulinoma.record.schema import CaseRecord

if TYPE_CHECKING:
    import xarray

    from insulinoma.calibrate.problem import Problem

Floats = npt.NDArray[np.float64]
SCHEMA = "insulinoma-calibrate/1"


@dataclass(frozen=True)
class Posterior:
    """Draws, predictions and diagnostics of one record, as groups of a tree.

    `prior`, `posterior`: parameters by (chain, draw). `prior_predictive`, `posterior_predictive`: each fact
    said again. `log_likelihood`: each fact given the others. `observed_data`: the numbers of the facts.
    `predictions`: daily quantities by (chain, draw, day). `sample_stats`: the coordinates and the joint
    log-likelihood. Attributes: record, seed, version, method, regimen, references and the JSON result.
    """

    tree: xarray.DataTree

    @cached_property
    def result(self) -> dict[str, Any]:
        """The result as it is printed with --json."""
        found: dict[str, Any] = json.loads(self.tree.attrs["result"])
        return found

    @cached_property
    def problem(self) -> Problem:
        """The inference problem, made again from the record in the tree."""
        from insulinoma.calibrate.problem import problem_of

        return problem_of(CaseRecord.model_validate_json(self.tree.attrs["record"]))

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return int(self.tree.attrs["seed"])

    @property
    def z(self) -> Floats:
        """All posterior draws as standard normal coordinates (draws, names), chain after chain."""
        return self._stacked("sample_stats", "z")

    @property
    def prior_z(self) -> Floats:
        """The prior draws as coordinates (draws, names)."""
        return self._stacked("sample_stats_prior", "z")

    def _stacked(self, group: str, name: str) -> Floats:
        values = np.asarray(self.tree[group][name].values, float)
        return values.reshape(-1, values.shape[-1])

    def daily(self, name: str, *, group: str = "predictions") -> tuple[Floats, Floats]:
        """The record days and a daily quantity (draws, days)."""
        data = self.tree[group]
        values = np.asarray(data[name].values, float)
        return np.asarray(data["day"].values, float), values.reshape(-1, values.shape[-1])

    def save(self, path: Path) -> None:
        """Writes netCDF."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.tree.to_netcdf(path, engine="h5netcdf")

    @staticmethod
    def load(path: Path) -> Posterior:
        """The posterior of a file; UsageError when it is none."""
        import xarray

        try:
            with xarray.open_datatree(path, engine="h5netcdf") as tree:
                found = tree.load()
        except FileNotFoundError:
            raise UsageError(f"There is no file {str(path)!r}.") from None
        except (OSError, ValueError) as error:
            raise UsageError(f"{path.name} is not a netCDF file of a calibration ({error}).") from error
        if found.attrs.get("schema") != SCHEMA:
            raise UsageError(f"{path.name} holds no calibration. Expected a file that 'insulinoma calibrate -o' wrote.")
        return Posterior(found)
