"""What every resource of one Bundle shares: addresses, the calendar, and the extension that makes it ours."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from insulinoma.record.io.calendar import Calendar
from insulinoma.record.io.fhir.elements import Json, coding, concept, effective, extension, own_coding
from insulinoma.record.io.fhir.names import BASE, FACT, INTENDED_USE_SYSTEM, ITEM_ID, MCODE
from insulinoma.record.io.losses import Loss
from insulinoma.record.schema import CaseRecord, Timed
from insulinoma.record.vocabulary import term

EXTENSION = "the extension 'fact'"
WITH_NOTE = ("Observation", "Condition", "Procedure", "MedicationAdministration", "AllergyIntolerance")
_ELSEWHERE = ("source", "section", "index")


@dataclass
class Context:
    """One record on its way into a Bundle."""

    record: CaseRecord
    created: str
    calendar: Calendar = field(init=False)
    losses: list[Loss] = field(default_factory=list)
    places: dict[str, tuple[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.calendar = Calendar(self.record)
        sections = ("events", "lesions", "measurements", "findings", "diagnoses", "treatments", "claims")
        self.places = {
            item.id: (section, index)
            for section in sections
            for index, item in enumerate(getattr(self.record, section))
            if item.id
        }

    def address(self, *parts: str | int) -> str:
        """The fullUrl of a resource: the same for the same record and place, and no other."""
        name = "/".join(str(part) for part in (BASE, self.record.id, *parts))
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"

    def reference(self, *parts: str | int, display: str = "") -> Json:
        """A Reference to a resource of this Bundle."""
        return {"reference": self.address(*parts)} | ({"display": display} if display else {})

    @property
    def subject(self) -> Json:
        """The Reference to the patient."""
        return self.reference("patient")

    def to_fact(self, name: str | None) -> Json | None:
        """The Reference to the resource of a fact, None when no fact has that id."""
        place = self.places.get(name or "")
        return self.reference(*place, display=name or "") if place else None

    def fact(self, section: str, index: int) -> Any:
        """The fact at a place of the record."""
        return getattr(self.record, section)[index]

    def time(self, stem: str, fact: Timed) -> Json:
        """The derived time of a fact."""
        return effective(stem, self.calendar.of_fact(fact), synthetic=self.calendar.synthetic)

    def finish(self, resource: Json, item: Json, section: str, index: int) -> Json:
        """Adds what makes a resource readable again: its place, its id, and every field without a home of its own."""
        if resource["resourceType"] in WITH_NOTE and "note" in item:
            resource["note"] = [{"text": item.pop("note")}]
        name = item.pop("id", None)
        if resource["resourceType"] != "Provenance" and name is not None:
            resource.setdefault("identifier", [{"system": ITEM_ID, "value": name}])
        rest = {key: value for key, value in item.items() if key not in _ELSEWHERE and value is not None}
        path = (section, index) if section != "patient" else (section, item["field"])
        self.losses += [Loss((*path, key), f"no element for {key}", EXTENSION) for key in rest if key != "field"]
        place = {"section": section, "index": index, **rest}
        resource["extension"] = [*extension(FACT, place), *resource.get("extension", [])]
        return labelled(resource)


def labelled(resource: Json, *profiles: str) -> Json:
    """A resource with the label of intended use and the mCODE profiles that it follows."""
    meta: Json = resource.setdefault("meta", {})
    if profiles:
        meta["profile"] = [MCODE + name for name in profiles]
    meta["tag"] = [coding(INTENDED_USE_SYSTEM, "research-and-education-only")]
    return resource


def with_profile(resource: Json, name: str) -> Json:
    """A resource that says which mCODE profile it follows."""
    resource["meta"] = {"profile": [MCODE + name]}
    return resource


def named(table: Any, name: str, *codings: Json | None) -> Json:
    """The CodeableConcept of a vocabulary term: public codes first, then our own."""
    found = term(table, name)
    return concept(found.label, *codings, own_coding(table, found.name, found.label))
