"""The same criteria judge real and simulated patients: screening by a record, days by the glycemic metrics."""

from __future__ import annotations

import numpy as np
import pytest

from insulinoma.assessment.glucose.metrics import glycemic_metrics
from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.cohort.draw import draw
from insulinoma.cohort.orders import meals
from insulinoma.cohort.population import Inclusion, subject_of
from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.screening import Fast, judged, record_of
from insulinoma.simulate.batch import Series, simulate_batch
from insulinoma.simulate.regimen import Regimen

RULES = Inclusion(criteria=("whipple", "endogenous_hyperinsulinism"), source="assumption: a test")


def fast(*, glucose=40.0, insulin=90.0, c_peptide=600.0, proinsulin=20.0, symptoms=True, relieved=True) -> Fast:
    drawn = {"glucose": glucose, "insulin": insulin, "c_peptide": c_peptide, "proinsulin": proinsulin}
    return Fast(
        np.array([600.0]),
        np.array([glucose < 55]),
        {name: np.array([value]) for name, value in (drawn | {"beta_hydroxybutyrate": 0.4}).items()},
        {"neuroglycopenic": np.array([symptoms]), "autonomic": np.array([False])},
        np.array([relieved]),
    )


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"glucose": 54.9}, True),
        ({"glucose": 55.0}, False),
        ({"insulin": 18.0}, True),
        ({"insulin": 17.9}, False),
        ({"c_peptide": 199.9}, False),
        ({"proinsulin": 4.9}, False),
        ({"symptoms": False}, False),
        ({"relieved": False}, False),
    ],
)
def test_a_simulated_fast_is_judged_at_the_printed_limits(change, taken) -> None:
    assert judged(record_of(fast(**change), 0), RULES) is taken


def test_the_time_below_54_of_a_day_is_that_of_the_glycemic_metrics() -> None:
    population = read_population("benign-insulinoma")
    who, patients = subject_of(population), draw(population, range(4), seed=1)
    regimens = [Regimen(tuple(meals(who, weight, 2))) for weight in patients.parameters["person.weight"]]
    found = simulate_batch(
        who.model,
        regimens,
        days=2,
        parameters=patients.parameters,
        start=dict(who.begin),
        series=Series([0, 1, 2, 3], every=1.0),
    )
    for patient in range(4):
        minutes = found.series["time"].values[1440:2880]
        glucose = found.series["glucose"].sel(patient=patient).values[1440:2880]
        values = glycemic_metrics(GlucoseSeries.from_arrays(minutes - 1440, glucose)).values
        day = found.days.sel(patient=patient, day=1)
        assert float(day["minutes_below_54"]) / 14.4 == pytest.approx(values["tbr_below_54_percent"], abs=0.2)
        assert float(day["glucose_mean"]) == pytest.approx(values["mean_mg_dl"], abs=0.1)
