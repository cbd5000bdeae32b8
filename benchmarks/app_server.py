"""A server of the app in a process of its own, for measuring from outside."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

WRITE = {"x-insulinoma": "1"}
_START = "from insulinoma.cli import main; main()"


@dataclass(frozen=True)
class Running:
    """A running server: its start link, its address, its process."""

    link: str
    origin: str
    process: subprocess.Popen[str]

    def megabytes(self) -> float:
        """The memory that the process holds."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024


@contextmanager
def running() -> Iterator[Running]:
    """A server on a free port, until the block is left."""
    with TemporaryDirectory() as workspace:
        command = [sys.executable, "-c", _START, "app", "--no-browser", "--port", "0", "--workspace", workspace]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            line = process.stderr.readline() if process.stderr else ""
            link = re.findall(r"http\S+", line)[0]
            origin = link.partition("/start")[0]
            _wait(origin)
            yield Running(link, origin, process)
        finally:
            process.terminate()
            process.wait()


def _wait(origin: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{origin}/login")
            return
        except httpx.TransportError:
            time.sleep(0.05)
