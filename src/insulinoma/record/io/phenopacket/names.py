"""Identifiers of a packet: CURIEs of public vocabularies, and our own where there is none."""

from __future__ import annotations

from typing import Any

from insulinoma.record.io.codes import Code

Json = dict[str, Any]
OWN = "insulinoma"
SIDECAR = "insulinoma-sidecar/1"
INTENDED_USE_ID = f"{OWN}:intended-use"
SYNTHETIC_ID = f"{OWN}:synthetic-time"
ECO = {"id": "ECO:0000033", "label": "author statement supported by traceable reference"}
PREFIXES = {"loinc": "LOINC", "icd10": "ICD10", "atc": "ATC", "ucum": "UCUM"}
_RESOURCES = {
    "HP": ("Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl", "2025-01-16", "http://purl.obolibrary.org/obo/HP_"),
    "LOINC": ("Logical Observation Identifiers Names and Codes", "https://loinc.org", "not recorded", "https://loinc.org/"),
    "ICD10": ("ICD-10", "https://icd.who.int/browse10", "not recorded", "https://icd.who.int/browse10/"),
    "ATC": ("Anatomical Therapeutic Chemical classification", "https://atcddd.fhi.no", "not recorded", "http://www.whocc.no/atc/"),
    "UCUM": ("Unified Code for Units of Measure", "https://ucum.org", "not recorded", "http://unitsofmeasure.org/"),
    "ECO": ("Evidence and Conclusion Ontology", "http://purl.obolibrary.org/obo/eco.owl", "not recorded", "http://purl.obolibrary.org/obo/ECO_"),
    "NCBITaxon": ("NCBI organismal classification", "http://purl.obolibrary.org/obo/ncbitaxon.owl", "not recorded", "http://purl.obolibrary.org/obo/NCBITaxon_"),
    OWN: ("Vocabulary of insulinoma", "https://insulinoma.example/vocabulary", "0.1.0", "https://insulinoma.example/vocabulary/"),
}  # fmt: skip


def resource(prefix: str) -> Json:
    """The Resource of the metadata that a prefix stands for."""
    name, url, version, iri = _RESOURCES[prefix]
    return {
        "id": prefix.casefold(), "name": name, "url": url, "version": version,
        "namespacePrefix": prefix, "iriPrefix": iri,
    }  # fmt: skip


def own_class(table: str, name: str, label: str = "") -> Json:
    """An OntologyClass of our own vocabulary: the table and the name in it."""
    return {"id": f"{OWN}:{table}.{name.replace(' ', '-')}", "label": label or name}


def public_class(code: Code | None, table: str, name: str, label: str) -> Json:
    """An OntologyClass of a public vocabulary, our own where it has no code."""
    if code is None:
        return own_class(table, name, label)
    identifier = code.code if code.system == "hpo" else f"{PREFIXES[code.system]}:{code.code}"
    return {"id": identifier, "label": code.display}


def own_name(part: Any, table: str) -> str | None:
    """The name that one of our own classes of a table stands for, None when it is none."""
    identifier = part.get("id") if isinstance(part, dict) else None
    start = f"{OWN}:{table}."
    return identifier[len(start) :] if isinstance(identifier, str) and identifier.startswith(start) else None


def prefixes_in(value: Any) -> set[str]:
    """The prefixes of all CURIEs in a part of a packet."""
    if isinstance(value, dict):
        inside = {prefix for item in value.values() for prefix in prefixes_in(item)}
        identifier = value.get("id")
        own = {identifier.split(":")[0]} if isinstance(identifier, str) and "label" in value else set()
        return inside | own
    if isinstance(value, list):
        return {prefix for item in value for prefix in prefixes_in(item)}
    return set()
