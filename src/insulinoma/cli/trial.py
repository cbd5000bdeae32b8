"""`insulinoma trial`: an in-silico trial, from its file to rows, report and crate."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insulinoma.cli.options import JsonOption
from insulinoma.cli.output import as_json, progress, say, write
from insulinoma.errors import UsageError

if TYPE_CHECKING:
    from insulinoma.cohort.analysis.results import Results
    from insulinoma.cohort.run.executor import Executor
    from insulinoma.cohort.run.job import Job
    from insulinoma.cohort.run.runner import Progress
    from insulinoma.cohort.run.store import Store

FileArgument = Annotated[str, typer.Argument(metavar="FILE", help="A trial file, or the name of a shipped trial.")]
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", file_okay=False, help="Folder of the trial; its name by default.")
]
PatientsOption = Annotated[int | None, typer.Option("--patients", help="Patients, instead of those of the file.")]
TrialSeedOption = Annotated[int | None, typer.Option("--seed", min=0, help="Seed, instead of that of the file.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes on this machine; one for each core by default.")
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on with the trial that the folder holds.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print what it would take, and run nothing.")]


def trial(
    file: FileArgument,
    output: FolderOption = None,
    patients: PatientsOption = None,
    seed: TrialSeedOption = None,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    resume: ResumeOption = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Run an in-silico trial on virtual patients: rows, tables, report.

    Rows are written piece by piece. After any stop the same command with --resume goes on, and the rows
    are the same on one process, many, or a cluster.

    Example: insulinoma trial embolization-timing --patients 100 -o timing
    """
    job = _job(file, patients, seed)
    if cluster is not None and workers is not None:
        raise UsageError("--workers and --cluster were both given. Expected one of them.")
    count = workers or min(os.cpu_count() or 1, job.pieces)
    if dry_run:
        from insulinoma.cohort.run.plan import plan

        found = plan(job, workers=workers or os.cpu_count() or 1)
        write(as_json({"plan": found.json()}) if json else str(found), None)
        return
    from insulinoma.cohort.run.store import open_store

    folder = output or Path(job.trial.name)
    where = _executor(count, cluster)
    if count == 1 and cluster is None:
        job = _on_all_cores(job)
    with open_store(folder, job.identity(), resume=resume) as store:
        _run(job, store, where, file)
        results = _report(job, store)
    _tell(job, results, store, json=json)


def _job(file: str, patients: int | None, seed: int | None) -> Job:
    from functools import partial

    from insulinoma.cohort.run.job import Job
    from insulinoma.cohort.trial_file import check_size, read_trial
    from insulinoma.simulate.batch import simulate_batch

    if patients is not None:
        check_size(patients)
    design, population = read_trial(file)
    return Job(design.changed(size=patients, seed=seed), population, partial(simulate_batch, threads=1))


def _on_all_cores(job: Job) -> Job:
    """The job for one process that has the machine to itself; its rows are the same."""
    from dataclasses import replace

    from insulinoma.simulate.batch import simulate_batch

    return replace(job, engine=simulate_batch)


def _executor(workers: int, address: str | None) -> Executor:
    if address is not None:
        from insulinoma.cohort.run.cluster import cluster

        return cluster(address)
    from insulinoma.cohort.run.executor import InProcess, Processes

    return InProcess() if workers == 1 else Processes(workers)


def _run(job: Job, store: Store, where: Executor, file: str) -> None:
    from insulinoma.cohort.reading import file_text
    from insulinoma.cohort.run.runner import run_missing
    from insulinoma.cohort.run.store import write_whole

    write_whole(store.folder / "trial.yaml", file_text(file, "trials").encode())
    write_whole(store.folder / "population.yaml", file_text(job.trial.population, "populations").encode())
    for line in store.redone:
        say(line)
    if store.count:
        say(f"{store.count} of {job.pieces} pieces are there")
    _shown(lambda shown: run_missing(job, store, where, shown))


def _shown(run: Callable[[Callable[[Progress], None]], None]) -> None:
    """Runs with a line for each piece, or a bar on a terminal."""
    if not sys.stderr.isatty():
        run(lambda found: say(str(found)))
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("first piece", total=None)
        run(lambda found: bar.update(task, description=str(found), completed=found.done, total=found.pieces))


def _report(job: Job, store: Store) -> Results:
    from insulinoma.cohort.run.crate import write_crate
    from insulinoma.report.trial.build import TrialReport

    builder = TrialReport(job.trial, job.population, store)
    steps = [*builder.steps(), ("describing the folder", lambda: write_crate(job.trial, store))]
    for _, step in progress(steps, label=lambda step: step[0]):
        step()
    return builder.found


def _tell(job: Job, results: Results, store: Store, *, json: bool) -> None:
    if json:
        tables: dict[str, Any] = {
            name: results.tables[name].json() for name in ("arms", "endpoints", "contrasts", "power")
        }
        told = {
            "trial": job.trial.name,
            "folder": str(store.folder),
            **store.identity,
            "redone": store.redone,
            **tables,
        }
        write(as_json(told), None)
        return
    from insulinoma.report.trial.content import answer_lines

    write("\n".join([job.trial.title, *answer_lines(results)]), None)
    say(f"The trial is in {store.folder}/: open {store.folder / 'report.html'} or {store.folder / 'report.pdf'}.")
