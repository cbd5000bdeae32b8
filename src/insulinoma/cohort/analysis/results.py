"""Everything that a trial answers, as tables of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from insulinoma.cohort.analysis.collect import SHOWN, Collected, collected
from insulinoma.cohort.analysis.contrast import Contrast
from insulinoma.cohort.analysis.curves import curve_rows, risk_rows
from insulinoma.cohort.analysis.frame import endpoint_named, is_event, is_time, measure_of, sample
from insulinoma.cohort.analysis.patients import change_rows, difference_rows, stay_rows
from insulinoma.cohort.analysis.power import power
from insulinoma.cohort.analysis.subgroups import EVERYONE
from insulinoma.cohort.analysis.survival import kaplan_meier
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.analysis.tally import Tally
from insulinoma.cohort.design import Endpoint, Trial

if TYPE_CHECKING:
    import polars

    from insulinoma.cohort.analysis.frame import Frames


@dataclass(frozen=True)
class Results:
    """The tables of a trial by name."""

    trial: Trial
    tables: dict[str, NumberTable]


def results(trial: Trial, frames: Frames) -> Results:
    """The results of a trial from its rows, in memory that does not grow with the trial.

    Single patients and the power of real trials come from the first hundred thousand patients.
    """
    import polars

    known = collected(trial, frames)
    first = polars.concat(known.first, how="diagonal").filter(polars.col("patient") < SHOWN)
    found = {
        "arms": _arms(known),
        "absent": NumberTable("Numbers without a patient.", ("why", "numbers"), tuple(sorted(known.absent.items()))),
        "endpoints": _endpoints(known),
        "contrasts": _contrasts(known),
        "subgroups": _subgroups(known),
        "power": _power(trial, first),
    }
    for endpoint in filter(is_time, trial.endpoints):
        grids = {arm.name: known.tallies[endpoint.name, arm.name].grid for arm in trial.arms}
        found[f"curve-{endpoint.name}"] = curve_rows(endpoint, grids)
        found[f"at-risk-{endpoint.name}"] = risk_rows(trial, endpoint, grids)
    found["changes"] = change_rows(trial, first)
    found["stays"] = stay_rows(trial, frames)
    if trial.allocation == "paired" and len(trial.arms) > 1:
        found["differences"] = difference_rows(trial, first)
    return Results(trial, found)


def _arms(known: Collected) -> NumberTable:
    rows = []
    for arm in known.trial.arms:
        counts = known.arms[arm.name]
        ends = ("dropout", "follow-up")
        out, stayed = (counts[end] for end in ends)
        died = counts["patients"] - counts["failed"] - out - stayed
        kinds = (counts["patients"], counts["screened"], counts["failed"], died, out, stayed)
        rows.append((arm.name, arm.title, *kinds))
    columns = ("arm", "treatment", "patients", "candidates", "not computed", "died", "dropped out", "completed")
    return NumberTable("Who was in the arms, and how it ended for them.", columns, tuple(rows))


def _endpoints(known: Collected) -> NumberTable:
    rows: list[tuple[Any, ...]] = []
    for endpoint in known.trial.endpoints:
        for arm in known.trial.arms:
            tally = known.tallies[endpoint.name, arm.name]
            if tally.moments.count:
                numbers = _times(endpoint, tally) if is_time(endpoint) else _numbers(tally)
                rows.append((endpoint.name, arm.name, measure_of(endpoint).unit, tally.moments.count, *numbers))
    columns = ("endpoint", "arm", "unit", "patients", "mean", "SD", "median", "lower quartile", "upper quartile",
               "events", "competing events")  # fmt: skip
    return NumberTable("Every endpoint by arm; of times the median of Kaplan and Meier.", columns, tuple(rows))


def _times(endpoint: Endpoint, tally: Tally) -> tuple[Any, ...]:
    grid = tally.grid
    event = is_event(endpoint, grid.cause)
    others = int(grid.count[(grid.cause != "") & ~event].sum())
    median = kaplan_meier(grid.value, event, grid.count).median()
    return (*[np.nan] * 2, median, *[np.nan] * 2, int(grid.count[event].sum()), others)


def _numbers(tally: Tally) -> tuple[Any, ...]:
    low, middle, high = (tally.grid.quantile(share) for share in (0.25, 0.5, 0.75))
    return (tally.moments.mean, tally.moments.sd, middle, low, high, np.nan, np.nan)


def _contrasts(known: Collected) -> NumberTable:
    rows = []
    trial = known.trial
    for endpoint in trial.endpoints:
        for arm in trial.arms[1:]:
            if found := known.contrast(endpoint, arm.name):
                rows.append((endpoint.name, measure_of(endpoint).unit, arm.name, trial.arms[0].name, *_row(found)))
    columns = ("endpoint", "unit", "arm", "against", "patients", "mean", "mean against", "difference", "low", "high",
               "p", "method", "until day")  # fmt: skip
    caption = "Each arm against the first: difference with its 95 % interval; of times the mean time free of the event."
    return NumberTable(caption, columns, tuple(rows))


def _row(found: Contrast) -> tuple[Any, ...]:
    until = np.nan if found.until is None else found.until
    return (found.patients[1], found.second, found.first, found.difference, found.low, found.high, found.p,
            found.method, until)  # fmt: skip


def _subgroups(known: Collected) -> NumberTable:
    trial = known.trial
    endpoint = endpoint_named(trial, trial.primary)
    rows: list[tuple[Any, ...]] = []
    for arm in trial.arms[1:]:
        for level in (EVERYONE, *known.levels()):
            if found := known.contrast(endpoint, arm.name, level):
                rows.append((arm.name, level[0], level[2], *_row(found)[:7]))
    columns = ("arm", "subgroup", "level", "patients", "mean", "mean against", "difference", "low", "high", "p")
    unit = measure_of(endpoint).unit
    caption = (
        f"Difference of {endpoint.name} ({unit}) to {trial.arms[0].name} by subgroup, not adjusted for their number."
    )
    return NumberTable(caption, columns, tuple(rows))


def _power(trial: Trial, first: polars.DataFrame) -> NumberTable:
    endpoint = endpoint_named(trial, trial.primary)
    return NumberTable(
        f"Power of a real randomized trial of a size to find a difference of {endpoint.name} at 5 %, two-sided.",
        ("arm", "against", "patients an arm", "power", "Monte Carlo error"),
        tuple(_power_rows(trial, first, endpoint)),
    )


def _power_rows(trial: Trial, first: polars.DataFrame, endpoint: Endpoint) -> Iterator[tuple[Any, ...]]:
    against = sample(first, trial.arms[0].name, endpoint)
    for arm in trial.arms[1:]:
        own = sample(first, arm.name, endpoint)
        if min(len(against), len(own)) < 2:
            continue
        for size in trial.real_sizes:
            found = power(endpoint, against, own, size, seed=trial.seed)
            yield arm.name, trial.arms[0].name, size, found.power, found.error
