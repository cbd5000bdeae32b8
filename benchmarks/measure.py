"""Timing of calls and of whole processes, several runs each, the median quoted."""

from __future__ import annotations

import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured quantity beside what it is held against."""

    name: str
    seconds: float
    against: str
    other_seconds: float

    def __str__(self) -> str:
        ratio = self.other_seconds / self.seconds
        return (
            f"{self.name:<58} {self.seconds:>9.3f} s   {self.against:<40} {self.other_seconds:>8.3f} s   x {ratio:.2f}"
        )


def median_seconds(call: Callable[[], object], *, runs: int = 5) -> float:
    """The median duration of a call, after one that is not counted."""
    call()
    durations = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def process_seconds(*arguments: str, runs: int = 7) -> float:
    """The median duration of a Python process."""
    return median_seconds(
        lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True), runs=runs
    )


def processor_seconds(calls: Mapping[str, Callable[[], object]], *, runs: int = 5) -> dict[str, float]:
    """The least processor time of each call: all in turn, so that each meets the same machine; a first turn is free."""
    best = dict.fromkeys(calls, math.inf)
    for run in range(runs + 1):
        for name, call in calls.items():
            begin = time.process_time()
            call()
            if run:
                best[name] = min(best[name], time.process_time() - begin)
    return best


def machine() -> str:
    """What the numbers were measured on."""
    return f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
