"""What jobs do, by kind: each takes a request, writes its files into a folder and tells how far it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from insulinoma.app.jobs import POSTERIOR
from insulinoma.app.records import Records
from insulinoma.app.trials import designed
from insulinoma.app.workspace import Workspace

Tell = Callable[[float, str], None]
Work = Callable[[dict[str, Any], Workspace, Path, Tell], None]


def report(request: dict[str, Any], workspace: Workspace, folder: Path, tell: Tell) -> None:
    """The report on a record: HTML, PDF, figures and tables, as `insulinoma report` writes them."""
    from insulinoma.report.build import ReportBuilder

    record = Records(workspace).open(request["record"]).record
    steps = list(ReportBuilder(record, folder, request["glucose_unit"]).steps())
    for number, (words, step) in enumerate(steps):
        tell(number / len(steps), words)
        step()


def trial(request: dict[str, Any], workspace: Workspace, folder: Path, tell: Tell) -> None:
    """An in-silico trial with so many patients: rows, tables and report, as `insulinoma trial` writes them."""
    from insulinoma.cohort.run.executor import InProcess
    from insulinoma.cohort.run.job import Job
    from insulinoma.cohort.run.runner import Progress, run_missing
    from insulinoma.cohort.run.store import open_store
    from insulinoma.report.trial.build import TrialReport
    from insulinoma.simulate.batch import simulate_batch

    design, population = designed(request["trial"], request.get("population"), request.get("arms"), workspace.folder)
    job = Job(design.changed(size=request["patients"], seed=request["seed"]), population, simulate_batch)

    def shown(found: Progress) -> None:
        tell(0.9 * found.done / found.pieces, str(found))

    tell(0.0, "the first patients")
    with open_store(folder, job.identity(), resume=False) as store:
        run_missing(job, store, InProcess(), shown)
        builder = TrialReport(job.trial, job.population, store)
        for words, step in builder.steps():
            tell(0.95, words)
            step()
    names = ("arms", "endpoints", "contrasts")
    tables = {name: builder.found.tables[name].json() for name in names}
    (folder / RESULT).write_text(json.dumps({"trial": job.trial.name, **job.identity(), **tables}), encoding="utf-8")


def calibrate(request: dict[str, Any], workspace: Workspace, folder: Path, tell: Tell) -> None:
    """The posterior of a record and the result of `calibrate --json`."""
    tell(0.0, "the model")
    from insulinoma.app.twin_work import calibrated

    record = Records(workspace).open(request["record"]).record
    names = ("seed", "draws", "method", "rounds")
    found = calibrated(record, tell, **{name: request[name] for name in names})
    found.save(folder / POSTERIOR)
    (folder / RESULT).write_text(json.dumps(found.result), encoding="utf-8")


def what_if(request: dict[str, Any], workspace: Workspace, folder: Path, tell: Tell) -> None:
    """Scenarios on the same draws: the result of `what-if --json`, its table, daily bands, and the scenarios."""
    tell(0.0, "the model")
    from insulinoma.app.twin_work import compared, posterior_for

    record = Records(workspace).open(request["record"]).record
    kept = request["posterior"]
    source = workspace.job_folder(kept) / POSTERIOR if kept is not None else None
    posterior = posterior_for(record, source, request["seed"], tell)
    if source is None:
        posterior.save(folder / POSTERIOR)
    result, files = compared(posterior, record, request, tell)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / RESULT).write_text(json.dumps(result), encoding="utf-8")


RESULT = "result.json"
WORK: dict[str, Work] = {"report": report, "trial": trial, "calibrate": calibrate, "what-if": what_if}
