"""Populations against the observations that they stand for, within the interval that was published."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from insulinoma.cohort.draw import Patients, draw
from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.run_in import run_in
from insulinoma.cohort.screening import Fast, supervised_fast
from insulinoma.simulate.batch import simulate_batch

SIZE = 256
AFTER_MEAL = 2.0
PMOL_BY_UU, PMOL_BY_NG = 6.0, 331.0


@cache
def fasts(name: str) -> tuple[Patients, Fast]:
    population = read_population(name)
    patients = draw(population, range(SIZE), seed=2026)
    start = run_in(population, patients, simulate_batch)
    return patients, supervised_fast(population, patients, start, simulate_batch, days=3)


def two_errors(share: float, *sizes: int) -> float:
    """Two standard errors of a difference between shares of these sizes, in percent."""
    return 200 * float(np.sqrt(sum(share * (1 - share) / size for size in sizes)))


@pytest.mark.parametrize(("hours", "published"), [(12, 0.425), (24, 0.669), (48, 0.945)])
def test_fasts_of_insulinoma_end_as_at_the_nih(hours, published) -> None:
    """Two binomial standard errors of 127 patients and of ours [Hirshberg2000]."""
    _, found = fasts("nih-fast-127")
    ended = np.mean(found.stopped & (found.minutes / 60 + AFTER_MEAL <= hours))
    assert 100 * ended == pytest.approx(100 * published, abs=two_errors(published, 127, SIZE))


@pytest.mark.parametrize(
    ("analyte", "factor", "mean", "sd"),
    [("insulin", PMOL_BY_UU, 32.15, 32.53), ("c_peptide", PMOL_BY_NG, 4.77, 2.88)],
)
def test_hormones_at_hypoglycemia_are_those_of_tehran(analyte, factor, mean, sd) -> None:
    """Two standard errors of 43 patients and of ours [Shirzad2021]."""
    _, found = fasts("tehran-43")
    values = found.drawn[analyte][found.stopped] / factor
    assert values.mean() == pytest.approx(mean, abs=2 * np.hypot(sd / np.sqrt(43), values.std() / np.sqrt(len(values))))
    assert 0.5 < values.std() / sd < 1.6


def test_healthy_adults_endure_a_day_and_women_fall_lower_in_three() -> None:
    patients, found = fasts("healthy-adults")
    early = found.stopped & (found.minutes <= 60 * (24 - AFTER_MEAL))
    assert early.mean() < 0.02
    women = patients.parameters["person.woman"] == 1
    lowest = found.drawn["glucose"]
    assert lowest[women].mean() < lowest[~women].mean() - 5
