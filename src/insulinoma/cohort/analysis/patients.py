"""Tables of single patients for pictures: the first ones of the trial, as many as a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insulinoma.cohort.analysis.frame import endpoint_named, measure_of, sample
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.design import Trial

if TYPE_CHECKING:
    import polars

_STAYS, _BARS = 30, 200


def stay_rows(trial: Trial, rows: polars.LazyFrame) -> NumberTable:
    """Stretches of days in each patient's time: with hypoglycemia, what rules did, and the end."""
    import polars

    chosen = rows.filter((polars.col("patient") < 4 * _STAYS) & (polars.col("failure") == "")).collect()
    found: list[tuple[object, ...]] = []
    for arm in trial.arms:
        own = chosen.filter(polars.col("arm") == arm.name).head(_STAYS)
        for patient, end_day, end, low, deeds in own.select(
            "patient", "end_day", "end", "low_days", "deeds"
        ).iter_rows():
            found.append((arm.name, patient, end, 0.0, end_day))
            found += [
                (arm.name, patient, "hypoglycemia", first, last)
                for first, last in zip(low[::2], low[1::2], strict=True)
            ]
            for deed in deeds:
                day, _, rule = deed.partition(" ")
                found.append((arm.name, patient, rule, int(day) + 1, int(day) + 1))
    columns = ("arm", "patient", "what", "from day", "to day")
    caption = f"The first {_STAYS} patients of each arm: days with time below 54 mg/dL, what rules did, the end."
    return NumberTable(caption, columns, tuple(found))


def change_rows(trial: Trial, table: polars.DataFrame) -> NumberTable:
    """The best change of the sum of diameters by patient, from the largest rise to the largest fall."""
    found: list[tuple[object, ...]] = []
    for arm in trial.arms:
        own = (
            table.filter((table["arm"] == arm.name) & table["recist_change"].is_not_null()).sort("patient").head(_BARS)
        )
        ordered = own.sort("recist_change", descending=True)
        found += [(arm.name, patient, change) for patient, change in
                  ordered.select("patient", "recist_change").iter_rows()]  # fmt: skip
    caption = f"Best change of the sum of diameters in percent, the first {_BARS} patients of each arm."
    return NumberTable(caption, ("arm", "patient", "change (%)"), tuple(found))


def difference_rows(trial: Trial, table: polars.DataFrame) -> NumberTable:
    """The primary endpoint of each patient in an arm less that in the first arm."""
    endpoint = endpoint_named(trial, trial.primary)
    first = sample(table, trial.arms[0].name, endpoint)
    found: list[tuple[object, ...]] = []
    for arm in trial.arms[1:]:
        second = sample(table, arm.name, endpoint)
        common, rows, others = np.intersect1d(first.patient, second.patient, return_indices=True)
        difference = second.value[others] - first.value[rows]
        found += [(arm.name, int(patient), float(value)) for patient, value in
                  zip(common[:_BARS], difference[:_BARS], strict=True)]  # fmt: skip
    unit = measure_of(endpoint).unit
    caption = f"{endpoint.name} of each patient less that in {trial.arms[0].name}, the first {_BARS} patients."
    return NumberTable(caption, ("arm", "patient", f"difference ({unit})"), tuple(found))
