"""Shapes of the API that no command has: lists, jobs, drafts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, Field


def _number(value: Any) -> Any:
    """A number as JSON has it: neither a text nor a truth value stands for one."""
    if isinstance(value, bool | str):
        raise ValueError("a number is expected")
    return value


# Stands after the bounds of a number, so that the document keeps them.
NUMBER = BeforeValidator(_number)
GlucoseUnit = Annotated[Literal["mg/dL", "mmol/L"], Query(description="The unit in which glucose is shown.")]
RecordId = Annotated[str, Path(max_length=80, description="The id of a record, as `GET /api/v1/records` lists it.")]
JobId = Annotated[str, Path(max_length=80, description="The id of a job, as `GET /api/v1/jobs` lists it.")]
JobName = Annotated[str, Field(max_length=80)]
ScenarioName = Annotated[str, Field(max_length=60, pattern="^[a-z0-9][a-z0-9-]*$")]
FileName = Annotated[str, Field(max_length=80, pattern="^[a-z0-9-]+$")]
Seed = Annotated[int, Field(ge=0, le=2**32), NUMBER]
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
    """A shipped in-silico trial with so many virtual patients; `population` and `arms` replace those of its file."""

    kind: Literal["trial"]
    trial: FileName
    population: FileName | None = None
    arms: Annotated[list[FileName], Field(min_length=1, max_length=20)] | None = None
    patients: Annotated[int, Field(ge=2, le=100_000), NUMBER] = 200
    seed: Seed = 1


class CalibrateRequest(BaseModel):
    """The calibration of the twin to a record; draws, method, rounds and seed are those of `calibrate`."""

    kind: Literal["calibrate"]
    record: Annotated[str, Field(max_length=80)]
    draws: Annotated[int, Field(ge=80, le=4000), NUMBER] = 400
    method: Literal["auto", "importance", "tempering"] = "auto"
    rounds: Annotated[int, Field(ge=1, le=12), NUMBER] = 12
    seed: Seed = 0


class ScenarioText(BaseModel):
    """A scenario of one's own, as YAML, for a record."""

    name: ScenarioName
    text: Annotated[str, Field(max_length=50_000)]
    record: Annotated[str, Field(max_length=80)] = "muro-2014"


class ScenarioChoice(BaseModel):
    """A scenario: one that ships by its name, or a name and the YAML of one's own."""

    name: ScenarioName
    text: Annotated[str | None, Field(max_length=50_000)] = None


class WhatIfRequest(BaseModel):
    """Scenarios on the same draws, of a calibration job of the record, or of a quick calibration made for it."""

    kind: Literal["what-if"]
    record: Annotated[str, Field(max_length=80)]
    scenarios: Annotated[list[ScenarioChoice], Field(min_length=1, max_length=4)]
    posterior: JobName | None = None
    draws: Annotated[int, Field(ge=20, le=1000), NUMBER] = 100
    seed: Seed = 0


class ScenarioItem(BaseModel):
    """A scenario with its YAML; `fits` is false where it takes away what the record does not hold."""

    name: str
    meaning: str
    text: str
    fits: bool


class ScenarioList(BaseModel):
    """Scenarios that can be compared."""

    scenarios: list[ScenarioItem]


JobRequest = Annotated[ReportRequest | TrialRequest | CalibrateRequest | WhatIfRequest, Field(discriminator="kind")]


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
