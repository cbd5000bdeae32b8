"""Glucose at visits: read by a device with its published error, the same in every arm, while the patient comes."""

from __future__ import annotations

import numpy as np
import polars
import pytest

from insulinoma.cohort.draw import draw
from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.rows import piece_rows
from insulinoma.cohort.trial_file import read_trial
from insulinoma.cohort.visits import devices, fasting_glucose, mornings
from insulinoma.simulate.batch import simulate_batch

SIZE = 2000


def read_by(device: str, glucose: float) -> np.ndarray:
    """What is read on the four mornings of the shipped trial where glucose is always the same."""
    trial = read_trial("diazoxide-octreotide")[0]
    trial = trial.changed(visits=trial.visits.model_copy(update={"glucose": device}))
    patients = draw(read_population(trial.population), range(SIZE), seed=1)
    table = {name: np.full((SIZE, trial.days), glucose) for name in ("glucose_mean", "glucose_morning")}
    read = fasting_glucose(trial, patients, table)
    assert np.flatnonzero(np.isfinite(read[0])).tolist() == mornings(trial) == [6, 13, 20, 27]
    return read[:, mornings(trial)]


@pytest.mark.parametrize(("glucose", "within"), [(60.0, 15.0), (200.0, 30.0)])
def test_95_of_100_readings_of_a_meter_are_within_the_standard(glucose, within) -> None:
    """15 mg/dL below 100 mg/dL and 15 % above [ISO15197]; readings are whole numbers."""
    read = read_by("meter", glucose)
    assert 0.94 < np.mean(np.abs(read - glucose) <= within) < 0.97
    assert np.corrcoef(read.T)[np.triu_indices(4, 1)] == pytest.approx(np.zeros(6), abs=0.1)


def test_a_sensor_is_off_by_its_published_share_and_a_laboratory_by_less() -> None:
    """Mean absolute relative difference 9.8 % [Shah2018]; 2.2 % is a goal for a laboratory [GlucoseGoals1986]."""
    sensor, laboratory = (read_by(name, 80.0) for name in ("sensor", "laboratory"))
    assert 100 * np.mean(np.abs(sensor / 80 - 1)) == pytest.approx(9.8, abs=0.3)
    assert 100 * laboratory.std() / 80 == pytest.approx(2.2, abs=0.1)
    assert set(devices()) == {"laboratory", "meter", "sensor"}


def test_what_a_device_shows_differs_from_the_glucose_of_that_morning_by_its_error_alone() -> None:
    """Two arms of the same meals have the same readings; without an error they are those of the simulation."""
    trial, population = read_trial("null")
    endpoint = {"name": "fasting", "measure": "fasting_glucose"}
    visits = trial.visits.model_copy(update={"every": 2.0})
    whole = (
        type(trial)
        .model_validate(
            trial.model_dump(by_alias=True, exclude={"visits", "follow_up", "dropout"})
            | {"endpoints": [endpoint], "primary": "fasting", "allocation": "paired", "follow_up": "4 d"}
        )
        .changed(visits=visits)
    )
    open_to_all = population.model_copy(update={"inclusion": None})
    rows = piece_rows(whole, open_to_all, range(8), simulate_batch)
    one, other = (rows.filter(polars.col("arm") == name)["fasting"].to_numpy() for name in ("one", "other"))
    assert (one == other).all()
    assert np.ptp(one) > 1
    meter = (
        piece_rows(
            whole.changed(visits=visits.model_copy(update={"glucose": "meter"})), open_to_all, range(8), simulate_batch
        )
        .filter(polars.col("arm") == "one")["fasting"]
        .to_numpy()
    )
    assert 0 < np.abs(meter - one).mean() < 15
