"""A record as a FHIR R4 Bundle of type collection."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from insulinoma.intended_use import INTENDED_USE
from insulinoma.record.io.calendar import timestamp
from insulinoma.record.io.fhir import conditions, observations, others, treatments
from insulinoma.record.io.fhir.context import Context, labelled
from insulinoma.record.io.fhir.elements import Json, coding
from insulinoma.record.io.fhir.names import INTENDED_USE_SYSTEM, MCODE, RECORD_ID
from insulinoma.record.io.losses import Export, Loss
from insulinoma.record.io.plain import plain
from insulinoma.record.schema import SECTIONS, CaseRecord

_RARE_SPACE = re.compile(r"[^\S \t\r\n]")
_BASIC = ("claims", "conflicts", "manuscript")


def export_bundle(record: CaseRecord, *, created: datetime.datetime | None = None) -> Export:
    """The Bundle of a record, and what FHIR itself has no element for.

    `created` is the time written into each Provenance, now unless told.

    >>> from insulinoma.record.load import load_case
    >>> export_bundle(load_case()).data["type"]
    'collection'
    """
    losses: list[Loss] = []
    data = _plain_spaces(plain(record), (), losses)
    written = CaseRecord.model_validate(data) if losses else record
    moment = (created or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    context = Context(written, timestamp(moment))
    entries = [
        {"fullUrl": context.address(*place), "resource": resource} for place, resource in _resources(data, context)
    ]
    bundle: Json = {
        "resourceType": "Bundle",
        "meta": {
            "profile": [MCODE + "patient-bundle"],
            "security": [coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HRESCH", "healthcare research")],
            "tag": [coding(INTENDED_USE_SYSTEM, "research-and-education-only", INTENDED_USE)],
        },
        "identifier": {"system": RECORD_ID, "value": record.id},
        "type": "collection",
        "entry": entries,
    }
    return Export(bundle, (*losses, *context.losses))


def _resources(data: Json, context: Context) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    yield ("patient",), others.write_patient(data, context)
    yield ("record",), others.write_head(data, context)
    for name, document in data["documents"].items():
        yield ("documents", name), others.write_document(name, document, context)
    yield from ((("samples", name), specimen) for name, specimen in others.specimens(context))
    sources: list[tuple[tuple[str | int, ...], Any]] = []
    patient = data.get("patient", {})
    if patient.get("sex"):
        sources.append((("patient",), patient["sex"]["source"]))
    if patient.get("age"):
        yield ("patient", "age"), observations.write_age(dict(patient["age"]), context)
        sources.append((("patient", "age"), patient["age"]["source"]))
    for section in SECTIONS:
        for index, item in enumerate(data.get(section, [])):
            yield (section, index), _resource(section, dict(item), index, context)
            if "source" in item:
                sources.append(((section, index), item["source"]))
    for index, _ in enumerate(data.get("lesions", [])):
        secondary = conditions.secondary_condition(index, context)
        if secondary is not None:
            yield ("lesions", index, "secondary"), labelled(secondary)
    yield from ((("provenance", *place), others.provenance(place, source, context)) for place, source in sources)


def _resource(section: str, item: Json, index: int, context: Context) -> Json:
    if section in _BASIC:
        return others.write_basic(section, item, index, context)
    if section == "events" and item["event"] == "imaging_study":
        return others.write_examination(item, index, context)
    if section == "findings" and item["finding"] == "drug_allergy":
        return conditions.write_allergy(item, index, context)
    writers = {
        "events": observations.write_event,
        "lesions": conditions.write_lesion,
        "measurements": observations.write_measurement,
        "findings": observations.write_finding,
        "diagnoses": conditions.write_diagnosis,
        "treatments": treatments.write_treatment,
    }
    return writers[section](item, index, context)


def _plain_spaces(value: Any, path: tuple[str | int, ...], losses: list[Loss]) -> Any:
    """Plain data with ordinary spaces: a FHIR string may hold no other, and each one lost is told."""
    if isinstance(value, dict):
        return {key: _plain_spaces(item, (*path, key), losses) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_spaces(item, (*path, index), losses) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    written = _RARE_SPACE.sub(" ", value)
    if written != value:
        rare = ", ".join(sorted({f"U+{ord(found):04X}" for found in _RARE_SPACE.findall(value)}))
        losses.append(Loss(path, f"{rare} became an ordinary space", "", written))
    return written
