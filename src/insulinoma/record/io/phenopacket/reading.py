"""A Phenopacket v2 as the tree of a record: its elements, joined with the sidecar that we wrote into it."""

from __future__ import annotations

import re
from typing import Any

from insulinoma.record.io.codes import analyte_of_loinc, term_of
from insulinoma.record.io.fhir.elements import inner, items
from insulinoma.record.io.json_text import parse_json
from insulinoma.record.io.phenopacket import foreign
from insulinoma.record.io.phenopacket.export import LISTS, code_of_action
from insulinoma.record.io.phenopacket.names import SIDECAR, Json, own_name
from insulinoma.record.schema import SECTIONS
from insulinoma.record.tree import Place, Tree

_AT = re.compile(r"(?P<name>[a-zA-Z]+)\[(?P<index>\d{1,7})\]")
_HOMES = {
    "measurements": "measurements",
    "findings": "phenotypicFeatures",
    "diagnoses": "diseases",
    "treatments": "medicalActions",
}
_NAMES = {"measurements": "analyte", "findings": "finding", "diagnoses": "diagnosis", "treatments": "treatment"}


def read_phenopacket(json: Tree) -> Tree:
    """The tree of a record from parsed JSON, with every fault and everything that was not read."""
    return _PacketReader(json).tree()


class _PacketReader:
    """One packet on its way into a record."""

    def __init__(self, json: Tree) -> None:
        self.json = json
        self.packet: Json = json.data if isinstance(json.data, dict) else {}
        self.result = Tree(json.file, faults=list(json.faults), format="phenopacket", raw=json.data)
        self.lines: dict[str, int] = {}
        self.taken: set[tuple[str, int]] = set()
        self.data: Json = {}

    def tree(self) -> Tree:
        """The tree, with the lines of the file for each item."""
        if not isinstance(self.json.data, dict):
            return self.result
        for name in LISTS:
            if not isinstance(self.packet.get(name, []), list):
                self.fault((name,), "type", f"{name} is not a list", "a list of elements")
        sidecar = self._sidecar()
        self.data = {"documents": {}, "patient": {}, **{section: [] for section in SECTIONS}}
        if sidecar is not None:
            self._read_own(sidecar)
        foreign.read_foreign(self, alone=sidecar is None)
        self.data = {name: part for name, part in self.data.items() if part != []}
        self.result.lines |= {("patient",): 1, ("documents",): 1, (): 1}
        self.result.data = self.data
        return self.result

    def fault(self, place: Place, kind: str, problem: str, expected: str, remedy: str = "") -> None:
        """Notes a fault at a place of the file."""
        self.result.faults.append(self.json.fault(place, kind, problem, expected, remedy))

    def add(self, section: str, item: Json, place: Place) -> None:
        """Takes an item of a section with its place in the file."""
        self.data[section].append(item)
        key = (section, len(self.data[section]) - 1)
        self.result.origins[key] = place
        self.result.lines[key] = self.json.line(place)

    def elements(self, name: str) -> list[tuple[int, Json]]:
        """The elements of a list of the packet that nothing has taken yet, with their places."""
        listed = self.packet.get(name)
        pairs = enumerate(listed) if isinstance(listed, list) else []
        return [(index, part) for index, part in pairs if isinstance(part, dict) and (name, index) not in self.taken]

    def _sidecar(self) -> Json | None:
        for index, file in enumerate(items(self.packet, "files")):
            attributes = file.get("fileAttributes")
            if inner(attributes, "fileFormat") != SIDECAR:
                continue
            content = inner(attributes, "content")
            inside = parse_json(content if isinstance(content, str) else "", self.json.file)
            if inside.faults or not isinstance(inside.data, dict):
                place: Place = ("files", index, "fileAttributes", "content")
                self.fault(place, "sidecar", "the sidecar is not readable JSON", "the text that was exported")
                return None
            return inside.data
        return None

    def _read_own(self, sidecar: Json) -> None:
        head = sidecar.get("record")
        self.data |= {**(head if isinstance(head, dict) else {}), "id": self.packet.get("id")}
        self._read_documents(sidecar.get("documents"))
        self._read_patient(sidecar.get("patient"))
        sections = sidecar.get("sections")
        for section, listed in sections.items() if isinstance(sections, dict) else ():
            if section not in SECTIONS or not isinstance(listed, list):
                problem = f"{section[:40]!r} of the sidecar is not a section"
                self.fault(("files",), "sidecar", problem, ", ".join(SECTIONS))
                continue
            for entry in listed:
                self._read_entry(section, dict(entry) if isinstance(entry, dict) else {"entry": entry})

    def _read_documents(self, kept: Any) -> None:
        described = {
            str(part.get("id")): part.get("description")
            for part in items(self.packet.get("metaData"), "externalReferences")
        }
        for name, rest in kept.items() if isinstance(kept, dict) else ():
            kind = described.get(name)
            self.data["documents"][name] = {
                **(rest if isinstance(rest, dict) else {}),
                **({"kind": kind} if kind else {}),
            }

    def _read_patient(self, kept: Any) -> None:
        for name, rest in kept.items() if isinstance(kept, dict) else ():
            item = dict(rest) if isinstance(rest, dict) else {}
            if name == "sex":
                native: Any = {"value": str(inner(self.packet, "subject", "sex")).casefold()}
            else:
                element = self._element(item, ("patient", str(name)))
                native = {"years": inner(element, "value", "quantity", "value")}
            self.data["patient"][name] = {**item, **{key: value for key, value in native.items() if value is not None}}

    def _element(self, entry: Json, place: Place) -> Json | None:
        """The element that a sidecar entry speaks of; a fault when another stands there."""
        at, named = entry.pop("at", None), entry.pop("is", None)
        found = _AT.fullmatch(at) if isinstance(at, str) else None
        element = inner(self.packet, found["name"], int(found["index"])) if found else None
        if found is None or not isinstance(element, dict):
            self.fault(
                ("files",),
                "sidecar",
                f"the sidecar speaks of {str(at)[:40]!r}, which is not here",
                "an element of this packet",
            )
            return None
        self.taken.add((found["name"], int(found["index"])))
        if code_of(element) != named:
            problem = f"the sidecar takes {at} for {str(named)[:40]!r}, it is {str(code_of(element))[:40]!r}"
            here: Place = (found["name"], int(found["index"]))
            self.fault(
                here, "sidecar", problem, "elements in the order of the export", "Remove the sidecar to read the rest."
            )
        return element

    def _read_entry(self, section: str, entry: Json) -> None:
        if section not in _HOMES:
            self.add(section, entry, ("files",))
            return
        place = _place(entry.get("at"))
        sample = self._sample(entry.pop("biosample", None))
        element = self._element(entry, place)
        if element is None:
            self.add(section, entry, place)
            return
        name = _name_of(section, element)
        native = {_NAMES[section]: name} if name is not None else {}
        native |= foreign.native_fields(section, element)
        if sample is not None:
            native |= foreign.graded(sample)
        self.add(section, {**entry, **{key: value for key, value in native.items() if value is not None}}, place)

    def _sample(self, at: Any) -> Json | None:
        found = _AT.fullmatch(at) if isinstance(at, str) else None
        sample = inner(self.packet, found["name"], int(found["index"])) if found else None
        if found is not None and isinstance(sample, dict):
            self.taken.add((found["name"], int(found["index"])))
            return sample
        return None


def code_of(element: Json) -> Any:
    """The identifier of what an element is about."""
    for name in ("assay", "type", "term"):
        if isinstance(element.get(name), dict):
            return element[name].get("id")
    return code_of_action(element).get("id")


def _name_of(section: str, element: Json) -> str | None:
    """The term that the code of an element names, None where the code alone does not tell."""
    identifier = code_of(element)
    table = {"measurements": "analytes"}.get(section, section)
    own = own_name({"id": identifier}, table)
    if own is not None or not isinstance(identifier, str):
        return own
    prefix, _, code = identifier.partition(":")
    if prefix == "LOINC":
        return analyte_of_loinc(code)
    if prefix == "HP":
        return term_of("hpo", identifier)
    return term_of(prefix.casefold(), code)


def _place(at: Any) -> Place:
    found = _AT.fullmatch(at) if isinstance(at, str) else None
    return (found["name"], int(found["index"])) if found else ("files",)
