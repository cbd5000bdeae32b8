"""What the elements of a packet say by themselves, ours or of another program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from insulinoma.record.io.codes import analyte_of_loinc, item_of_hpo, term_of, unit_of
from insulinoma.record.io.dates import birth_fault, stated_time
from insulinoma.record.io.fhir.elements import inner, items
from insulinoma.record.io.phenopacket.names import Json, own_name
from insulinoma.record.schema import SCHEMA
from insulinoma.record.timeline import When
from insulinoma.record.tree import NotRead, Place, dotted

if TYPE_CHECKING:
    from insulinoma.record.io.phenopacket.reading import _PacketReader

IMPORTED = "imported"
_LISTS = ("phenotypicFeatures", "measurements", "diseases", "medicalActions", "biosamples", "interpretations")
_WISHES = {"patients-wish": "patient's wish"}


def native_fields(section: str, element: Json) -> Json:
    """The fields of an item that an element holds itself; its name is read by the caller."""
    readers = {"measurements": _measurement, "findings": _finding, "diagnoses": lambda part: {}, "treatments": _action}
    return readers[section](element)


def _measurement(element: Json) -> Json:
    found: Json = {"note": element.get("description")}
    value = inner(element, "value", "quantity")
    if isinstance(value, dict):
        limits = value.get("referenceRange")
        found |= {"value": value.get("value"), "unit": inner(value, "unit", "label")}
        if isinstance(limits, dict):
            found["reference"] = {"lower": limits.get("low"), "upper": limits.get("high")}
    for name in ("direction", "statement"):
        found[name] = own_name(inner(element, "value", "ontologyClass"), name)
    ends: list[Any] = [None, None]
    for part in items(element.get("complexValue"), "typedQuantities"):
        kind, number = own_name(part.get("type"), "bounds"), inner(part, "quantity", "value")
        found["unit"] = inner(part, "quantity", "unit", "label")
        if kind in ("from", "to"):
            ends[kind == "to"] = number
        elif kind in ("below", "above"):
            found[kind] = number
    return found | ({"between": ends} if ends != [None, None] else {})


def _finding(element: Json) -> Json:
    sources = []
    for part in items(element, "evidence"):
        text, quote = inner(part, "reference", "id"), inner(part, "reference", "description")
        sources.append({"at": text, "quote": quote} if quote is not None else text)
    stated = sources[0] if len(sources) == 1 else sources
    return {"present": not element.get("excluded", False), **({"source": stated} if sources else {})}


def _action(element: Json) -> Json:
    found: Json = {"site": own_name(inner(element, "procedure", "bodySite"), "sites")}
    found["route"] = own_name(inner(element, "treatment", "routeOfAdministration"), "route")
    for name, part in (("response", "responseToTreatment"), ("stopped_for", "treatmentTerminationReason")):
        code = own_name(element.get(part), name)
        found[name] = _WISHES.get(code, code.replace("-", " ")) if code is not None else None
    return found


def graded(sample: Json) -> Json:
    """Grade and tissue of a diagnosis from its Biosample."""
    grade = own_name(sample.get("tumorGrade"), "grades")
    number: Any = int(grade) if grade is not None and grade.isdecimal() and len(grade) < 9 else grade
    return {"grade": number, "specimen": own_name(sample.get("sampledTissue"), "sites")}


def read_foreign(reader: _PacketReader, *, alone: bool) -> None:
    """Takes from elements without a sidecar what is ours, and lists the rest as not read."""
    packet = reader.packet
    if alone:
        file = reader.json.file
        name = re.sub(r"[^a-z0-9]+", "-", file.rsplit(".", 1)[0].casefold()).strip("-") or "case"
        reader.data |= {"schema": SCHEMA, "id": name, "title": f"Imported from {file}"}
        _subject(reader, packet.get("subject"))
    before = {
        section: len(reader.data[section])
        for section in ("findings", "measurements", "diagnoses", "treatments", "events")
    }
    birth = str(inner(packet, "subject", "dateOfBirth") or "")
    for name in _LISTS:
        for index, element in reader.elements(name):
            if name != "biosamples" or alone:
                _read_element(reader, name, index, element, birth)
    taken = any(len(reader.data[section]) > count for section, count in before.items())
    if alone or taken:
        reader.data["documents"][IMPORTED] = {"kind": "Phenopacket v2 file", "file": reader.json.file}


def _subject(reader: _PacketReader, subject: Any) -> None:
    sex = str(inner(subject, "sex")).casefold()
    if sex in ("female", "male"):
        reader.data["patient"]["sex"] = {"value": sex, "source": IMPORTED}
    if inner(subject, "vitalStatus", "status") == "DECEASED":
        when = _when(inner(subject, "vitalStatus", "timeOfDeath"))
        item: Json = {"event": "death", "source": IMPORTED}
        reader.add("events", item | ({"when": when.text} if when else {}), ("subject",))


def _read_element(reader: _PacketReader, name: str, index: int, element: Json, birth: str) -> None:
    from insulinoma.record.io.phenopacket.reading import code_of

    identifier = str(code_of(element))
    place: Place = (name, index)
    found = _known(name, identifier, element)
    if found is None:
        shown = (
            f"{identifier[:40]} is not in the vocabulary" if identifier != "None" else "a record has no place for it"
        )
        reader.result.unread.append(NotRead(dotted(place), name, shown))
        return
    section, item = found
    time = {"measurements": element.get("timeObserved"), "treatments": inner(element, "procedure", "performed")}
    when = _when(time.get(section, element.get("onset")))
    if when is not None and section != "diagnoses":
        fault = birth_fault(when, birth)
        if fault is not None:
            reader.fault(place, "before birth", *fault)
        item["when"] = when.text
    reader.add(section, {**item, "source": IMPORTED}, place)


def _known(name: str, identifier: str, element: Json) -> tuple[str, Json] | None:
    prefix, _, code = identifier.partition(":")
    if name == "measurements":
        analyte = analyte_of_loinc(code) if prefix == "LOINC" else own_name({"id": identifier}, "analytes")
        fields = {key: value for key, value in _measurement(element).items() if value is not None}
        if analyte is None or not fields.keys() & {"value", "below", "above", "between", "direction", "statement"}:
            return None
        ucum = str(inner(element, "value", "quantity", "unit", "id")).removeprefix("UCUM:")
        known = unit_of(analyte, ucum, str(fields.get("unit"))) if "unit" in fields else None
        return "measurements", {"analyte": analyte, **fields, **({"unit": known} if known else {})}
    present = not element.get("excluded", False)
    if prefix == "HP" and name in ("phenotypicFeatures", "diseases"):
        return item_of_hpo(identifier, present=present)
    if name == "phenotypicFeatures":
        finding = own_name({"id": identifier}, "findings")
        return None if finding is None else ("findings", {"finding": finding, "present": present})
    if name == "diseases" and present:
        diagnosis = (
            own_name({"id": identifier}, "diagnoses") or term_of("icd10", code)
            if prefix in ("ICD10", "insulinoma")
            else None
        )
        return None if diagnosis is None else ("diagnoses", {"diagnosis": diagnosis})
    if name == "medicalActions":
        treatment = own_name({"id": identifier}, "treatments") or (term_of("atc", code) if prefix == "ATC" else None)
        fields = {key: value for key, value in _action(element).items() if value is not None}
        return None if treatment is None else ("treatments", {"treatment": treatment, **fields})
    return None


def _when(time: Any) -> When | None:
    interval = inner(time, "interval")
    if isinstance(interval, dict):
        return stated_time(interval.get("start"), interval.get("end"), stretch=True)
    return stated_time(inner(time, "timestamp"), None)
