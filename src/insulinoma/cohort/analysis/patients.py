"""Tables of single patients for pictures: the first ones of the trial, as many as a page can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from insulinoma.cohort.analysis.frame import endpoint_named, measure_of, paired, sample
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.design import Trial

if TYPE_CHECKING:
    import polars

    from insulinoma.cohort.analysis.frame import Frames

_STAYS, _BARS = 30, 200


def stay_rows(trial: Trial, frames: Frames) -> NumberTable:
    """Stretches of days in each patient's time: with hypoglycemia, what rules did, and the end."""
    import polars

    head = _first(4 * _STAYS, frames(("patient", "arm", "failure", "end_day", "end", "low_days", "deeds")))
    chosen = head.filter(polars.col("failure") == "")
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
    against = sample(table, trial.arms[0].name, endpoint)
    found: list[tuple[object, ...]] = []
    for arm in trial.arms[1:]:
        one, other = paired(against, sample(table, arm.name, endpoint))
        difference = (other.value - one.value)[:_BARS]
        found += [(arm.name, patient, value) for patient, value in
                  zip(one.patient[:_BARS].tolist(), difference.tolist(), strict=True)]  # fmt: skip
    unit = measure_of(endpoint).unit
    caption = f"{endpoint.name} of each patient less that in {trial.arms[0].name}, the first {_BARS} patients."
    return NumberTable(caption, ("arm", "patient", f"difference ({unit})"), tuple(found))


def _first(count: int, frames: Iterator[polars.DataFrame]) -> polars.DataFrame:
    """The rows of the first patients of a trial."""
    import polars

    found = []
    for frame in frames:
        found.append(frame.filter(polars.col("patient") < count))
        if len(found[-1]) < len(frame):
            break
    return polars.concat(found, how="diagonal")
