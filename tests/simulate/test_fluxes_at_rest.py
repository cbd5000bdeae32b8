"""Hypoglycemia of insulinoma comes from production that falls, not from uptake that rises [RizzaInsulinoma1981].

Every virtual patient is compared with the same person without the tumor, hour by hour after a night
without food, as six patients were compared with eight healthy volunteers.
"""

from dataclasses import replace

import numpy as np
import pytest

from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import draws
from insulinoma.simulate.subject import NO_GROWTH, daily_meals, subject

PEOPLE, SEED, DAYS = 256, 31, 13
HOURS = np.arange(10, 25)
PRECISION = 0.08 / 1.74  # of the mean utilization that was measured, one standard error
FLUXES = ("glucose.R_d", "liver.EGP")
Fluxes = dict[str, np.ndarray]


def fast(name: str, *, tumor: bool) -> Fluxes:
    """Glucose and fluxes by patient and hour since the last meal, after two weeks of daily life."""
    who = subject(name) if tumor else replace(subject(name), begin=())
    parameters = draws(who, range(PEOPLE), seed=SEED)
    parameters |= {"tumor.VDT": NO_GROWTH, "tumor_secretion.sigma": tumor * parameters["tumor_secretion.sigma"]}
    bodies = [replace(who, parameters=(("person.weight", float(kg)),)) for kg in parameters["person.weight"]]
    batch = simulate_batch(
        who.model,
        [daily_meals(body, days=DAYS) for body in bodies],
        days=DAYS + 1,
        parameters=parameters,
        start=dict(who.begin),
        follow=FLUXES,
        moments=1440.0 * (DAYS - 1) + 60 * (who.last_meal + HOURS),
    )
    assert not batch.failures
    return {key: batch.moments[key].values for key in ("glucose", *FLUXES)}


@pytest.fixture(scope="module", params=["insulinoma", pytest.param("malignant-insulinoma", marks=pytest.mark.slow)])
def pair(request: pytest.FixtureRequest) -> tuple[Fluxes, Fluxes]:
    """The fast of a population with its tumors, and of the same people without."""
    return fast(request.param, tumor=True), fast(request.param, tumor=False)


def test_utilization_of_the_group_is_below_that_without_the_tumor_at_every_hour(pair: tuple[Fluxes, Fluxes]) -> None:
    ill, well = (one["glucose.R_d"] for one in pair)
    assert (ill.mean(axis=0) < 0.95 * well.mean(axis=0)).all()


def test_utilization_of_no_patient_is_above_that_of_the_same_person_without_the_tumor(
    pair: tuple[Fluxes, Fluxes],
) -> None:
    """Two standard errors of the measured mean are the most by which it is above in anybody."""
    ill, well = (one["glucose.R_d"] for one in pair)
    assert np.mean(ill <= well) > 0.98
    assert (ill < (1 + 2 * PRECISION) * well).all()


def test_production_is_below_that_without_the_tumor_and_falls_with_the_hours(pair: tuple[Fluxes, Fluxes]) -> None:
    ill, well = (one["liver.EGP"] for one in pair)
    assert np.mean(ill < well) > 0.98
    assert (ill.mean(axis=0) < 0.95 * well.mean(axis=0)).all()
    assert ill[:, -1].mean() < ill[:, 0].mean()


def test_it_is_production_that_makes_glucose_fall(pair: tuple[Fluxes, Fluxes]) -> None:
    ill, well = pair
    assert ill["glucose"].mean() < 55 < 80 < well["glucose"].mean()
    missing, spared = (np.mean(well[name] - ill[name]) for name in ("liver.EGP", "glucose.R_d"))
    assert missing > spared > 0
