"""The same rows, bit for bit, from one process, four, and a Dask cluster of which a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from insulinoma.cohort.run.cluster import cluster
from insulinoma.cohort.run.executor import InProcess, Processes
from insulinoma.cohort.run.job import Job
from insulinoma.cohort.run.runner import run_missing
from insulinoma.cohort.run.store import open_store
from insulinoma.cohort.trial_file import read_trial
from insulinoma.errors import ComputationError, UsageError
from tests.cohort.test_store import contents
from tests.cohort.toy import slow_toy, toy_batch

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def job() -> Job:
    trial, population = read_trial("embolization-timing")
    return Job(trial.changed(size=448, follow_up=20.0), population, toy_batch)


@pytest.fixture(scope="module")
def expected(job, tmp_path_factory) -> dict[str, bytes]:
    return finished(job, InProcess(), tmp_path_factory.mktemp("one"))


def finished(job, executor, folder, *, resume=False, shown=None) -> dict[str, bytes]:
    with open_store(folder / "trial", job.identity(), resume=resume) as store:
        run_missing(job, store, executor, shown)
    return contents(folder / "trial")


class KillOnce:
    """Kills a process, found anew, when the first piece has come."""

    def __init__(self, victim) -> None:
        self.victim, self.killed = victim, 0

    def __call__(self, progress) -> None:
        if not self.killed:
            self.killed = self.victim()
            os.kill(self.killed, signal.SIGKILL)


def a_worker() -> int:
    children = psutil.Process().children(recursive=True)
    return next(child.pid for child in children if "spawn_main" in " ".join(child.cmdline()))


def test_four_processes_give_the_rows_of_one_though_one_of_them_is_killed(job, expected, tmp_path) -> None:
    kill = KillOnce(a_worker)
    assert finished(replace(job, engine=slow_toy), Processes(4), tmp_path, shown=kill) == expected
    assert kill.killed


@contextmanager
def dask(*arguments: str):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
    command = [sys.executable, "-m", "distributed.cli.main", *arguments]
    command[2:3] = [f"distributed.cli.dask_{arguments[0]}"]
    with subprocess.Popen(
        [*command[:3], *arguments[1:]], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def scheduler(tmp_path):
    file = tmp_path / "scheduler.json"
    begun = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with dask(*begun) as process:
        for _ in range(300):
            if file.exists() and "address" in file.read_text(encoding="utf-8"):
                break
            time.sleep(0.1)
        yield process, json.loads(file.read_text(encoding="utf-8"))["address"]


def worker(address: str):
    return dask("worker", address, "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard")


def joined(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def test_a_cluster_gives_the_rows_of_one_process_though_a_worker_is_killed(job, expected, tmp_path) -> None:
    with scheduler(tmp_path) as (_, address), worker(address) as first, worker(address) as second:
        joined(address, 2)
        kill = KillOnce(lambda: first.pid)
        assert finished(replace(job, engine=slow_toy), cluster(address), tmp_path, shown=kill) == expected
        assert kill.killed
        assert first.wait(10) == -signal.SIGKILL
        assert second.poll() is None


def test_a_lost_scheduler_keeps_what_is_done(job, expected, tmp_path) -> None:
    with scheduler(tmp_path) as (process, address), worker(address):
        joined(address, 1)
        kill = KillOnce(lambda: process.pid)
        with pytest.raises(ComputationError, match=r"The scheduler at .* was lost.*--resume"):
            finished(replace(job, engine=slow_toy), cluster(address), tmp_path, shown=kill)
    assert 1 <= len(contents(tmp_path / "trial")) < len(expected)
    assert finished(job, InProcess(), tmp_path, resume=True) == expected


def test_an_address_without_a_scheduler_is_told(monkeypatch) -> None:
    monkeypatch.setattr("insulinoma.cohort.run.cluster._TIMEOUT", "1s")
    with pytest.raises(UsageError, match=r"no Dask scheduler at 'tcp://127\.0\.0\.1:9'"):
        cluster("tcp://127.0.0.1:9")
