"""What surrounds the facts: patient, documents, provenance, specimens, examinations, and what no resource is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from insulinoma.record.io.fhir.context import EXTENSION, Context, labelled, named
from insulinoma.record.io.fhir.elements import (
    Json,
    code_in,
    coding,
    concept,
    effective,
    extension,
    inner,
    own_coding,
)
from insulinoma.record.io.fhir.names import (
    ABSENT_REASON,
    DOCUMENT_ID,
    FACT,
    PLACE,
    QUOTE,
    RECORD_ID,
    SAMPLE_ID,
    own,
)
from insulinoma.record.io.losses import Loss
from insulinoma.record.schema import Measurement, Timed
from insulinoma.record.vocabulary import term

_TITLES = {"claims": "Claim of the authors", "conflicts": "Sources that disagree", "manuscript": "Part of the report"}
_HEAD = ("schema", "title", "clock")


def write_patient(data: Json, context: Context) -> Json:
    """The patient without a name; sex as the gender that the source states, death as derived from its event."""
    record = context.record
    built: Json = {
        "resourceType": "Patient",
        "identifier": [{"system": RECORD_ID, "value": record.id}],
        "name": [{"extension": [{"url": ABSENT_REASON, "valueCode": "masked"}]}],
        "gender": "unknown",
        "meta": {"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-patient"]},
    }
    sex = data.get("patient", {}).get("sex")
    death = record.event("death")
    if death is not None:
        time = effective("deceased", context.calendar.of_fact(death), synthetic=context.calendar.synthetic)
        built |= time if "deceasedDateTime" in time else {"deceasedBoolean": True}
    if sex is None:
        return labelled(built, "cancer-patient")
    item = {**sex, "field": "sex"}
    built["gender"] = item.pop("value")
    name = item.pop("id", None)
    return context.finish(built, item | ({"name": name} if name else {}), "patient", 0)


def write_head(data: Json, context: Context) -> Json:
    """Schema, title and clock of the record as a Basic resource."""
    item = {name: data[name] for name in _HEAD if name in data}
    built = {
        "resourceType": "Basic",
        "identifier": [{"system": RECORD_ID, "value": context.record.id}],
        "code": concept("Case record", own_coding("records", "case-record", "Case record")),
        "subject": context.subject,
    }
    built["extension"] = list(extension(FACT, {"section": "record", "index": 0, **item}))
    context.losses += [Loss((name,), f"no element for {name}", EXTENSION) for name in item]
    return labelled(built)


def write_basic(section: str, item: Json, index: int, context: Context) -> Json:
    """A claim, a conflict or a part of the manuscript, for which FHIR has no resource, as a Basic one."""
    code = concept(_TITLES[section], own_coding("records", section, _TITLES[section]))
    return context.finish({"resourceType": "Basic", "code": code, "subject": context.subject}, item, section, index)


def write_document(name: str, item: Json, context: Context) -> Json:
    """A source document as a DocumentReference; its text is not part of a Bundle."""
    item = dict(item)
    built: Json = {
        "resourceType": "DocumentReference",
        "masterIdentifier": {"system": DOCUMENT_ID, "value": name},
        "status": "current",
        "type": concept(item.pop("kind")),
        "subject": context.subject,
    }
    if item.get("note") is not None:
        built["description"] = item.pop("note")
    attachment = {"title": item.pop("file")} if item.get("file") is not None else {"title": name}
    built["content"] = [{"attachment": attachment}]
    rest = {key: value for key, value in item.items() if value is not None}
    if attachment["title"] != name or "file" in context.record.documents[name].model_fields_set:
        rest["has_file"] = True
    context.losses += [
        Loss(("documents", name, key), f"no element for {key}", EXTENSION) for key in rest if key != "has_file"
    ]
    built["extension"] = list(extension(FACT, {"section": "documents", "index": 0, **rest}))
    return labelled(built)


def read_document(resource: Json, item: Json) -> Json:
    """The native part of a document."""
    found: Json = {"kind": inner(resource, "type", "text")}
    if "description" in resource:
        found["note"] = resource["description"]
    if item.pop("has_file", False):
        found["file"] = inner(resource, "content", 0, "attachment", "title")
    return found


def provenance(target: tuple[str | int, ...], sources: Any, context: Context) -> Json:
    """Where a fact stands: the documents, with lines or page and quote."""
    entities = []
    for source in sources if isinstance(sources, list) else [sources]:
        text, quote = (source["at"], source["quote"]) if isinstance(source, dict) else (source, None)
        name = text.partition(":")[0].partition(" p. ")[0]
        parts = [{"url": PLACE, "valueString": text}, *([{"url": QUOTE, "valueString": quote}] if quote else [])]
        what = context.reference("documents", name, display=text)
        entities.append({"extension": parts, "role": "source", "what": what})
    built = {
        "resourceType": "Provenance",
        "target": [context.reference(*target)],
        "recorded": context.created,
        "agent": [{"who": {"display": "insulinoma, software that wrote this Bundle"}}],
        "entity": entities,
    }
    return labelled(built)


def specimens(context: Context) -> Iterator[tuple[str, Json]]:
    """One Specimen for each sample that measurements share, by its name."""
    seen: dict[str, Measurement] = {}
    for item in context.record.measurements:
        if item.sample is not None:
            seen.setdefault(item.sample, item)
    for name, item in seen.items():
        collected = effective("collected", context.calendar.of_fact(item), synthetic=context.calendar.synthetic)
        built: Json = {
            "resourceType": "Specimen",
            "identifier": [{"system": SAMPLE_ID, "value": name}],
            "subject": context.subject,
        }
        yield name, labelled(built | ({"collection": collected} if collected else {}))


def write_examination(item: Json, index: int, context: Context) -> Json:
    """An imaging study as a DiagnosticReport of what was seen at it."""
    event = context.fact("events", index)
    code = named("events", item.pop("event"))
    if item.get("place") not in (None, code["text"]):
        code["text"] = item.pop("place")
    built: Json = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "category": [concept("", coding("http://terminology.hl7.org/CodeSystem/v2-0074", "RAD", "Radiology"))],
        "code": code,
        "subject": context.subject,
    } | context.time("effective", event)  # fmt: skip
    results = list(_seen_at(event.id, context)) if event.id else []
    return context.finish(built | ({"result": results} if results else {}), item, "events", index)


def _seen_at(name: str, context: Context) -> Iterator[Json]:
    for section in ("measurements", "findings"):
        for index, fact in enumerate(getattr(context.record, section)):
            allergy = getattr(fact, "finding", None) == "drug_allergy"
            if isinstance(fact, Timed) and fact.when.text == f"at {name}" and not allergy:
                yield context.reference(section, index)


def read_examination(resource: Json, item: Json, target: Any) -> Json:
    """The native part of an imaging study: its code is the event, its text the place if it is not the label."""
    found: Json = {"event": code_in(resource.get("code"), own("events"))}
    text = inner(resource, "code", "text")
    return found | ({"place": text} if text is not None and text != term("events", "imaging_study").label else {})
