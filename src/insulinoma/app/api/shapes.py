"""Shapes of the API that no command has: lists, jobs, drafts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, Field

GlucoseUnit = Annotated[Literal["mg/dL", "mmol/L"], Query(description="The unit in which glucose is shown.")]
RecordId = Annotated[str, Path(max_length=80, description="The id of a record, as `GET /api/v1/records` lists it.")]
JobId = Annotated[str, Path(max_length=80, description="The id of a job, as `GET /api/v1/jobs` lists it.")]
Status = Literal["waiting", "running", "done", "failed", "canceled", "killed"]


class About(BaseModel):
    """The program behind the API."""

    software: str
    intended_use: str


class RecordItem(BaseModel):
    """A record that can be opened; `added` in seconds since 1970, null for one that ships."""

    id: str
    title: str
    file: str
    shipped: bool
    added: float | None


class RecordList(BaseModel):
    """The records of the workspace and those that ship."""

    records: list[RecordItem]


class Added(BaseModel):
    """An upload that was kept: its new id, and the result of `check --json`."""

    id: str
    check: dict[str, Any]


class Draft(BaseModel):
    """A record in the making: its data as a form holds it."""

    data: dict[str, Any]


class Question(BaseModel):
    """A question in plain words. It travels in the body, so that no address holds it."""

    question: Annotated[str, Field(min_length=1, max_length=500)]


class ReportRequest(BaseModel):
    """The report on a record."""

    kind: Literal["report"]
    record: Annotated[str, Field(max_length=80)]
    glucose_unit: Literal["mg/dL", "mmol/L"] = "mg/dL"


class TrialRequest(BaseModel):
    """A shipped in-silico trial with so many virtual patients."""

    kind: Literal["trial"]
    trial: Annotated[str, Field(max_length=80, pattern="^[a-z0-9-]+$")]
    patients: Annotated[int, Field(ge=2, le=100_000)] = 200
    seed: Annotated[int, Field(ge=0, le=2**32)] = 1


JobRequest = Annotated[ReportRequest | TrialRequest, Field(discriminator="kind")]


class JobItem(BaseModel):
    """A job: `done` from 0 to 1, `step` what it is doing, `files` what it wrote, times in seconds since 1970."""

    id: str
    kind: str
    request: dict[str, Any]
    status: Status
    done: float
    step: str
    message: str
    created: float
    ended: float | None
    files: list[str]


class JobList(BaseModel):
    """Every job, the newest first."""

    jobs: list[JobItem]


class Link(BaseModel):
    """A link that opens one more session."""

    link: str
