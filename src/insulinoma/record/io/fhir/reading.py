"""A FHIR R4 Bundle, or a single resource, as the tree of a record: ours read back, foreign ones as far as they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.io.fhir import conditions, observations, others, treatments
from insulinoma.record.io.fhir.context import WITH_NOTE
from insulinoma.record.io.fhir.elements import Json, extension_value, fact_of, inner, items
from insulinoma.record.io.fhir.foreign import ForeignReader
from insulinoma.record.io.fhir.names import BASE, DERIVED, DOCUMENT_ID, ITEM_ID, PLACE, QUOTE, RECORD_ID
from insulinoma.record.schema import SECTIONS
from insulinoma.record.tree import Place, Tree

Read = Callable[[Json, Json, Any], Json]
Entry = tuple[Place, str, Json]
_READERS: dict[tuple[str, str], Read] = {
    ("measurements", "Observation"): observations.read_measurement,
    ("findings", "Observation"): observations.read_finding,
    ("findings", "AllergyIntolerance"): conditions.read_allergy,
    ("events", "Observation"): observations.read_event,
    ("events", "DiagnosticReport"): others.read_examination,
    ("lesions", "BodyStructure"): conditions.read_lesion,
    ("diagnoses", "Condition"): conditions.read_diagnosis,
    ("treatments", "Procedure"): treatments.read_treatment,
    ("treatments", "MedicationAdministration"): treatments.read_treatment,
    **{(section, "Basic"): lambda resource, item, target: {} for section in ("claims", "conflicts", "manuscript")},
}


def read_bundle(json: Tree) -> Tree:
    """The tree of a record from parsed JSON, with every fault and everything that was not read."""
    return _BundleReader(json).tree()


class _BundleReader:
    """One Bundle on its way into a record."""

    def __init__(self, json: Tree) -> None:
        self.json = json
        self.result = Tree(json.file, faults=list(json.faults), format="fhir", raw=json.data)
        self.entries = self._entries()
        self.by_address = {url: resource for _, url, resource in self.entries if url}
        self.by_address |= {
            f"{resource.get('resourceType')}/{resource['id']}": resource
            for _, _, resource in self.entries
            if isinstance(resource.get("id"), str)
        }
        self.sources = self._sources()
        self.found: dict[str, list[tuple[int, Place, Json]]] = {section: [] for section in SECTIONS}
        self.head: Json = {}
        self.documents: Json = {}
        self.patient: Json = {}

    def tree(self) -> Tree:
        """The tree, with the lines of the file for each item."""
        own = [entry for entry in self.entries if fact_of(entry[2]) is not None]
        for entry in own:
            self._read_own(*entry)
        foreign = [
            entry for entry in self.entries if fact_of(entry[2]) is None and not self._belongs(entry[2], bool(own))
        ]
        ForeignReader(self, foreign, alone=not own).read()
        data: Json = {**self.head, "documents": self.documents, "patient": self.patient}
        for section, listed in self.found.items():
            listed.sort(key=lambda entry: entry[0])
            if listed:
                data[section] = [item for _, _, item in listed]
            for index, (_, place, _) in enumerate(listed):
                self.result.origins[section, index] = place
                self.result.lines[section, index] = self.json.line(place)
        self.result.lines |= {("patient",): 1, ("documents",): 1, (): 1}
        self.result.data = data if self.entries else None
        return self.result

    def fault(self, place: Place, kind: str, problem: str, expected: str, remedy: str = "") -> None:
        """Notes a fault at a place of the file."""
        self.result.faults.append(self.json.fault(place, kind, problem, expected, remedy))

    def _entries(self) -> list[Entry]:
        data = self.json.data
        if not isinstance(data, dict):
            return []
        if data.get("resourceType") != "Bundle":
            return [((), "", data)]
        entries: list[Entry] = []
        listed = data.get("entry", [])
        if not isinstance(listed, list):
            self.fault(("entry",), "type", "entry is not a list", "a list of entries, each with a resource")
            return []
        seen: set[str] = set()
        for index, entry in enumerate(listed):
            place: Place = ("entry", index)
            resource, url = inner(entry, "resource"), inner(entry, "fullUrl")
            if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
                self.fault(place, "no resource", "the entry holds no resource", "a resource with a resourceType")
                continue
            if isinstance(url, str) and url in seen:
                self.fault(
                    place,
                    "duplicate id",
                    f"the fullUrl {url!r} is used twice",
                    "an address of its own for each resource",
                )
            seen.add(str(url))
            entries.append(((*place, "resource"), url if isinstance(url, str) else "", resource))
        if not entries and not self.result.faults:
            self.fault((), "no resource", "the Bundle is empty", "entries with resources")
        return entries

    def _sources(self) -> dict[int, Any]:
        """The sources of each resource (by identity), as the Provenance resources say."""
        found: dict[int, list[Any]] = {}
        for place, _, resource in self.entries:
            if resource.get("resourceType") != "Provenance" or not _is_ours(resource):
                continue
            stated = [_source(entity) for entity in items(resource, "entity")]
            for target in items(resource, "target"):
                resolved = self.resolve(target, place)
                if resolved is not None:
                    found.setdefault(id(resolved), []).extend(stated)
        return {key: listed[0] if len(listed) == 1 else listed for key, listed in found.items()}

    def resolve(self, reference: Any, place: Place) -> Json | None:
        """The resource that a Reference leads to; a fault where it leads nowhere."""
        address = inner(reference, "reference")
        found = self.by_address.get(address) if isinstance(address, str) else None
        if found is None:
            self.fault(
                place, "unknown reference", f"{str(address)[:80]!r} leads to no resource", "a resource of this Bundle"
            )
        return found

    def _name(self, reference: Any, place: Place) -> Any:
        resource = self.resolve(reference, place)
        return None if resource is None else inner(resource, "identifier", 0, "value")

    def _belongs(self, resource: Json, own: bool) -> bool:
        """Whether a resource was written by us beside the facts and says nothing that they do not."""
        kind = resource.get("resourceType")
        derived = extension_value(resource, DERIVED) is not None
        return own and (derived or (kind in ("Provenance", "Specimen", "Patient") and _is_ours(resource)))

    def _read_own(self, place: Place, url: str, resource: Json) -> None:
        item = fact_of(resource) or {}
        section, index = item.pop("section", None), item.pop("index", 0)
        if section == "record":
            self.head = {**item, "id": inner(resource, "identifier", 0, "value")}
        elif section == "documents":
            self._read_document(place, resource, item)
        elif section == "patient":
            self._read_patient(place, resource, item)
        elif section in SECTIONS:
            self._read_item(str(section), index if isinstance(index, int) else 0, place, resource, item)
        else:
            self.fault(place, "unknown section", f"{section!r} is not a section of a record", ", ".join(SECTIONS))

    def _read_item(self, section: str, index: int, place: Place, resource: Json, item: Json) -> None:
        kind = str(resource.get("resourceType"))
        read = _READERS.get((section, kind))
        if read is None:
            expected = " or ".join(name for part, name in _READERS if part == section)
            self.fault(place, "resource type", f"{kind} does not hold an item of {section}", expected)
            return
        native = read(resource, item, lambda reference: self._name(reference, place))
        native |= self._common(resource, kind)
        self.found[section].append((index, place, {**item, **_set(native)}))

    def _common(self, resource: Json, kind: str) -> Json:
        """Id, note and sources, which every resource holds in the same way."""
        common: Json = {}
        for identifier in items(resource, "identifier"):
            if identifier.get("system") == ITEM_ID:
                common["id"] = identifier.get("value")
        if kind in WITH_NOTE and "note" in resource:
            common["note"] = inner(resource, "note", 0, "text")
        if id(resource) in self.sources:
            common["source"] = self.sources[id(resource)]
        return common

    def _read_document(self, place: Place, resource: Json, item: Json) -> None:
        name = str(inner(resource, "masterIdentifier", "value"))
        if inner(resource, "masterIdentifier", "system") != DOCUMENT_ID or name in self.documents:
            self.fault(place, "duplicate id", f"the document {name!r} has no name of its own", "each name once")
        native = others.read_document(resource, item)
        self.documents[name] = {**item, **_set(native)}

    def _read_patient(self, place: Place, resource: Json, item: Json) -> None:
        name = str(item.pop("field", None))
        if name not in ("age", "sex") or name in self.patient:
            self.fault(place, "patient", f"{name!r} is not one fact of the patient", "age and sex, each once")
            return
        native = {"value": resource.get("gender")} if name == "sex" else observations.read_age(resource, item, None)
        if name == "sex" and "name" in item:
            native["id"] = item.pop("name")
        native |= self._common(resource, str(resource.get("resourceType")))
        self.patient[name] = {**item, **_set(native)}


def _set(native: Json) -> Json:
    return {key: value for key, value in native.items() if value is not None}


def _is_ours(resource: Json) -> bool:
    systems = [tag.get("system") for tag in items(resource.get("meta"), "tag")]
    named = [identifier.get("system") for identifier in items(resource, "identifier")]
    return any(str(system).startswith(BASE) for system in systems) or RECORD_ID in named


def _source(entity: Json) -> Any:
    text, quote = extension_value(entity, PLACE), extension_value(entity, QUOTE)
    return {"at": text, "quote": quote} if quote is not None else text


def refused(file: str) -> Fault:
    """The fault of a file that is not FHIR."""
    return Fault(file, 1, "", "type", "the file is no FHIR resource", "JSON with a 'resourceType'")
