"""The model: what can be simulated, parameters, and runs as binary series."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from insulinoma.app.api.shapes import NUMBER
from insulinoma.app.binary import MEDIA_TYPE
from insulinoma.app.problems import NotFoundError, answers
from insulinoma.errors import UsageError

if TYPE_CHECKING:
    from insulinoma.app.runs import Curves
    from insulinoma.simulate.regimen import Order

Name = Annotated[str, Field(max_length=80)]
Words = Annotated[str, Field(max_length=60)]
SubjectName = Annotated[str, Path(max_length=80, description="A subject, as `GET /api/v1/model` lists it.")]
MOST_ORDERS, MOST_DAYS, MOST_PATIENTS = 60, 160, 200


class OrderItem(BaseModel):
    """One order in the words of a regimen file: `at`, or `from` with `to`; day 0 is the first day that is shown."""

    give: Name
    amount: Words
    at: Words = ""
    start: Annotated[str, Field(alias="from", max_length=60)] = ""
    stop: Annotated[str, Field(alias="to", max_length=60)] = ""
    every: Words = ""
    times: Annotated[int, Field(ge=1, le=1000), NUMBER] = 1


def _named(kind: Literal["subjects", "protocols"]) -> Callable[[dict[str, Any]], None]:
    """What lists the names of a kind in the document, when the document is asked for."""

    def listed(schema: dict[str, Any]) -> None:
        from insulinoma.simulate.catalog import catalog

        schema["enum"] = [item["name"] for item in catalog()[kind]]

    return listed


SubjectChoice = Annotated[str, Field(max_length=80, json_schema_extra=_named("subjects"))]
ProtocolChoice = Annotated[str, Field(max_length=80, json_schema_extra=_named("protocols"))]


class SimulateRequest(BaseModel):
    """A subject in a named test, or under orders for so many days; `patients` above 1 are drawn around the subject."""

    subject: SubjectChoice
    protocol: ProtocolChoice | None = None
    regimen: Annotated[list[OrderItem], Field(max_length=MOST_ORDERS)] = []
    days: Annotated[int, Field(ge=1, le=MOST_DAYS), NUMBER] = 1
    parameters: Annotated[dict[Name, Annotated[float, Field(allow_inf_nan=False), NUMBER]], Field(max_length=50)] = {}
    patients: Annotated[int, Field(ge=1, le=MOST_PATIENTS), NUMBER] = 1
    seed: Annotated[int, Field(ge=0, le=2**32), NUMBER] = 0


def routes() -> APIRouter:
    """The operations on the model."""
    router = APIRouter(prefix="/api/v1", tags=["model"])

    @router.get("/model", responses=answers())
    def model() -> dict[str, Any]:
        """Subjects, protocols and parts, in the names of `model list --json`."""
        from insulinoma.simulate.catalog import catalog

        return catalog()

    @router.get("/model/{subject}", responses=answers(404, 422))
    def habits(subject: SubjectName) -> dict[str, Any]:
        """How a subject lives, and what can be given or done to it, with the unit of each."""
        from insulinoma.app.runs import habits_of

        return habits_of(_known(subject))

    @router.get("/model/{subject}/parameters", responses=answers(404, 422))
    def parameters(subject: SubjectName) -> dict[str, Any]:
        """Every parameter of a subject, in the names of `model parameters --json`, with the text of its reference."""
        from insulinoma.citations import references
        from insulinoma.simulate.catalog import parameter_table
        from insulinoma.simulate.subject import subject as named

        rows = parameter_table(named(_known(subject)))
        cited = {row["reference"] for row in rows}
        known = {key: reference.text for key, reference in references().items() if key in cited}
        return {"subject": subject, "parameters": rows, "references": known}

    @router.post("/simulate", responses=series_or_problem(), response_class=Response)
    def simulate(given: SimulateRequest) -> Response:
        """A run as binary series, decimated: one value a moment, or five percentiles where patients are drawn."""
        return Response(_packed(given), media_type=MEDIA_TYPE)

    return router


def _known(name: str) -> str:
    """The name of a subject; NotFoundError with the nearest names where there is none of it."""
    from insulinoma.simulate.subject import subject

    try:
        return subject(name).name
    except UsageError as error:
        raise NotFoundError(str(error)) from error


def series_or_problem(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The documented answers of an operation that gives binary series."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {**answers(422, *codes), 200: {"description": "Series", "content": {MEDIA_TYPE: binary}}}


def orders_of(items: list[OrderItem]) -> tuple[Order, ...]:
    """The orders of a request; UsageError for one that cannot be read, and for too many."""
    from insulinoma.app.orders import bounded, order_of

    entries = [item.model_dump(by_alias=True) for item in items]
    orders = tuple(order_of({key: str(value) for key, value in entry.items()}) for entry in entries)
    bounded(orders)
    return orders


def packed(curves: Curves, header: dict[str, Any], patients: int) -> bytes:
    """Curves as binary series: one value a moment, or five percentiles where there are many patients."""
    from insulinoma.app.bands import percentiles
    from insulinoma.app.binary import pack
    from insulinoma.app.runs import PERCENTILES, thinned

    header = {
        **header,
        "patients": len(curves.series["glucose"]),
        "units": {"time": "min", **curves.units},
        "events": [curves.ending],
        "failures": curves.failures,
    }
    if patients == 1:
        curves = thinned(curves)
    columns = {"time": curves.time}
    for name, values in curves.series.items():
        if patients == 1:
            columns[name] = values[0]
        else:
            table = percentiles(values, PERCENTILES)
            columns |= {f"{name}:{percent:g}": row for percent, row in zip(PERCENTILES, table, strict=True)}
    return pack(header, columns)


def _packed(given: SimulateRequest) -> bytes:
    from insulinoma.app.runs import Asked, run

    orders = orders_of(given.regimen)
    curves = run(Asked(given.subject, given.protocol, orders, given.days, given.parameters, given.patients, given.seed))
    header = {"subject": given.subject, "protocol": given.protocol, "seed": given.seed}
    return packed(curves, header, given.patients)
