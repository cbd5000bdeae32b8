"""The process of one job: `python -m insulinoma.app.worker WORKSPACE JOB`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from insulinoma.app.work import WORK
from insulinoma.app.workspace import Workspace
from insulinoma.errors import InsulinomaError

Tell = Callable[[float, str], None]


def main(folder: str, job: str) -> int:
    """Does the work of a job and keeps how it ended; it ends itself when the server is gone."""
    workspace = Workspace(Path(folder))
    row = workspace.rows("SELECT kind, request FROM jobs WHERE id = ?", job)[0]
    server = os.getppid()

    def tell(done: float, step: str) -> None:
        if os.getppid() != server:
            sys.exit(1)
        workspace.write("UPDATE jobs SET done = ?, step = ? WHERE id = ? AND status = 'running'", done, step, job)

    try:
        WORK[row["kind"]](json.loads(row["request"]), workspace, workspace.job_folder(job), tell)
    except InsulinomaError as error:
        return _ended(workspace, job, "failed", str(error))
    except Exception as error:
        return _ended(workspace, job, "failed", f"The job met an error of its own ({type(error).__name__}).")
    return _ended(workspace, job, "done", "")


def _ended(workspace: Workspace, job: str, status: str, message: str) -> int:
    workspace.write(
        "UPDATE jobs SET status = ?, message = ?, done = CASE WHEN ? = 'done' THEN 1 ELSE done END, ended = ? "
        "WHERE id = ? AND status = 'running'",
        status, message, status, time.time(), job,
    )  # fmt: skip
    return 0 if status == "done" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
