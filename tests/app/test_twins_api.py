"""The twin of a record and its scenarios over HTTP: the numbers of the commands, and refusals in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from insulinoma.app.binary import unpack
from insulinoma.app.records import Records
from insulinoma.app.twins import Twin, evenly
from insulinoma.calibrate.posterior import Posterior
from insulinoma.calibrate.problem import WARM_UP, problem_of
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.errors import UsageError
from insulinoma.record.load import load_case
from insulinoma.report.twin.build import posterior_of
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.what_if.scenario import parse_scenario
from insulinoma.what_if.what_if import what_if
from tests.app.conftest import DRIP, Live, keep_calibration, upload_short_stay
from tests.calibrate.small_record import short_stay


def test_a_comparison_is_that_of_the_command(compared: Path) -> None:
    posterior = Posterior.load(compared / "posterior.nc")
    found = json.loads((compared / "result.json").read_text())
    expected = what_if(posterior, [parse_scenario("drip", DRIP, "drip.yaml")], draws=24).result
    assert {**found, "seconds": 0} == json.loads(json.dumps({**expected, "seconds": 0}))
    assert (compared / "drip.yaml").read_text() == DRIP
    bands = json.loads((compared / "bands.json").read_text())
    low = {name: np.array(one["glucose_min"]) for name, one in bands["scenarios"].items()}
    assert all((np.diff(levels, axis=0) >= 0).all() for levels in low.values())
    assert (low["drip"][2, :3] > low["as-done"][2, :3] + 5).all()
    days = low["drip"].shape[1]
    assert len((compared / "bands.csv").read_text().splitlines()) == 1 + 2 * days * len(bands["units"])


def test_the_twin_on_the_page_is_that_of_the_calibration() -> None:
    problem = problem_of(short_stay())
    z = 0.3 * noise(3, 1, (12, len(problem.coordinates)))
    orders = give("meal", "60 g", at="8 h", every="12 h", times=5).orders
    twin = Twin(problem, z, "prior")
    curves = twin.run(orders, 3, 12)
    shift = 1440.0 * WARM_UP
    home = [order for order in problem.given.regimen.orders if order.start < shift]
    reference = problem.course(
        z, regimen=Regimen((*_before(home, shift), *_later(orders, shift))), model=twin.model, seed=0
    )
    for day in range(3):
        inside = (curves.time > 1440 * day) & (curves.time <= 1440 * (day + 1))
        lowest = curves.series["glucose"][:, inside].min(axis=1)
        assert np.abs(lowest - reference.each_day("glucose_min", day, day + 1)[:, 0]).max() < 1.0, day
    tumor = curves.series["tumor_volume"][:, -1]
    assert tumor == pytest.approx(reference.each_day("burden.V_tumor", 2, 3)[:, 0], rel=1e-3)


def _before(orders: Any, shift: float) -> list[Any]:
    from insulinoma.app.orders import until

    return [part for order in orders for part in until(order, shift)]


def _later(orders: Any, shift: float) -> list[Any]:
    from dataclasses import replace

    return [replace(order, start=order.start + shift) for order in orders]


def test_the_twin_says_whose_draws_it_is_on(client: httpx.Client, server: Live, compared: Path) -> None:
    record = upload_short_stay(client)
    asked: dict[str, Any] = {"days": 1, "patients": 60}
    path = f"/api/v1/records/{record}/twin"
    before, _ = unpack(client.post(path, json=asked).content)
    kept = {"posterior": keep_calibration(server, record, compared)}
    after, series = unpack(client.post(path, json={**asked, **kept}).content)
    assert (before["of"], after["of"]) == ("prior", "posterior")
    assert after["patients"] == 60
    assert (series["glucose:2.5"] <= series["glucose:97.5"]).all()
    assert client.post("/api/v1/records/muro-2014/twin", json={**asked, **kept}).status_code == 404


def test_a_posterior_with_other_parameters_is_refused(compared: Path, tmp_path: Path) -> None:
    posterior = Posterior.load(compared / "posterior.nc")
    stats = posterior.tree["sample_stats"]
    renamed = stats.to_dataset().assign_coords(parameter=["other", *stats["parameter"].values[1:]])
    posterior.tree["sample_stats"] = type(posterior.tree)(renamed)
    posterior.save(tmp_path / "old.nc")
    with pytest.raises(UsageError, match="Calibrate again"):
        posterior_of(short_stay(), tmp_path / "old.nc")


def test_draws_are_taken_evenly() -> None:
    draws = np.arange(10.0)[:, None]
    assert evenly(draws, 4)[:, 0].tolist() == [0, 3, 6, 9]
    assert len(evenly(draws, 1000)) == 10


def test_an_order_that_a_page_leaves_as_assumed_is_as_unsure_as_in_the_calibration() -> None:
    problem = problem_of(load_case())
    z = np.zeros((2, len(problem.coordinates)))
    z[1, problem.coordinates.names.index("amount.high-calorie-infusion")] = -1.0
    twin = Twin(problem, z, "prior")
    as_assumed = give("dextrose.parenteral_nutrition", "122.0001 g/d", start="0 h", stop="4 d").orders
    chosen = give("dextrose.parenteral_nutrition", "130 g/d", start="0 h", stop="4 d").orders
    lows = [twin.run(orders, 4, 2).series["glucose"][:, -24:].mean(axis=1) for orders in (as_assumed, chosen)]
    assert lows[0][1] < lows[0][0] - 5, "a share of what is assumed"
    assert lows[1][1] == pytest.approx(lows[1][0], abs=0.1), "what the page gives is what is given"


def test_what_was_given_is_what_the_calibration_takes_it_for(client: httpx.Client) -> None:
    found = client.get("/api/v1/records/muro-2014/twin").json()
    days = {item["fact"]: item["start"] / 1440 for item in found["given"]}
    assert (int(days["tae-right"]), int(days["tae-left"])) == (12, 22)
    assert all(item["start"] < 0 for item in found["before"])
    assert {item["what"] for item in found["before"]} == {"meal", "dextrose"}
    assert any("diazoxide" in text for text in found["assumed"])
    assert found["habits"]["orders"]["right_lobe.embolize"]


def test_scenarios_that_ship_say_whether_they_fit(client: httpx.Client) -> None:
    record = upload_short_stay(client)
    index = client.get("/api/v1/scenarios").json()["scenarios"]
    other = client.get("/api/v1/scenarios", params={"record": record}).json()["scenarios"]
    assert len(index) == 13
    assert all(item["fits"] and item["text"].startswith("meaning:") for item in index)
    assert {item["name"] for item in other if not item["fits"]} >= {"no-embolization", "no-chemotherapy"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("meaning: x\nremove: [embolise]\n", "embolise"),
        ("meaning: x\ngive:\n- {give: dextrose, amount: 6 mg, at: sunday}\n", "s.yaml"),
        ("meaning: x\nremoves: [embolize]\n", "remove"),
        ("meaning: x\nassume: {tumor.R: .nan}\n", "not a number"),
        ("meaning: x\ngive:\n- {give: meal, amount: 9 g, at: 0 h, every: 0 h, times: to the end}\n", "without a pause"),
        ("meaning: x\ngive:\n- {give: meal, amount: 9 g, at: 0 h, every: 1 min, times: to the end}\n", "too many"),
        ("meaning: x\ngive:\n- {give: meal, amount: [a, b], at: 0 h}\n", "mapping of words"),
        ("meaning: [x]\nremove: [embolize]\n", "not a text"),
        ("{[a]: b}", "a name"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nmeaning: *b\n", "alias"),
        ("[" * 5000, "nested"),
        ("a: 'b", "not YAML"),
        ("- a", "no changes"),
    ],
)
def test_a_scenario_with_faults_is_refused_in_words(client: httpx.Client, text: str, words: str) -> None:
    answer = client.post("/api/v1/scenarios", json={"name": "s", "text": text})
    assert answer.status_code == 422
    assert words in answer.text
    job = {"kind": "what-if", "record": "muro-2014", "scenarios": [{"name": "s", "text": text}]}
    assert client.post("/api/v1/jobs", json=job).status_code == 422
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"scenarios": [{"name": "no-embolisation"}]}, 422, "no-embolization"),
        ({"scenarios": [{"name": "no-embolization"}] * 2}, 422, "same name"),
        ({"scenarios": [{"name": "as-done", "text": DRIP}]}, 422, "same name"),
        ({"scenarios": [{"name": "../x", "text": DRIP}]}, 422, "pattern"),
        ({"scenarios": []}, 422, "at least 1"),
        ({"posterior": "j-none"}, 404, ""),
        ({"record": "gone"}, 404, ""),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(
    client: httpx.Client, changed: dict[str, Any], status: int, words: str
) -> None:
    job = {"kind": "what-if", "record": "muro-2014", "scenarios": [{"name": "no-embolization"}], **changed}
    answer = client.post("/api/v1/jobs", json=job)
    assert answer.status_code == status
    assert words in answer.text


def test_a_record_without_a_day_has_no_twin(client: httpx.Client, server: Live) -> None:
    text = "schema: insulinoma-case/1\nid: a\ntitle: T\ndocuments: {source: {kind: chart}}\n"
    sent = client.post("/api/v1/records", files={"files": ("a.yaml", text)}).json()["id"]
    assert Records(server.workspace).open(sent).record.title == "T"
    answer = client.get(f"/api/v1/records/{sent}/twin")
    assert answer.status_code == 422
    assert "states no day" in answer.text
