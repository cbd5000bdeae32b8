"""A record as a Phenopacket v2, with a sidecar in its `files` for what a packet has no place for."""

from __future__ import annotations

import datetime
import json
from typing import Any

from insulinoma.intended_use import INTENDED_USE
from insulinoma.record.io.calendar import Calendar, timestamp
from insulinoma.record.io.losses import Export, Loss
from insulinoma.record.io.phenopacket import elements
from insulinoma.record.io.phenopacket.names import (
    INTENDED_USE_ID,
    OWN,
    SIDECAR,
    SYNTHETIC_ID,
    Json,
    own_class,
    prefixes_in,
    resource,
)
from insulinoma.record.io.plain import plain
from insulinoma.record.schema import SECTIONS, CaseRecord

KEPT = "the sidecar"
LISTS = ("phenotypicFeatures", "measurements", "biosamples", "diseases", "medicalActions")


def export_phenopacket(record: CaseRecord, *, created: datetime.datetime | None = None) -> Export:
    """The packet of a record, and what a packet itself has no element for.

    `created` is the time written into the metadata, now unless told.

    >>> from insulinoma.record.load import load_case
    >>> export_phenopacket(load_case()).data["subject"]["sex"]
    'FEMALE'
    """
    moment = (created or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    return _Writer(record, timestamp(moment)).export()


class _Writer:
    """One record on its way into a packet."""

    def __init__(self, record: CaseRecord, created: str) -> None:
        self.record, self.created = record, created
        self.data = plain(record)
        self.calendar = Calendar(record)
        self.packet: Json = {"id": record.id, "subject": {}, **{name: [] for name in LISTS}}
        self.sections: dict[str, list[Json]] = {}
        self.losses: list[Loss] = []

    def export(self) -> Export:
        """The packet with its sidecar, and the list of what only the sidecar holds."""
        patient = self._patient()
        for section in SECTIONS:
            for index, item in enumerate(self.data.get(section, [])):
                self._item(section, index, dict(item))
        references, documents = self._documents()
        head = {name: self.data[name] for name in ("schema", "title", "clock") if name in self.data}
        self.losses += [Loss((name,), f"no element for {name}", KEPT) for name in head]
        content = {
            "schema": SIDECAR,
            "record": head,
            "patient": patient,
            "documents": documents,
            "sections": self.sections,
        }
        self.packet = {name: part for name, part in self.packet.items() if part != []}
        self.packet["files"] = [_sidecar(self.record.id, content)]
        self.packet["metaData"] = self._metadata(references)
        return Export(self.packet, tuple(self.losses))

    def _rest(self, path: tuple[str | int, ...], item: Json) -> Json:
        """What an element left behind, told as a loss."""
        rest = {key: value for key, value in item.items() if value is not None}
        self.losses += [Loss((*path, key), f"no element for {key}", KEPT) for key in rest if key not in ("at", "is")]
        return rest

    def _add(self, name: str, element: Json) -> str:
        self.packet[name].append(element)
        return f"{name}[{len(self.packet[name]) - 1}]"

    def _patient(self) -> Json:
        subject: Json = {"id": self.record.id}
        kept: Json = {}
        patient = self.data.get("patient", {})
        if patient.get("sex"):
            item = dict(patient["sex"])
            subject["sex"] = item.pop("value").upper()
            kept["sex"] = self._rest(("patient", "sex"), item)
        if patient.get("age"):
            item = dict(patient["age"])
            at = self._add("measurements", elements.age_element(item))
            kept["age"] = {"at": at, "is": "LOINC:30525-0", **self._rest(("patient", "age"), item)}
        death = self.record.event("death")
        if death is not None:
            status: Json = {"status": "DECEASED"}
            time = elements.time_element(self.calendar.of_fact(death))
            status |= {"timeOfDeath": time} if time is not None else {}
            status |= {"causeOfDeath": own_class("events", "cause-of-death", death.cause)} if death.cause else {}
            subject["vitalStatus"] = status
        subject["taxonomy"] = {"id": "NCBITaxon:9606", "label": "Homo sapiens"}
        self.packet["subject"] = subject
        return kept

    def _item(self, section: str, index: int, item: Json) -> None:
        fact = getattr(self.record, section)[index]
        place: Json = {}
        names = self._names(section, item)
        if section == "measurements":
            element = elements.measurement_element(item, fact, self.calendar)
            place = {"at": self._add(section, element), "is": element["assay"]["id"]}
        elif section == "findings":
            element = elements.finding_element(item, fact, self.calendar)
            place = {"at": self._add("phenotypicFeatures", element), "is": element["type"]["id"]}
        elif section == "diagnoses":
            place = self._diagnosis(index, item, fact)
        elif section == "treatments":
            element = elements.action_element(item, fact, self.calendar)
            place = {"at": self._add("medicalActions", element), "is": code_of_action(element).get("id")}
            if fact.treatment == "biopsy":
                name = fact.id or f"treatments-{index}"
                self._add("biosamples", elements.biopsy_sample(fact, name, self.record.id, self.calendar))
        self.sections.setdefault(section, []).append({**place, **names, **self._rest((section, index), item)})

    def _names(self, section: str, item: Json) -> Json:
        """The name of the term beside its public code, which more than one term may carry."""
        name = {"measurements": "analyte", "findings": "finding", "diagnoses": "diagnosis", "treatments": "treatment"}
        return {name[section]: item[name[section]]} if section in name else {}

    def _diagnosis(self, index: int, item: Json, fact: Any) -> Json:
        primary = [lesion.site for lesion in self.record.lesions if lesion.role == "primary"]
        element = elements.disease_element(item, primary[0] if len(primary) == 1 else None)
        place: Json = {"at": self._add("diseases", element), "is": element["term"]["id"]}
        sample = elements.graded_sample(item, fact, f"diagnoses-{index}", self.record.id)
        return place | ({"biosample": self._add("biosamples", sample)} if sample is not None else {})

    def _documents(self) -> tuple[list[Json], Json]:
        references, kept = [], {}
        for name, document in self.data["documents"].items():
            item = dict(document)
            references.append({"id": name, "description": item.pop("kind")})
            kept[name] = self._rest(("documents", name), item)
        return references, kept

    def _metadata(self, references: list[Json]) -> Json:
        labels = [{"id": INTENDED_USE_ID, "description": INTENDED_USE}]
        if self.calendar.synthetic:
            words = f"Dates count days from day 0 of the record, set to {self.calendar.origin}; none is of a calendar."
            labels.append({"id": SYNTHETIC_ID, "description": words})
        return {
            "created": self.created,
            "createdBy": OWN,
            "resources": [resource(prefix) for prefix in sorted(prefixes_in(self.packet))],
            "phenopacketSchemaVersion": "2.0",
            "externalReferences": [*labels, *references],
        }


def code_of_action(element: Json) -> Json:
    """The class that says what a MedicalAction is."""
    for kind, name in (("procedure", "code"), ("treatment", "agent"), ("therapeuticRegimen", "ontologyClass")):
        part = element.get(kind)
        if isinstance(part, dict) and isinstance(part.get(name), dict):
            return dict(part[name])
    return {}


def _sidecar(name: str, content: Json) -> Json:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    description = "Facts of the case record for which a packet has no element; see the reference on formats"
    attributes = {"fileFormat": SIDECAR, "description": description, "content": text}
    return {"uri": f"urn:insulinoma:sidecar:{name}", "fileAttributes": attributes}
