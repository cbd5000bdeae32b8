"""Everything that a trial answers, as tables of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.cohort.analysis.contrast import Contrast, contrast
from insulinoma.cohort.analysis.curves import curve_rows, risk_rows
from insulinoma.cohort.analysis.frame import endpoint_named, measure_of, needed, sample
from insulinoma.cohort.analysis.patients import change_rows, difference_rows, stay_rows
from insulinoma.cohort.analysis.power import power
from insulinoma.cohort.analysis.subgroups import levels
from insulinoma.cohort.analysis.survival import kaplan_meier
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.design import Endpoint, Trial

if TYPE_CHECKING:
    import polars

MOST_ANALYZED = 2_000_000


@dataclass(frozen=True)
class Results:
    """The tables of a trial by name, and of how many patients they are."""

    trial: Trial
    patients: int
    tables: dict[str, NumberTable]


def results(trial: Trial, rows: polars.LazyFrame) -> Results:
    """The results of a trial from its rows; of the first two million patients where there are more."""
    import polars

    known = rows.filter(polars.col("patient") < MOST_ANALYZED)
    columns = rows.collect_schema().names()
    table = known.select([name for name in needed(trial) if name in columns]).collect()
    found = {
        "arms": _arms(trial, table),
        "endpoints": _endpoints(trial, table),
        "contrasts": _contrasts(trial, table),
        "subgroups": _subgroups(trial, table),
        "power": _power(trial, table),
    }
    for endpoint in trial.endpoints:
        if measure_of(endpoint).kind == "time":
            found[f"curve-{endpoint.name}"] = curve_rows(trial, endpoint, table)
            found[f"at-risk-{endpoint.name}"] = risk_rows(trial, endpoint, table)
    found["changes"] = change_rows(trial, table)
    found["stays"] = stay_rows(trial, known)
    if trial.allocation == "paired" and len(trial.arms) > 1:
        found["differences"] = difference_rows(trial, table)
    return Results(trial, min(trial.size, MOST_ANALYZED), found)


def _arms(trial: Trial, table: polars.DataFrame) -> NumberTable:
    rows = []
    for arm in trial.arms:
        own = table.filter(table["arm"] == arm.name)
        failed = own.filter(own["failure"] != "")
        ends = own.filter(own["failure"] == "")["end"].to_list()
        out, stayed = ends.count("dropout"), ends.count("follow-up")
        screened = int(own["candidates"].sum() or 0)
        rows.append((arm.name, arm.title, len(own), screened, len(failed), len(ends) - out - stayed, out, stayed))
    columns = ("arm", "treatment", "patients", "candidates", "not computed", "died", "dropped out", "completed")
    return NumberTable("Who was in the arms, and how it ended for them.", columns, tuple(rows))


def _endpoints(trial: Trial, table: polars.DataFrame) -> NumberTable:
    rows: list[tuple[Any, ...]] = []
    for endpoint in trial.endpoints:
        measure = measure_of(endpoint)
        for arm in trial.arms:
            found = sample(table, arm.name, endpoint)
            if measure.kind == "time" and len(found):
                curve = kaplan_meier(found.value, found.event)
                others = int(((found.cause != "") & ~found.event).sum())
                rows.append((endpoint.name, arm.name, measure.unit, len(found), *[np.nan] * 2, curve.median(),
                             *[np.nan] * 2, int(found.event.sum()), others))  # fmt: skip
            elif len(found):
                low, middle, high = np.quantile(found.value, (0.25, 0.5, 0.75))
                spread = found.value.std(ddof=1) if len(found) > 1 else np.nan
                rows.append((endpoint.name, arm.name, measure.unit, len(found), found.value.mean(), spread, middle,
                             low, high, np.nan, np.nan))  # fmt: skip
    columns = ("endpoint", "arm", "unit", "patients", "mean", "SD", "median", "lower quartile", "upper quartile",
               "events", "competing events")  # fmt: skip
    return NumberTable("Every endpoint by arm; of times the median of Kaplan and Meier.", columns, tuple(rows))


def compared(trial: Trial, table: polars.DataFrame, endpoint: Endpoint, arm: str) -> Contrast | None:
    """An arm against the first arm."""
    first, second = (sample(table, name, endpoint) for name in (trial.arms[0].name, arm))
    time = measure_of(endpoint).kind == "time"
    return contrast(first, second, time=time, paired=trial.allocation == "paired", until=trial.follow_up)


def _contrasts(trial: Trial, table: polars.DataFrame) -> NumberTable:
    rows = []
    for endpoint in trial.endpoints:
        for arm in trial.arms[1:]:
            found = compared(trial, table, endpoint, arm.name)
            if found:
                rows.append((endpoint.name, measure_of(endpoint).unit, arm.name, trial.arms[0].name, *_numbers(found)))
    columns = ("endpoint", "unit", "arm", "against", "patients", "mean", "mean against", "difference", "low", "high",
               "p", "method", "until day")  # fmt: skip
    caption = "Each arm against the first: difference with its 95 % interval; of times the mean time free of the event."
    return NumberTable(caption, columns, tuple(rows))


def _numbers(found: Contrast) -> tuple[Any, ...]:
    until = np.nan if found.until is None else found.until
    return (found.patients[1], found.second, found.first, found.difference, found.low, found.high, found.p,
            found.method, until)  # fmt: skip


def _subgroups(trial: Trial, table: polars.DataFrame) -> NumberTable:
    endpoint = endpoint_named(trial, trial.primary)
    rows: list[tuple[Any, ...]] = []
    for arm in trial.arms[1:]:
        for group, level, part in (("all", "", table), *levels(trial, table)):
            found = compared(trial, part, endpoint, arm.name)
            if found:
                rows.append((arm.name, group, level, *_numbers(found)[:7]))
    columns = ("arm", "subgroup", "level", "patients", "mean", "mean against", "difference", "low", "high", "p")
    unit = measure_of(endpoint).unit
    caption = (
        f"Difference of {endpoint.name} ({unit}) to {trial.arms[0].name} by subgroup, not adjusted for their number."
    )
    return NumberTable(caption, columns, tuple(rows))


def _power(trial: Trial, table: polars.DataFrame) -> NumberTable:
    endpoint = endpoint_named(trial, trial.primary)
    time = measure_of(endpoint).kind == "time"
    return NumberTable(
        f"Power of a real randomized trial of a size to find a difference of {endpoint.name} at 5 %, two-sided.",
        ("arm", "against", "patients an arm", "power", "Monte Carlo error"),
        tuple(_power_rows(trial, table, endpoint, time=time)),
    )


def _power_rows(trial: Trial, table: polars.DataFrame, endpoint: Endpoint, *, time: bool) -> Iterator[tuple[Any, ...]]:
    first = sample(table, trial.arms[0].name, endpoint)
    for arm in trial.arms[1:]:
        second = sample(table, arm.name, endpoint)
        if min(len(first), len(second)) < 2:
            continue
        for size in trial.real_sizes:
            found = power(first, second, size, time=time, seed=trial.seed)
            yield arm.name, trial.arms[0].name, size, found.power, found.error
