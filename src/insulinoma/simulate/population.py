"""Many patients of one subject: drawn by (seed, patient number), each the same in any batch and order."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.solution import Solution, write_table
from insulinoma.simulate.subject import Subject

if TYPE_CHECKING:
    import numpy.typing as npt
    import xarray

PERCENTILES = (2.5, 25, 50, 75, 97.5)
_FOLLOWED = (
    "liver.EGP",
    "glucose.R_d",
    "liver.Gc",
    "counter_regulation.Ep",
    "symptoms.neuroglycopenia",
    "burden.V_tumor",
)
# Of the typical man by the typical woman, where sex itself is drawn.
_MAN = {"person.weight": 80 / 66, "person.height": 175 / 162}
_FAST = Solver(rtol=1e-6, atol=1e-8)


def drawn(who: Subject, number: int, *, seed: int = 0, fixed: Mapping[str, float] | None = None) -> Subject:
    """Patient `number` of a population around a subject: log-normal within bounds, traits by their share.

    Parameters in `fixed` have that value in every patient. The noise is counter-based (Philox), with
    the seed and the number of the patient as its key.

    >>> from insulinoma.simulate.subject import subject
    >>> drawn(subject("healthy-man"), 3, seed=1) == drawn(subject("healthy-man"), 3, seed=1)
    True
    """
    noise = np.random.Generator(np.random.Philox(key=np.array([seed, number], dtype=np.uint64)))
    priors = who.priors
    normal, uniform = noise.standard_normal(len(priors)), noise.random(len(priors))
    found = {}
    for (name, prior), z, chance in zip(priors.items(), normal, uniform, strict=True):
        if prior.share is not None:
            found[name] = float(chance < prior.share)
        elif prior.log_spread:
            found[name] = min(max(prior.value * math.exp(prior.log_spread * z), prior.low), prior.high)
    if priors["person.woman"].value == 1 and found.get("person.woman") == 0:
        found |= {name: found.get(name, priors[name].value) * factor for name, factor in _MAN.items()}
    values = {**dict(who.parameters), **found, **(fixed or {})}
    return replace(who, parameters=tuple(values.items()))


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


def run_population(
    who: Subject,
    test: Protocol,
    *,
    patients: int,
    seed: int = 0,
    fixed: Mapping[str, float] | None = None,
    solver: Solver = _FAST,
    shown: Callable[[int], None] | None = None,
) -> Population:
    """Patients 0 to `patients` - 1 in a test; one who cannot be computed is counted, the others go on.

    `shown` is told how many are done.
    """
    test.model(who)

    def one(number: int) -> Solution:
        return test.run(drawn(who, number, seed=seed, fixed=fixed), solver=solver)

    grid = np.append(np.arange(0.0, test.minutes, test.every), test.minutes)
    events, failures, kept = [], [], {}
    for number, found in enumerate(_in_order(one, patients)):
        ending = found.ending
        if ending.status == "failed":
            failures.append({"patient": number, "time_minutes": ending.minutes, "message": ending.message})
        else:
            events.append({**found.last(), "patient": number})
            kept[number] = _followed(found, grid)
        if shown:
            shown(number + 1)
    return Population(_joined(kept, grid, who, test, seed), events, failures)


def _in_order(one: Callable[[int], Solution], patients: int) -> Iterator[Solution]:
    """The results in the order of the patients; the first alone, so that its compilation serves all."""
    yield one(0)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(one, range(1, patients))


def _followed(found: Solution, grid: npt.NDArray[np.float64]) -> dict[str, tuple[npt.NDArray[np.float64], str]]:
    names = found.analytes | {name: name for name in _FOLLOWED if name in found.data}
    count = int(np.searchsorted(grid, found.ending.minutes, side="right"))
    table = {}
    for shown, name in names.items():
        values = np.full(len(grid), np.nan)
        values[:count] = found[name].values[:count]
        table[shown] = (values, str(found[name].attrs["units"]))
    return table


def _joined(
    kept: Mapping[int, dict[str, tuple[Any, str]]],
    grid: npt.NDArray[np.float64],
    who: Subject,
    test: Protocol,
    seed: int,
) -> xarray.Dataset:
    import xarray

    first = next(iter(kept.values()), {})
    series = {
        name: (("patient", "time"), np.stack([table[name][0] for table in kept.values()]), {"units": unit})
        for name, (_, unit) in first.items()
    }
    time = ("time", grid, {"units": "min", "long_name": "time"})
    coordinates = {"patient": list(kept), "time": time}
    return xarray.Dataset(series, coords=coordinates, attrs={"subject": who.name, "protocol": test.name, "seed": seed})


def _percentiles(values: npt.NDArray[np.float64]) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    columns = [column[np.isfinite(column)] for column in values.T]
    for percent in PERCENTILES:
        found[str(percent)] = [float(np.percentile(column, percent)) if len(column) else None for column in columns]
    return found
