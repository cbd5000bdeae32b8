"""The command `trial` at a size: patients a second on all cores, memory, and what a million patients would take.

    python -m benchmarks trials                     a sample of the million, in a few minutes
    python -m benchmarks.trials 1000000             the million itself, by the command, with its report

The sample is of pieces as the million has them; its time is that of many pieces less that of few, so that
starting processes and reading compiled programs do not count.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import Row
from insulinoma.cohort.run.executor import Processes
from insulinoma.cohort.run.job import Job
from insulinoma.cohort.trial_file import read_trial
from insulinoma.simulate.batch import simulate_batch

FEW, MANY, ALL, DAYS = 2, 12, 1_000_000, 30
CORES = os.cpu_count() or 1
TRIAL = f"""schema: insulinoma-trial/1
name: month
title: Benign insulinoma in daily life
question: How much of a month is below 54 mg/dL?
population: {{population}}
size: {ALL}
seed: 1
follow_up: {DAYS} d
arms:
- {{{{name: meals, title: frequent meals, regimen: []}}}}
endpoints:
- {{{{name: below-54, measure: time_below_54}}}}
- {{{{name: free-days, measure: free_days}}}}
- {{{{name: hypoglycemia, measure: days_to_recurrence}}}}
primary: below-54
"""
POPULATION = """extends: benign-insulinoma
schema: insulinoma-population/1
name: everyone
title: Benign insulinoma, everyone who is drawn
inclusion:
"""


def files(folder: Path) -> Path:
    """Writes a month of daily life after a week of run-in, without a screening fast; gives the trial file."""
    population, trial = folder / "everyone.yaml", folder / "month.yaml"
    population.write_text(POPULATION, encoding="utf-8")
    trial.write_text(TRIAL.format(population=population), encoding="utf-8")
    return trial


def pieces(count: int) -> tuple[float, float]:
    """Seconds for so many pieces of the million, and the largest memory of a process so far, in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        trial, population = read_trial(str(files(Path(folder))))
    job = Job(trial, population, partial(simulate_batch, threads=1))
    begun = time.perf_counter()
    for _ in Processes(CORES).run(job, range(count)):
        pass
    return time.perf_counter() - begun, largest_child()


def largest_child() -> float:
    """The largest memory that any process started from here has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def rows() -> Iterator[Row | str]:
    """The rate with its extrapolation, and memory at two sizes."""
    (few, small), (many, large) = pieces(FEW * CORES), pieces(MANY * CORES)
    patients = 1024 * (MANY - FEW) * CORES
    yield Row(
        f"{patients:,} patients x {DAYS} days and run-in", many - few, "the same at 1,000 patients/s", patients / 1000
    )
    rate = patients / (many - few)
    yield f"  {rate:,.0f} patients/s, {rate * (DAYS + 7):,.0f} patient-days/s on {CORES} cores"
    yield f"  extrapolated: {ALL:,} patients x {DAYS} days in {ALL / rate / 3600:.2f} h"
    yield f"  largest process: {small:.0f} MiB after {FEW * CORES} pieces, {large:.0f} MiB after {MANY * CORES}"


def command(size: int, folder: Path) -> None:
    """Runs the command at a size in a folder, or goes on with it there; prints rate, memory and extrapolation."""
    trial, out = files(folder), folder / "month"
    words = ["trial", str(trial), "--patients", str(size), "-o", str(out), "--workers", str(CORES)]
    resumed = (out / "manifest.json").exists()
    begun = time.perf_counter()
    start = [sys.executable, "-c", "from insulinoma.cli import main; main()"]
    subprocess.run([*start, *words, *(["--resume"] if resumed else [])], check=True)
    seconds = time.perf_counter() - begun
    stored = sum(path.stat().st_size for path in (out / "pieces").rglob("*.parquet"))
    print(f"{size:,} patients x {DAYS} days, {stored / 1e6:,.0f} MB of rows; {seconds:,.0f} s on {CORES} cores")
    print(f"largest process: {largest_child():.0f} MiB")
    if resumed:
        print("resumed: the time is that of the rest, so that there is no rate")
        return
    print(f"{size / seconds:,.0f} patients/s, {size * (DAYS + 7) / seconds:,.0f} patient-days/s, report and all")
    print(f"extrapolated: {ALL:,} patients in {ALL * seconds / size / 3600:.2f} h")


def main() -> None:
    """python -m benchmarks.trials PATIENTS [FOLDER]; a folder keeps the trial, and the next call goes on with it."""
    size = int(sys.argv[1])
    if len(sys.argv) > 2:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        command(size, folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        command(size, Path(temporary))


if __name__ == "__main__":
    main()
