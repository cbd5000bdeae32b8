"""The engine that a cohort runs on, as far as a trial needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from insulinoma.model.compose import Model
from insulinoma.simulate.regimen import Order, Regimen

if TYPE_CHECKING:
    import xarray

MINUTES_A_DAY = 1440.0
Floats = npt.NDArray[np.float64]
DayTable = dict[str, Floats]


class Result(Protocol):
    """What an engine returns: a table by patient and day, and one by patient and moment."""

    @property
    def days(self) -> xarray.Dataset:
        """Summaries of each day, and followed quantities at its end."""

    @property
    def moments(self) -> xarray.Dataset:
        """Glucose, insulin, C-peptide and followed quantities at chosen minutes."""


class Engine(Protocol):
    """`insulinoma.simulate.batch.simulate_batch`, or another with its signature."""

    def __call__(
        self,
        model: Model,
        regimen: Sequence[Regimen],
        *,
        days: int,
        parameters: Mapping[str, Any],
        start: Mapping[str, Any] | None = None,
        follow: Sequence[str] = (),
        moments: Any = (),
    ) -> Result:
        """Simulates patients over whole days, each with its own regimen."""


def run_days(
    engine: Engine,
    model: Model,
    orders: Sequence[Sequence[Order]],
    *,
    days: int,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    follow: Sequence[str],
    moments: Sequence[float] = (),
) -> DayTable:
    """Every column of the day's table as an array, patients by days.

    With `moments` (minutes, one a day at most) `glucose_morning` holds glucose then, NaN on other days.
    """
    regimens = [Regimen(tuple(items)) for items in orders]
    found = engine(model, regimens, days=days, parameters=parameters, start=start, follow=follow, moments=moments)
    table = {str(name): np.asarray(values.values, float) for name, values in found.days.data_vars.items()}
    if moments:
        table["glucose_morning"] = np.full((len(orders), days), np.nan)
        columns = (np.asarray(moments) // MINUTES_A_DAY).astype(int)
        table["glucose_morning"][:, columns] = np.asarray(found.moments["glucose"].values, float)
    return table
