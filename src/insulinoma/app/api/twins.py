"""The twin of a record, and scenarios: what can be changed, and the course that follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from insulinoma.app.api.shapes import NUMBER, JobName, RecordId, ScenarioItem, ScenarioList, ScenarioText
from insulinoma.app.api.simulate import (
    MOST_DAYS,
    MOST_ORDERS,
    MOST_PATIENTS,
    OrderItem,
    orders_of,
    packed,
    series_or_problem,
)
from insulinoma.app.binary import MEDIA_TYPE
from insulinoma.app.jobs import Jobs
from insulinoma.app.problems import answers
from insulinoma.app.records import Records

if TYPE_CHECKING:
    from insulinoma.app.twins import Twin


class TwinRequest(BaseModel):
    """The twin of a record under orders from day 0 on, on draws of a calibration, or of the prior without one."""

    posterior: Annotated[JobName | None, Field(description="The id of a calibration of this record that is done.")] = (
        None
    )
    regimen: Annotated[list[OrderItem], Field(max_length=MOST_ORDERS)] = []
    days: Annotated[int, Field(ge=1, le=MOST_DAYS), NUMBER] = 7
    patients: Annotated[int, Field(ge=1, le=MOST_PATIENTS, description="One is the middle of all draws."), NUMBER] = 1


def routes(jobs: Jobs, records: Records) -> APIRouter:
    """The operations on twins of records and on scenarios."""
    router = APIRouter(prefix="/api/v1", tags=["twin"])
    _add_twins(router, jobs, records)
    _add_scenarios(router, records)
    return router


def _add_twins(router: APIRouter, jobs: Jobs, records: Records) -> None:
    @router.get("/records/{record}/twin", responses=answers(404, 422))
    def twin(record: RecordId) -> dict[str, Any]:
        """What was given and done by the record and by declared assumptions, and what can be given to its twin."""
        found = _twin(records, record, None)
        return {"habits": {**found.habits(), "subject": record}, **found.given()}

    @router.post("/records/{record}/twin", responses=series_or_problem(404), response_class=Response)
    def run_twin(record: RecordId, given: TwinRequest) -> Response:
        """The course of a twin as binary series; `of` of the header says whose draws it is on."""
        posterior = jobs.posterior(given.posterior, record) if given.posterior is not None else None
        found = _twin(records, record, posterior)
        curves = found.run(orders_of(given.regimen), given.days, given.patients)
        header = {"record": record, "of": found.of}
        return Response(packed(curves, header, given.patients), media_type=MEDIA_TYPE)


def _add_scenarios(router: APIRouter, records: Records) -> None:
    @router.get("/scenarios", responses=answers(404, 422), response_model=ScenarioList)
    def list_scenarios(
        record: Annotated[str, Query(max_length=80, description="The record that they would change.")] = "muro-2014",
    ) -> dict[str, Any]:
        """The scenarios that ship; `fits` is false where one takes away what the record does not hold."""
        from insulinoma.app.scenarios import shipped

        return {"scenarios": shipped(records.open(record).record)}

    @router.post("/scenarios", responses=answers(404, 422), response_model=ScenarioItem)
    def check_scenario(given: ScenarioText) -> dict[str, Any]:
        """A scenario of one's own: its faults by line, or what it says. Nothing is kept."""
        from insulinoma.app.scenarios import checked, told

        return told(checked(given.name, given.text, records.open(given.record).record), given.text, fits=True)


def _twin(records: Records, record: str, posterior: Path | None) -> Twin:
    from insulinoma.app.twins import twin_of

    return twin_of(records.open(record).record, posterior, MOST_PATIENTS)
