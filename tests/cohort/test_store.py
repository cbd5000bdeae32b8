"""A trial survives what happens to its folder: the next run ends with the same rows and says what it did again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from insulinoma.cohort.run.executor import InProcess
from insulinoma.cohort.run.job import Job
from insulinoma.cohort.run.runner import run_missing
from insulinoma.cohort.run.store import open_store
from insulinoma.cohort.trial_file import read_trial
from insulinoma.errors import ComputationError, UsageError
from tests.cohort.toy import toy_batch


def job_of(size: int = 200, seed: int = 1) -> Job:
    trial, population = read_trial("one-lobe-or-two")
    return Job(trial.changed(size=size, seed=seed, follow_up=20.0), population, toy_batch)


def finish(job: Job, folder: Path, *, resume: bool = True) -> list[str]:
    with open_store(folder, job.identity(), resume=resume) as store:
        run_missing(job, store, InProcess())
        return store.redone


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("pieces/*/*"))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trial") / "whole"
    finish(job_of(), folder, resume=False)
    return folder


@pytest.fixture
def damaged(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "damaged"))


def corrupted(folder: Path) -> None:
    path = sorted(folder.glob("pieces/*/*"))[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def removed(folder: Path) -> None:
    sorted(folder.glob("pieces/*/*"))[2].unlink()


def cut_log(folder: Path) -> None:
    log = folder / "pieces.log"
    log.write_bytes(log.read_bytes()[:-20])


def half_written(folder: Path) -> None:
    path = sorted(folder.glob("pieces/*/*"))[0]
    path.with_name(f"{path.name}.4711.part").write_bytes(path.read_bytes()[:100])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (corrupted, "piece 1 is damaged and is computed again"),
        (removed, "piece 2 is missing and is computed again"),
        (cut_log, "piece 3 has no line in the log and is computed again"),
        (half_written, "0000000.parquet.4711.part was not finished and is removed"),
    ],
)
def test_damage_is_told_and_mended(whole, damaged, damage, words) -> None:
    damage(damaged)
    assert finish(job_of(), damaged) == [words]
    assert contents(damaged) == contents(whole)
    assert finish(job_of(), damaged) == []


def test_nothing_is_computed_twice(damaged) -> None:
    job = job_of()
    with open_store(damaged, job.identity(), resume=True) as store:
        assert list(store.missing()) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (lambda: job_of(seed=2), "another seed"),
        (lambda: job_of(size=201), "another number of patients"),
        (lambda: replace(job_of(), trial=job_of().trial.model_copy(update={"dropout": 0.5})), "another trial file"),
        (
            lambda: replace(job_of(), population=job_of().population.model_copy(update={"run_in": 3.0})),
            "another population file",
        ),
    ],
)
def test_results_of_different_trials_are_not_mixed(damaged, other, words) -> None:
    with pytest.raises(UsageError, match=words):
        finish(other(), damaged)


def test_another_version_is_not_mixed(damaged, monkeypatch) -> None:
    monkeypatch.setattr("insulinoma.cohort.run.job.__version__", "9.9")
    with pytest.raises(UsageError, match="another version of insulinoma"):
        finish(job_of(), damaged)


def test_a_folder_in_use_or_in_the_way_is_refused(damaged, tmp_path) -> None:
    job = job_of()
    with open_store(damaged, job.identity(), resume=True), pytest.raises(UsageError, match="Another run is at work"):
        open_store(damaged, job.identity(), resume=True)
    with pytest.raises(UsageError, match="already holds a trial"):
        finish(job, damaged, resume=False)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no trial"):
        finish(job, tmp_path / "letters", resume=False)


def test_a_full_disk_costs_one_piece(whole, tmp_path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=28k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a file system of memory cannot be mounted here")
    try:
        with pytest.raises(ComputationError, match=r"the disk is full\. \d+ pieces are kept\. Make room"):
            finish(job_of(), disk / "trial", resume=False)
        kept = contents(disk / "trial")
        assert kept
        assert all(name.endswith(".parquet") for name in kept)
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        assert finish(job_of(), disk / "trial") == []
        assert contents(disk / "trial") == contents(whole)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


KILLED = """
from pathlib import Path
from insulinoma.cohort.run import store
from tests.cohort.test_store import finish, job_of
whole = store.write_whole
def slowly(path, content):
    if path.name.startswith("0000002"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + ".1.part").write_bytes(content[: len(content) // 2])
        print("half", flush=True)
        import time
        time.sleep(60)
    whole(path, content)
store.write_whole = slowly
finish(job_of(), Path({folder!r}), resume=False)
"""


def test_a_kill_during_a_write_leaves_no_half_piece(whole, tmp_path) -> None:
    folder = tmp_path / "killed"
    code = KILLED.format(folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path.cwd(), text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "half\n"
        os.kill(running.pid, signal.SIGKILL)
    assert finish(job_of(), folder) == ["0000002.parquet.1.part was not finished and is removed"]
    assert contents(folder) == contents(whole)
