"""Jobs: they run in their own process, are canceled, killed, run again, and known after a restart."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from insulinoma.app.jobs import Jobs
from insulinoma.app.trials import designed
from insulinoma.app.workspace import Workspace
from tests.app.conftest import Live

REPORT = {"kind": "report", "record": "muro-2014", "glucose_unit": "mmol/L"}


def wait(client: httpx.Client, job: str, *statuses: str) -> dict[str, Any]:
    for _ in range(600):
        found: dict[str, Any] = client.get(f"/api/v1/jobs/{job}").json()
        if found["status"] in statuses:
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_the_files_of_a_job_that_is_done_are_kept_until_it_is_removed(client: httpx.Client, server: Live) -> None:
    server.workspace.write(
        "INSERT INTO jobs (id, kind, request, status, done, created) VALUES ('j-1', 'report', '{}', 'done', 1, 1)"
    )
    folder = server.workspace.job_folder("j-1")
    folder.mkdir(parents=True)
    (folder / "report.pdf").write_bytes(b"%PDF")
    (folder / ".draft").touch()
    assert client.get("/api/v1/jobs/j-1").json()["files"] == ["report.pdf"]
    answer = client.get("/api/v1/jobs/j-1/files/report.pdf")
    assert answer.content == b"%PDF"
    assert answer.headers["content-disposition"].startswith("attachment")
    for name in ("nothing.pdf", ".draft"):
        assert client.get(f"/api/v1/jobs/j-1/files/{name}").status_code == 404
    assert client.post("/api/v1/jobs/j-1/cancel").status_code == 409
    assert client.delete("/api/v1/jobs/j-1").status_code == 204
    assert client.get("/api/v1/jobs").json() == {"jobs": []}
    assert not folder.exists()


def test_a_killed_job_says_so_and_can_be_run_again(client: httpx.Client, server: Live) -> None:
    job = client.post("/api/v1/jobs", json=REPORT).json()["id"]
    wait(client, job, "running")
    while job not in server.jobs._processes:
        time.sleep(0.01)
    os.kill(server.jobs._processes[job].pid, signal.SIGKILL)
    killed = wait(client, job, "killed", "done")
    assert killed["status"] == "killed"
    assert "run again" in killed["message"]
    assert client.post(f"/api/v1/jobs/{job}/again").status_code == 200
    assert client.post(f"/api/v1/jobs/{job}/again").status_code == 409
    assert client.post(f"/api/v1/jobs/{job}/cancel").json()["status"] == "canceled"


def test_a_job_is_canceled_while_it_waits(client: httpx.Client) -> None:
    first, second = (client.post("/api/v1/jobs", json=REPORT).json()["id"] for _ in range(2))
    assert client.post(f"/api/v1/jobs/{second}/cancel").json()["status"] == "canceled"
    assert client.post(f"/api/v1/jobs/{first}/cancel").json()["status"] == "canceled"
    time.sleep(0.2)
    assert {job["status"] for job in client.get("/api/v1/jobs").json()["jobs"]} == {"canceled"}


def test_a_job_of_a_server_that_died_is_shown_as_killed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write(
        "INSERT INTO jobs (id, kind, request, status, created) VALUES ('j-1', 'report', '{}', 'running', 1)"
    )
    jobs = Jobs(workspace)
    assert jobs.one("j-1")["status"] == "killed"
    jobs.close()


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"trial": "nothing"}, 404, ""),
        ({"population": "malignant-g4"}, 422, "malignant-g3"),
        ({"population": "healthy-adults"}, 422, "right_lobe"),
        ({"arms": ["earlie"]}, 422, "early"),
        ({"arms": []}, 422, "at least 1"),
        ({"patients": 1}, 422, "greater than or equal to 2"),
    ],
)
def test_a_trial_that_cannot_be_is_refused_before_it_runs(
    client: httpx.Client, changed: dict[str, Any], status: int, words: str
) -> None:
    given = {"kind": "trial", "trial": "embolization-timing", **changed}
    answer = client.post("/api/v1/jobs", json=given)
    assert answer.status_code == status
    assert words in answer.text
    assert client.get("/api/v1/jobs").json() == {"jobs": []}


def test_a_trial_takes_another_population_and_some_arms(tmp_path: Path) -> None:
    trial, population = designed("embolization-timing", "pumch-malignant-15", ["late", "never"], tmp_path)
    assert [arm.name for arm in trial.arms] == ["never", "late"]
    assert (trial.population, population.name) == ("pumch-malignant-15", "pumch-malignant-15")
    assert designed("null", None, None, tmp_path)[0].name == "null"
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_cannot_be_done_says_why(client: httpx.Client, server: Live) -> None:
    job = server.jobs.start("report", {"record": "gone", "glucose_unit": "mg/dL"})["id"]
    assert wait(client, job, "failed")["message"]
    assert client.post("/api/v1/jobs", json={**REPORT, "record": "gone"}).status_code == 404
