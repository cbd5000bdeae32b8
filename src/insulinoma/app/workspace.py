"""The workspace: one folder that holds all that the app keeps, and the only one it writes to."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from insulinoma.errors import UsageError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, record TEXT NOT NULL, added REAL NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, request TEXT NOT NULL, status TEXT NOT NULL,
    done REAL NOT NULL DEFAULT 0, step TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL, ended REAL);
"""


class Workspace:
    """A folder with a database and the files of jobs; readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._lock: IO[str] | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.open() as database:
                database.execute("PRAGMA journal_mode=WAL")
                database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(f"The workspace {self.folder} cannot be used ({error}).") from error

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection to the database: committed at the end, rolled back on an error."""
        database = sqlite3.connect(self.folder / "workspace.sqlite3", timeout=10)
        database.row_factory = sqlite3.Row
        try:
            with database:
                yield database
        finally:
            database.close()

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self.open() as database:
            return [dict(row) for row in database.execute(query, values)]

    def write(self, statement: str, *values: Any) -> int:
        """Runs one statement and returns how many rows it changed."""
        with self.open() as database:
            return database.execute(statement, values).rowcount

    def job_folder(self, job: str) -> Path:
        """The folder of the files of a job; the name of a job is made here, never by a browser."""
        return self.folder / "jobs" / job

    def claim(self) -> None:
        """Takes the workspace for one server; UsageError when another one has it."""
        handle = (self.folder / "workspace.lock").open("a+")
        try:
            _lock(handle)
        except OSError as error:
            handle.close()
            raise UsageError(
                f"Another `insulinoma app` uses the workspace {self.folder}. Expected a free one, named by --workspace."
            ) from error
        self._lock = handle

    def release(self) -> None:
        """Gives the workspace back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def default_folder() -> Path:
    """Where the workspace is unless told: the folder for data of the user's programs."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "insulinoma"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "insulinoma"


def _lock(handle: IO[str]) -> None:
    """Locks a file until it is closed, OSError when it is locked already."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
