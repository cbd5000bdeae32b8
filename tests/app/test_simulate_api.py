"""Runs over HTTP: the numbers of the reference solver, the names of the commands, and refusals in words."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest

from insulinoma.app.binary import unpack
from insulinoma.app.runs import Asked, Curves, run, thinned
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.subject import subject

HALF = [{"give": "right_lobe.embolize", "amount": "1", "at": "day 1 10:00"}]
DRIP = [{"give": "dextrose.dextrose", "amount": "3 mg/kg/min", "from": "0 d", "to": "2 d"}]


def ask(client: httpx.Client, **given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = client.post("/api/v1/simulate", json=given)
    assert answer.status_code == 200, answer.text
    return unpack(answer.content)


def test_a_test_is_that_of_the_reference_solver() -> None:
    found, reference = run(Asked("insulinoma", "ogtt-75g")), protocol("ogtt-75g").run(subject("insulinoma"))
    time = reference.data["time"].values
    for name, place, unit in (("glucose", "glucose.G", 1.0), ("glucagon", "counter_regulation.H", 1.0)):
        ours = np.interp(time, found.time, found.series[name][0])
        assert np.abs(ours - unit * reference[place].values).max() < 0.3, name


def test_a_fast_ends_by_its_rule_where_it_should(client: httpx.Client) -> None:
    ill, _ = ask(client, subject="insulinoma", protocol="fast-72h")
    healthy, series = ask(client, subject="healthy-woman", protocol="fast-72h")
    assert ill["events"][0]["ended_by"] == "hypoglycemia"
    assert ill["events"][0]["time_minutes"] < 48 * 60
    assert healthy["events"][0]["ended_by"] == "completed"
    assert series["time"][-1] == 72 * 60
    assert ill["units"]["glucose"] == "mg/dL"
    assert ill["units"]["insulin"] == "uU/mL"


def test_an_embolization_lets_insulin_fall_and_glucose_rise(client: httpx.Client) -> None:
    given = {"subject": "malignant-insulinoma", "days": 3, "regimen": DRIP}
    _, without = ask(client, **given)
    _, after = ask(client, **{**given, "regimen": [*DRIP, *HALF]})
    late, early = without["time"] > 36 * 60, without["time"] < 34 * 60
    assert after["insulin"][late].mean() < 0.9 * without["insulin"][late].mean()
    assert after["glucose"][late].mean() > without["glucose"][late].mean()
    assert np.abs(after["glucose"][early] - without["glucose"][early]).max() < 0.1


def test_a_band_holds_the_typical_patient_and_is_the_same_each_time(client: httpx.Client) -> None:
    given = {"subject": "healthy-woman", "protocol": "ogtt-75g", "seed": 3}
    _, one = ask(client, **given)
    head, band = ask(client, **given, patients=40)
    _, again = ask(client, **given, patients=40)
    low, high = band["glucose:2.5"], band["glucose:97.5"]
    assert head["patients"] == 40
    assert (low <= band["glucose:50"]).all()
    assert (band["glucose:50"] <= high).all()
    typical = np.interp(band["time"], one["time"], one["glucose"])
    assert ((low < typical) & (typical < high)).mean() > 0.9
    assert np.array_equal(band["glucose:50"], again["glucose:50"])


def test_a_parameter_that_is_moved_moves_the_curve(client: httpx.Client) -> None:
    given = {"subject": "healthy-woman", "protocol": "ogtt-75g"}
    _, before = ask(client, **given)
    _, after = ask(client, **given, parameters={"glucose.G_b": 110.0})
    assert after["glucose"].mean() > before["glucose"].mean() + 3


def test_thinning_keeps_every_low() -> None:
    time = np.arange(10_000.0)
    glucose = 90 + 5 * np.sin(time / 7)
    glucose[[1234, 8765]] = 31, 29
    full = Curves(time, {"glucose": glucose[None].astype(np.float32)}, {}, {}, 0)
    thin = thinned(full)
    assert len(thin.time) <= 1602
    assert {1234.0, 8765.0} <= set(thin.time.tolist())
    assert (thin.time[0], thin.time[-1]) == (time[0], time[-1])


def test_parameters_come_with_meaning_and_source(client: httpx.Client) -> None:
    found = client.get("/api/v1/model/insulinoma/parameters").json()
    row = next(item for item in found["parameters"] if item["reference"])
    assert row["meaning"]
    assert found["references"][row["reference"]]
    assert {row["name"] for row in client.get("/api/v1/model").json()["subjects"]} >= {"insulinoma", "healthy-man"}


def test_the_orders_of_the_record_are_those_of_its_regimen(client: httpx.Client) -> None:
    found = client.get("/api/v1/records/muro-2014/regimen").json()
    days = {item["what"]: item["start"] / 1440 for item in found["orders"] if item["what"].endswith("embolize")}
    assert {name: int(day) for name, day in days.items()} == {"right_lobe.embolize": 12, "left_lobe.embolize": 22}
    assert found["days"] == 157
    assert found["assumed"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"subject": "healthy-womn"}, "healthy-woman"),
        ({"subject": "insulinoma", "protocol": "ogtt"}, "ogtt-75g"),
        ({"subject": "insulinoma", "protocol": "embolization"}, "metastases"),
        ({"subject": "insulinoma", "parameters": {"glucose.G": 1.0}}, "glucose.G"),
        ({"subject": "insulinoma", "regimen": [{"give": "diazoxid", "amount": "100 mg", "at": "0 h"}]}, "diazoxid"),
        ({"subject": "insulinoma", "regimen": [{"give": "diazoxide", "amount": "1.2.3 mg", "at": "0 h"}]}, ""),
        ({"subject": "insulinoma", "regimen": [{"give": "diazoxide", "amount": "100 mg"}]}, "time"),
        ({"subject": "insulinoma", "days": 100_000}, "days"),
        ({"subject": "insulinoma", "patients": 10_000}, "patients"),
        ({"subject": "insulinoma", "patients": True}, "patients"),
        ({"subject": "insulinoma", "days": "2"}, "days"),
    ],
)
def test_what_cannot_be_run_is_refused_in_words(client: httpx.Client, given: dict[str, Any], words: str) -> None:
    answer = client.post("/api/v1/simulate", json=given)
    assert answer.status_code == 422
    assert words in answer.text
