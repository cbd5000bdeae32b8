"""The rows of a piece of a trial: one a patient and arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.course import Course, run_arm
from insulinoma.cohort.design import Arm, Trial
from insulinoma.cohort.draw import Patients, draw, joined
from insulinoma.cohort.endpoints import MEASURES, Seen
from insulinoma.cohort.engine import Engine
from insulinoma.cohort.fate import fates
from insulinoma.cohort.population import Population, spreads_by_grade, subject_of
from insulinoma.cohort.quantities import followed
from insulinoma.cohort.response import tumor_responses, tumor_sites
from insulinoma.cohort.run_in import Start, run_in
from insulinoma.cohort.screening import included
from insulinoma.cohort.visits import fasting_glucose, mornings
from insulinoma.simulate.draws import chance

if TYPE_CHECKING:
    import polars

FIXED = (
    "patient", "arm", "failure", "candidates", "sex", "age", "weight", "height", "grade", "before_time_below_54",
    "before_glucose_mean", "end_day", "end", "recist", "recist_change", "low_days", "deeds",
)  # fmt: skip


def piece_rows(trial: Trial, population: Population, numbers: Sequence[int], engine: Engine) -> polars.DataFrame:
    """The rows of some patients of a trial, in the order of number and arm.

    A patient who cannot be recruited or computed has a row that says so and holds no endpoint.
    """
    import polars

    follow = _follow(trial, population)
    patients, start = recruited(population, numbers, engine, seed=trial.seed, follow=follow)
    frames = []
    for index, arm in enumerate(trial.arms):
        rows = np.flatnonzero(_allocated(trial, patients) == index) if trial.allocation == "randomized" else ...
        chosen = patients if rows is ... else patients.taken(rows)
        if len(chosen):
            begin = start if rows is ... else start.taken(rows)
            frames.append(_arm_rows(trial, population, arm, chosen, begin, engine, follow))
    frames.append(_absent(population, numbers, patients))
    order = {arm.name: index for index, arm in enumerate(trial.arms)}
    whole = polars.concat(frames, how="diagonal")
    place = polars.col("arm").replace_strict(order, default=len(order), return_dtype=polars.Int64)
    return whole.sort("patient", place)


def _absent(population: Population, numbers: Sequence[int], patients: Patients) -> polars.DataFrame:
    """The numbers that gave no patient, in no arm, each with the reason."""
    import polars

    taken = set(patients.numbers.tolist())
    why = "no candidate met the criteria" if population.inclusion else "the days before the trial could not be computed"
    rows = [(number, "", why) for number in numbers if number not in taken]
    schema = {"patient": polars.Int64, "arm": polars.String, "failure": polars.String}
    return polars.DataFrame(rows, schema=schema, orient="row")


def recruited(
    population: Population, numbers: Sequence[int], engine: Engine, *, seed: int, follow: tuple[str, ...] = ()
) -> tuple[Patients, Start]:
    """For each number the first candidate who is taken in, after the run-in; numbers without one are left out."""
    most = population.inclusion.most_candidates if population.inclusion else 1
    waiting, found = list(numbers), []
    for attempt in range(most):
        candidates = draw(population, waiting, seed=seed, attempt=attempt)
        start = run_in(population, candidates, engine, follow)
        fine = included(population, candidates, start, engine)
        found.append((candidates.taken(fine), start.taken(fine)))
        waiting = candidates.numbers[~fine].tolist()
        if not waiting:
            break
    patients = joined([part for part, _ in found])
    order = np.argsort(np.concatenate([part.numbers for part, _ in found]), kind="stable")
    states = {name: np.concatenate([start.states[name] for _, start in found])[order] for name in found[0][1].states}
    before = {name: np.concatenate([start.before[name] for _, start in found])[order] for name in found[0][1].before}
    return patients, Start(states, before)


def _follow(trial: Trial, population: Population) -> tuple[str, ...]:
    """The quantities of the model that rules, causes of death and visits ask for."""
    model = subject_of(population).model
    names = {rule.when.quantity for arm in trial.arms for rule in arm.rules}
    names |= {cause.quantity for cause in population.mortality if cause.quantity is not None}
    names |= {condition.quantity for condition in (population.inclusion.before if population.inclusion else ())}
    return followed(model, names | set(tumor_sites(model)))


def _allocated(trial: Trial, patients: Patients) -> Any:
    """The arm of each patient, by chance in blocks of twice the arms, so that the arms stay equal in size."""
    size = 2 * len(trial.arms)
    blocks, places = np.divmod(patients.numbers, size)
    keys = np.stack([chance(trial.seed, f"allocation {place}", blocks) for place in range(size)], axis=1)
    return keys.argsort(axis=1)[np.arange(len(places)), places] % len(trial.arms)


def _arm_rows(
    trial: Trial,
    population: Population,
    arm: Arm,
    patients: Patients,
    start: Start,
    engine: Engine,
    follow: tuple[str, ...],
) -> polars.DataFrame:
    import polars

    who = subject_of(population)
    course = run_arm(who, arm, patients, start, engine, days=trial.days, follow=follow, mornings=mornings(trial))
    fate = fates(population, patients, course.table, seed=trial.seed, follow_up=trial.follow_up, dropout=trial.dropout)
    response = tumor_responses(trial, who.model, patients, course.table, start.before, fate)
    computed = np.asarray(np.isfinite(course.table["glucose_mean"]).all(axis=1))
    columns: dict[str, Any] = {
        "patient": patients.numbers,
        "arm": [arm.name] * len(patients),
        "failure": np.where(computed, "", "the course could not be computed"),
        "candidates": patients.attempts + 1,
        **_person(population, patients),
        "before_time_below_54": start.before["minutes_below_54"][:, -1] / 14.4,
        "before_glucose_mean": start.before["glucose_mean"][:, -1],
        "end_day": fate.day,
        "end": fate.cause,
        "recist": response.best,
        "recist_change": response.change,
    }
    seen = Seen(course.table, fate, response, fasting_glucose(trial, patients, course.table))
    columns |= _outcomes(trial, seen, computed)
    columns["low_days"] = [_runs(course, fate.day, row) for row in range(len(patients))]
    columns["deeds"] = [
        [f"{deed.day} {deed.rule}" for deed in deeds if deed.day + 1 <= end]
        for deeds, end in zip(course.deeds, fate.day, strict=True)
    ]
    schema = {"low_days": polars.List(polars.UInt16), "deeds": polars.List(polars.String)}
    frame = polars.DataFrame(columns, schema_overrides=schema)
    numbers = [name for name, kind in frame.schema.items() if kind == polars.Float64]
    return frame.with_columns(polars.col(numbers).fill_nan(None))


def _outcomes(trial: Trial, seen: Seen, computed: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Every endpoint, and of a time what it ended with."""
    columns: dict[str, Any] = {}
    for endpoint in trial.endpoints:
        outcome = MEASURES[endpoint.measure].of(seen, endpoint)
        columns[endpoint.name] = np.where(computed, outcome.value, np.nan)
        if outcome.event is not None:
            columns[f"{endpoint.name}_event"] = outcome.event
    return columns


def _person(population: Population, patients: Patients) -> dict[str, Any]:
    """Covariates, grade and the traits that differ: who responds to what."""
    spreads = next(iter(spreads_by_grade(population).values()))
    traits = [name for name, item in spreads.items() if item.scale == "share"]
    return {
        "sex": np.where(patients.parameters["person.woman"] > 0.5, "woman", "man"),
        **{name: patients.parameters[f"person.{name}"] for name in ("age", "weight", "height")},
        "grade": patients.grades,
        **{name: patients.parameters[name] for name in traits},
    }


def _runs(course: Course, end: Any, row: int) -> list[int]:
    """First day and day after the last, one pair after another, of every stretch of days with time below 54."""
    low = course.table["minutes_below_54"][row] > 0
    low &= np.arange(len(low)) + 1 <= end[row]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low.astype(np.int8), [0]))))
    return [int(edge) for edge in edges]
