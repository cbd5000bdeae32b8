"""Long work in processes of its own: started, followed, canceled, run again; known after a restart."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from insulinoma.app.problems import ConflictError, NotFoundError
from insulinoma.app.workspace import Workspace

WAITING, RUNNING, DONE = "waiting", "running", "done"
FAILED, CANCELED, KILLED = "failed", "canceled", "killed"
STATUSES = (WAITING, RUNNING, DONE, FAILED, CANCELED, KILLED)
POSTERIOR = "posterior.nc"
_MOST_WAITING = 20
_PATIENCE = 5.0


class Jobs:
    """The jobs of a workspace; one runs at a time, the others wait their turn."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="jobs")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._mark_lost("The server was stopped while the job ran.")

    def all(self) -> list[dict[str, Any]]:
        """Every job, the newest first."""
        return [self._told(row) for row in self.workspace.rows("SELECT * FROM jobs ORDER BY created DESC")]

    def one(self, job: str) -> dict[str, Any]:
        """A job by its id; NotFoundError where there is none."""
        rows = self.workspace.rows("SELECT * FROM jobs WHERE id = ?", job)
        if not rows:
            raise NotFoundError("There is no job under this id.")
        return self._told(rows[0])

    def start(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        """Puts a job in the row; ConflictError when too many wait."""
        if len([job for job in self.all() if job["status"] in (WAITING, RUNNING)]) >= _MOST_WAITING:
            raise ConflictError(f"{_MOST_WAITING} jobs are waiting. Cancel some, or come back when they are done.")
        job = f"j-{secrets.token_hex(8)}"
        values = (job, kind, json.dumps(request), WAITING, time.time())
        self.workspace.write("INSERT INTO jobs (id, kind, request, status, created) VALUES (?, ?, ?, ?, ?)", *values)
        self._pool.submit(self._run, job)
        return self.one(job)

    def cancel(self, job: str) -> dict[str, Any]:
        """Stops a job; ConflictError when it has ended."""
        self.one(job)
        if not self._end(job, CANCELED, "Canceled."):
            raise ConflictError("The job has ended already.")
        process = self._processes.get(job)
        if process is not None:
            _stop(process)
        return self.one(job)

    def again(self, job: str) -> dict[str, Any]:
        """Runs a job again that failed, was canceled or was killed; ConflictError for the others."""
        self.one(job)
        changed = self.workspace.write(
            "UPDATE jobs SET status = ?, done = 0, step = '', message = '', ended = NULL "
            "WHERE id = ? AND status IN (?, ?, ?)",
            WAITING, job, FAILED, CANCELED, KILLED,
        )  # fmt: skip
        if not changed:
            raise ConflictError("Only a job that failed, was canceled or was killed can be run again.")
        self._pool.submit(self._run, job)
        return self.one(job)

    def remove(self, job: str) -> None:
        """Removes a job that has ended, with its files; ConflictError while it runs."""
        if self.one(job)["status"] in (WAITING, RUNNING):
            raise ConflictError("The job runs. Cancel it first.")
        shutil.rmtree(self.workspace.job_folder(job), ignore_errors=True)
        self.workspace.write("DELETE FROM jobs WHERE id = ?", job)

    def file(self, job: str, name: str) -> Path:
        """A file of a job; NotFoundError for every name that is not one of `files`."""
        if name not in self.one(job)["files"]:
            raise NotFoundError("The job has no file of this name.")
        return self.workspace.job_folder(job) / name

    def posterior(self, job: str, record: str) -> Path:
        """The posterior that a job kept; NotFoundError where it is no calibration of the record that is done."""
        found = self.one(job)
        if found["request"].get("record") != record or POSTERIOR not in found["files"]:
            raise NotFoundError("There is no calibration of this record under this id.")
        return self.workspace.job_folder(job) / POSTERIOR

    def close(self) -> None:
        """Stops everything; what ran is marked as killed."""
        self._mark_lost("The server was stopped while the job ran.")
        for process in list(self._processes.values()):
            _stop(process)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: str) -> None:
        """Waits for the process of a job, and says so when it ended without a word."""
        started = self.workspace.write("UPDATE jobs SET status = ? WHERE id = ? AND status = ?", RUNNING, job, WAITING)
        if not started:
            return
        folder = self.workspace.job_folder(job)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = [sys.executable, "-m", "insulinoma.app.worker", str(self.workspace.folder), job]
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes[job] = process
        code = process.wait()
        del self._processes[job]
        self._end(job, KILLED, f"The process of the job was ended from outside ({code}). It can be run again.")

    def _end(self, job: str, status: str, message: str) -> bool:
        """Ends a job that has not ended; whether it had not."""
        return bool(
            self.workspace.write(
                "UPDATE jobs SET status = ?, message = ?, ended = ? WHERE id = ? AND status IN (?, ?)",
                status, message, time.time(), job, WAITING, RUNNING,
            )
        )  # fmt: skip

    def _mark_lost(self, message: str) -> None:
        for row in self.workspace.rows("SELECT id FROM jobs WHERE status IN (?, ?)", WAITING, RUNNING):
            self._end(row["id"], KILLED, f"{message} It can be run again.")

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        folder = self.workspace.job_folder(row["id"])
        files = (
            sorted(path.name for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
            if folder.is_dir()
            else []
        )
        kept = files if row["status"] == DONE else []
        return {**row, "request": json.loads(row["request"]), "files": kept}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
