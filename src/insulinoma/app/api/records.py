"""Records: list, upload, write, check; the assessment, the course and the facts of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Response, UploadFile

from insulinoma.app.api.shapes import Added, Draft, GlucoseUnit, RecordId, RecordList
from insulinoma.app.problems import answers
from insulinoma.app.records import Opened, Records, draft
from insulinoma.app.uploads import Upload, read_upload
from insulinoma.intended_use import INTENDED_USE

_TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
_FILES = {"yaml": "application/yaml", "fhir": "application/fhir+json", "phenopacket": "application/json"}


def routes(records: Records) -> APIRouter:
    """The operations on records."""
    every = APIRouter(prefix="/api/v1", tags=["records"])
    _add_writing(every)
    router = APIRouter(prefix="/records")
    _add_lists(router, records)
    _add_readings(router, records)
    _add_therapy(router, records)
    _add_files(router, records)
    every.include_router(router)
    return every


def _add_writing(router: APIRouter) -> None:
    @router.get("/vocabulary", responses=answers())
    def vocabulary() -> dict[str, list[dict[str, Any]]]:
        """The names that a record may use, each with its label; analytes with their units too."""
        return _vocabulary()

    @router.post("/drafts", responses=answers(422))
    def check_draft(given: Draft) -> dict[str, Any]:
        """A record in the making as YAML text, and the result of `check --json` on that text."""
        return draft(given.data)


def _add_lists(router: APIRouter, records: Records) -> None:
    @router.get("", responses=answers(), response_model=RecordList)
    def list_records() -> dict[str, Any]:
        """The records that can be opened."""
        return {"records": records.all()}

    @router.post("", status_code=201, responses=answers(422), response_model=Added)
    def add_record(files: Annotated[list[UploadFile], File(min_length=1, max_length=20)]) -> dict[str, Any]:
        """Uploads a record: one YAML, FHIR R4 or Phenopacket file, its CSV tables, or a zip file of these.

        A record with faults is not kept; the answer lists all of them.
        """
        from insulinoma.record.checked import check_result

        sent = [Upload(file.filename or "record", file.file.read()) for file in files]
        opened, unread = records.add(read_upload(sent, records.workspace.folder))
        return {"id": opened.id, "check": check_result(opened.file, opened.record, [], unread)}

    @router.delete("/{record}", status_code=204, responses=answers(404, 422))
    def remove_record(record: RecordId) -> Response:
        """Removes an uploaded record."""
        records.remove(record)
        return Response(status_code=204)


def _add_readings(router: APIRouter, records: Records) -> None:
    @router.get("/{record}", responses=answers(404, 422))
    def read_record(record: RecordId) -> dict[str, Any]:
        """A record as plain data, its file as text, and its facts with their places in the sources."""
        from insulinoma.app.facts import facts_of
        from insulinoma.record.io.plain import plain

        opened = records.open(record)
        return {
            "id": opened.id,
            "file": opened.file,
            "text": opened.text,
            "record": plain(opened.record),
            "facts": facts_of(opened),
        }

    @router.get("/{record}/assess", responses=answers(404, 422))
    def assess(record: RecordId, glucose_unit: GlucoseUnit = "mg/dL") -> dict[str, Any]:
        """Every published criterion on a record, in the names of `assess --json`."""
        from insulinoma.assessment.assess import assess as assess_record
        from insulinoma.assessment.shown import show_glucose

        result = assess_record(records.open(record).record).to_json()
        show_glucose(result, glucose_unit)
        return {"intended_use": INTENDED_USE, **result}

    @router.get("/{record}/course", responses=answers(404, 422))
    def course(record: RecordId, glucose_unit: GlucoseUnit = "mg/dL") -> dict[str, Any]:
        """The clinical course in the names of `plot --json`, with the place of each row on its axis."""
        from insulinoma.app.course import course_of

        return course_of(records.open(record).record, glucose_unit)


def _add_therapy(router: APIRouter, records: Records) -> None:
    @router.get("/{record}/treatments", responses=answers(404, 422))
    def treatments(record: RecordId) -> dict[str, Any]:
        """Treatments side by side for a record, in the names of `evidence treatments --json`."""
        from insulinoma.report.literature import treatments_of

        return treatments_of(records.open(record).record).as_dict()

    @router.get("/{record}/regimen", responses=answers(404, 422))
    def regimen(record: RecordId) -> dict[str, Any]:
        """What the record says was given and done, as orders from day 0 on; what was assumed and what was left out."""
        from dataclasses import asdict

        from insulinoma.simulate.case_regimen import case_regimen

        found = case_regimen(records.open(record).record)
        orders = [
            {key: value for key, value in asdict(item).items() if key not in ("place", "unsure")}
            for item in found.regimen.orders
        ]
        return {"orders": orders, "assumed": found.assumed, "left_out": found.left_out, "days": found.days}


def _add_files(router: APIRouter, records: Records) -> None:
    @router.get("/{record}/course.{ending}", responses=answers(404, 422), response_class=Response)
    def course_file(
        record: RecordId, ending: Literal["svg", "png", "csv"], glucose_unit: GlucoseUnit = "mg/dL"
    ) -> Response:
        """The figure of the clinical course, or its table, as `plot` writes them."""
        from insulinoma.report.course.figure import plot_course

        figure = plot_course(records.open(record).record, glucose_unit=glucose_unit)
        content = figure.png() if ending == "png" else figure.svg() if ending == "svg" else figure.csv()
        return _download(content, _TYPES[ending], f"clinical-course.{ending}")

    @router.get("/{record}/convert/{form}", responses=answers(404, 422), response_class=Response)
    def convert(record: RecordId, form: Literal["yaml", "fhir", "phenopacket"]) -> Response:
        """The record as a file in a format, as `convert` writes it."""
        opened = records.open(record)
        ending = "yaml" if form == "yaml" else f"{form}.json"
        return _download(_converted(opened, form), _FILES[form], f"record.{ending}")


def _vocabulary() -> dict[str, list[dict[str, Any]]]:
    from typing import get_args

    from insulinoma.quantities import analytes
    from insulinoma.record.vocabulary import Table, terms

    found: dict[str, list[dict[str, Any]]] = {
        table: [{"name": item.name, "label": item.label} for item in terms(table).values()] for table in get_args(Table)
    }
    found["analytes"] = [
        {"name": item.name, "label": item.label, "units": [unit.symbol for unit in item.units]}
        for item in analytes().values()
    ]
    return found


def _converted(opened: Opened, form: Literal["yaml", "fhir", "phenopacket"]) -> str:
    from insulinoma.record.io.formats import as_text, export

    return as_text(export(opened.record, form), form)


def _download(content: str | bytes, kind: str, name: str) -> Response:
    """A file to keep, never shown as a page of this site; its name holds nothing of the patient."""
    return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
