"""A cohort: patients a second on all cores, memory as the cohort grows, and what a million patients would take.

Run on a sample of the million, as the million itself takes hours; the time of the sample is that of the
larger size less that of the smaller, so that starting processes and reading compiled programs do not count.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import Row
from insulinoma.cohort.run.executor import Processes
from insulinoma.cohort.run.job import Job
from insulinoma.cohort.run.runner import run_missing
from insulinoma.cohort.run.store import open_store
from insulinoma.cohort.trial_file import read_trial
from insulinoma.simulate.batch import simulate_batch

SMALL, LARGE, ALL, DAYS = 1024, 5120, 1_000_000, 30


def job_of(size: int) -> Job:
    """Benign insulinomas in daily life for a month, after a week of run-in, without a screening fast."""
    trial, population = read_trial("null")
    trial = trial.changed(size=size, follow_up=float(DAYS), allocation="paired", arms=trial.arms[:1])
    return Job(trial, population.model_copy(update={"inclusion": None}), partial(simulate_batch, threads=1))


def run(size: int) -> tuple[float, float]:
    """Seconds, and the largest memory of a worker so far, in MiB."""
    job = job_of(size)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with open_store(Path(folder) / "trial", job.identity(), resume=False) as store:
            run_missing(job, store, Processes(os.cpu_count() or 1))
        seconds = time.perf_counter() - begun
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def rows() -> Iterator[Row | str]:
    """The rate with its extrapolation, and memory at two sizes."""
    run(64)
    (few, small), (many, large) = run(SMALL), run(LARGE)
    each = (many - few) / (LARGE - SMALL)
    days = DAYS + int(job_of(SMALL).population.run_in)
    yield Row(
        f"{LARGE - SMALL:,} patients x {DAYS} days and run-in",
        many - few,
        "the same at 1,000 patients/s",
        (LARGE - SMALL) / 1000,
    )
    yield f"  {1 / each:,.0f} patients/s, {days / each:,.0f} patient-days/s on {os.cpu_count()} cores"
    yield f"  extrapolated: {ALL:,} patients x {DAYS} days in {each * ALL / 3600:.2f} h"
    yield f"  largest worker: {small:.0f} MiB at {SMALL:,} patients, {large:.0f} MiB at {LARGE:,}"
