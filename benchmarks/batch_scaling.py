"""What the batch engine costs: two cores, the great run, memory, the first call.

`python -m benchmarks batch_scaling` extrapolates the great run from fewer patients; with INSULINOMA_WHOLE=1 in the
environment it is done whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.batch_work import Work

SUBJECT = "malignant-insulinoma"
COHORT, COURSE, SOME = 100_000, 157, 2000
_MEMORY = """
import resource, sys
from benchmarks.batch_work import Work
work = Work("{subject}", {patients}, {days})
found = work.run(threads=2)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found.days.nbytes / 2**20)
"""
# Xarray and pint load dask where it is installed, with the extra `cluster` and for development; others do not have it.
_FIRST = """
import sys, time
sys.modules["dask"] = None
begin = time.process_time()
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.subject import daily_meals, subject
who = subject("{subject}")
simulate_batch(who.model, daily_meals(who, days=1), days=1, parameters=who.values, start=dict(who.begin), threads=1)
print(time.process_time() - begin)
"""


def rows() -> Iterator[str]:
    """Lines with what was asked for beside what was found."""
    yield from _cores()
    yield from _great_run()
    yield from _memory()
    yield from _first_call()


def _cores(runs: int = 4) -> Iterator[str]:
    """Wall time in turn with one thread and two."""
    work = Work(SUBJECT, 4096, 7)
    work.run()
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(runs):
        for threads in best:
            begin = time.perf_counter()
            work.run(threads=threads)
            best[threads] = min(best[threads], time.perf_counter() - begin)
    load = os.getloadavg()[0]
    yield f"two threads beside one, wall time: x {best[1] / best[2]:.2f} (target 1.8; load average {load:.1f})"


def _great_run() -> Iterator[str]:
    patients = COHORT if os.environ.get("INSULINOMA_WHOLE") else SOME
    work = Work(SUBJECT, patients, COURSE)
    work.task, work.orders  # noqa: B018  (drawn before the clock starts)
    begin, busy = time.perf_counter(), time.process_time()
    work.run(threads=2)
    wall, busy = time.perf_counter() - begin, time.process_time() - busy
    yield (
        f"{patients:,} patients x {COURSE} days, two threads: {wall:.1f} s of wall time, {busy:.1f} s of processor, "
        f"{work.patient_days / busy:,.0f} patient-days by second of processor (load average {os.getloadavg()[0]:.1f})"
    )
    if patients < COHORT:
        times = COHORT / patients
        yield (
            f"extrapolated to {COHORT:,} patients: {wall * times:.0f} s of wall time as measured, "
            f"{busy * times / 2:.0f} s on two idle cores (target 120)"
        )


def _memory(days: tuple[int, int] = (3, 9)) -> Iterator[str]:
    """The most memory of a process with all patients for few days; what a day adds is its summaries."""
    found = [_lines(_MEMORY.format(subject=SUBJECT, patients=COHORT, days=count)) for count in days]
    for count, (peak, summaries) in zip(days, found, strict=True):
        yield f"{COHORT:,} patients, {count} days: {peak:,.0f} MiB at most, {summaries:,.0f} MiB of them summaries"
    grown = (found[1][0] - found[0][0]) / (days[1] - days[0])
    by_day = (found[1][1] - found[0][1]) / (days[1] - days[0])
    whole = (found[0][0] + max(grown, by_day) * (COURSE - days[0])) / 1024
    yield (
        f"a day adds {by_day:.1f} MiB of summaries, and the peak grows by {grown:.1f}; at most {whole:.2f} GiB for "
        f"{COURSE} days (target 2)"
    )


def _first_call() -> Iterator[str]:
    """A fresh process with an empty folder of kernels, and again with what the first left there."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")
        for what, target in (("compilation included", 20), ("cached", 1)):
            (seconds,) = _lines(_FIRST.format(subject=SUBJECT), **dict.fromkeys(names, folder))
            yield f"first call of a process, {what}: {seconds:.2f} s of processor (target {target})"


def _lines(program: str, **environment: str) -> list[float]:
    """The numbers that a program prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    return [float(word) for word in done.stdout.split()]
