"""The daily summary from the sums of the kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.model.compose import Model
from insulinoma.simulate.batch.layout import ABOVE, BELOW
from insulinoma.simulate.batch.plan import MINUTES, Floats, bolus_by_day
from insulinoma.simulate.batch.task import Task
from insulinoma.simulate.batch.trace import measured


def day_columns(model: Model) -> list[str]:
    """The columns that a model has, by what it measures."""
    found = measured(model)
    names = ["glucose_min", "glucose_mean", "minutes_below_54", "minutes_below_70", "minutes_above_180", "dextrose_g"]
    names = names if "glucose" in found else []
    return names + [f"{analyte}_mean" for analyte in ("insulin", "c_peptide") if analyte in found]


def summary(table: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the daily summary from the sums of the kernel."""
    found = {"glucose_min": table.get("minimum")}
    found |= {
        f"{analyte}_mean": table[analyte] / MINUTES
        for analyte in ("glucose", "insulin", "c_peptide")
        if analyte in table
    }
    found |= {f"minutes_below_{limit:g}": table.get(f"below_{limit:g}") for limit in BELOW}
    found |= {f"minutes_above_{limit:g}": table.get(f"above_{limit:g}") for limit in ABOVE}
    found["dextrose_g"] = (
        table["dextrose"] if "dextrose" in table else 0 * table["glucose"] if "glucose" in table else None
    )
    return {name: values for name, values in found.items() if values is not None}


def boluses(task: Task, chunk: npt.NDArray[np.int64]) -> Floats:
    """Grams of dextrose injected, by patient and day."""
    found = np.zeros((len(chunk), task.days))
    seen: dict[Any, Floats] = {}
    for row, patient in enumerate(chunk):
        orders = task.orders[patient]
        key = (orders.names, orders.timing)
        if key not in seen:
            seen[key] = bolus_by_day(orders, task.days)
        found[row] = orders.amounts @ seen[key]
    return found
