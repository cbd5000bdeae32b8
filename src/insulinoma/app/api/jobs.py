"""Jobs: long work that is started, followed, canceled and run again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import FileResponse

from insulinoma.app.api.shapes import JobId, JobItem, JobList, JobRequest, TrialRequest, WhatIfRequest
from insulinoma.app.jobs import Jobs
from insulinoma.app.problems import NotFoundError, answers
from insulinoma.app.records import Records
from insulinoma.app.trials import designed, population_list, trial_list, trial_names

FileName = Annotated[str, Path(max_length=120, description="One of the `files` of the job.")]


def routes(jobs: Jobs, records: Records) -> APIRouter:
    """The operations on jobs."""
    router = APIRouter(prefix="/api/v1", tags=["jobs"])
    _add_lists(router, jobs, records)
    _add_one(router, jobs)
    return router


def _add_lists(router: APIRouter, jobs: Jobs, records: Records) -> None:
    @router.get("/trials", responses=answers())
    def list_trials() -> dict[str, Any]:
        """The in-silico trials that ship: question, population, arms, size; and the populations that ship."""
        return {"trials": trial_list(), "populations": population_list()}

    @router.get("/jobs", responses=answers(), response_model=JobList)
    def list_jobs() -> dict[str, Any]:
        """Every job, the newest first."""
        return {"jobs": jobs.all()}

    @router.post("/jobs", status_code=201, responses=answers(404, 409, 422), response_model=JobItem)
    def start_job(given: JobRequest) -> dict[str, Any]:
        """Starts a job: the report on a record, its calibration, scenarios for it, or an in-silico trial."""
        _check(given, jobs, records)
        request = given.model_dump()
        return jobs.start(request.pop("kind"), request)


def _add_one(router: APIRouter, jobs: Jobs) -> None:
    @router.get("/jobs/{job}", responses=answers(404, 422), response_model=JobItem)
    def read_job(job: JobId) -> dict[str, Any]:
        """A job: how far it is, and what it wrote."""
        return jobs.one(job)

    @router.post("/jobs/{job}/cancel", responses=answers(404, 409, 422), response_model=JobItem)
    def cancel_job(job: JobId) -> dict[str, Any]:
        """Stops a job."""
        return jobs.cancel(job)

    @router.post("/jobs/{job}/again", responses=answers(404, 409, 422), response_model=JobItem)
    def run_job_again(job: JobId) -> dict[str, Any]:
        """Runs a job again that failed, was canceled or was killed."""
        return jobs.again(job)

    @router.delete("/jobs/{job}", status_code=204, responses=answers(404, 409, 422))
    def remove_job(job: JobId) -> Response:
        """Removes a job that has ended, with its files."""
        jobs.remove(job)
        return Response(status_code=204)

    @router.get("/jobs/{job}/files/{name}", responses=answers(404, 422), response_class=FileResponse)
    def read_file(job: JobId, name: FileName) -> FileResponse:
        """A file that a job wrote, as a download."""
        return FileResponse(jobs.file(job, name), filename=name, content_disposition_type="attachment")


def _check(given: JobRequest, jobs: Jobs, records: Records) -> None:
    """NotFoundError where there is no such record, trial or calibration; the faults of scenarios."""
    if isinstance(given, TrialRequest):
        if given.trial not in trial_names():
            raise NotFoundError("There is no shipped trial of this name.")
        designed(given.trial, given.population, given.arms, jobs.workspace.folder)
        return
    record = records.open(given.record).record
    if isinstance(given, WhatIfRequest):
        from insulinoma.app.scenarios import check_choices

        if given.posterior is not None:
            jobs.posterior(given.posterior, given.record)
        check_choices([(item.name, item.text) for item in given.scenarios], record)
