"""Judges that nobody of the project wrote: official schemas and other people's libraries."""

from __future__ import annotations

import gzip
import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]


def bundle_errors(bundle: Json, external: Path) -> list[str]:
    """Errors of the official JSON schema, of fhir.resources (R4B), and of the addresses in a Bundle."""
    return [*_schema_errors(bundle, external), *_library_errors(bundle), *address_errors(bundle)]


def _schema_errors(bundle: Json, external: Path) -> list[str]:
    envelope = {**bundle, "entry": [{**entry, "resource": None} for entry in bundle["entry"]]}
    for entry in envelope["entry"]:
        del entry["resource"]
    found = []
    for resource in [envelope, *(entry["resource"] for entry in bundle["entry"])]:
        judge = _fhir_judge(resource["resourceType"], external)
        found += [
            f"{resource['resourceType']} {error.json_path}: {error.message[:200]}"
            for error in judge.iter_errors(resource)
        ]
    return found


@cache
def _fhir_schema(external: Path) -> Json:
    with gzip.open(external / "fhir" / "fhir.schema.json.gz", "rt", encoding="utf-8") as file:
        schema: Json = json.load(file)
    return schema


@cache
def _fhir_judge(kind: str, external: Path) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="the extra 'dev' holds jsonschema")
    schema = _fhir_schema(external)
    return jsonschema.Draft7Validator({"definitions": schema["definitions"], "$ref": f"#/definitions/{kind}"})


def _library_errors(bundle: Json) -> list[str]:
    from pydantic import ValidationError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = pytest.importorskip("fhir.resources.R4B.bundle", reason="the extra 'dev' holds fhir.resources")
        try:
            module.Bundle.model_validate(bundle)
        except ValidationError as error:
            return [str(detail)[:300] for detail in error.errors()]
    return []


def address_errors(bundle: Json) -> list[str]:
    """Addresses used twice and references that lead nowhere, which schema validators do not see."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    twice = [f"twice: {url}" for url in set(urls) if urls.count(url) > 1]
    return [*twice, *(f"nowhere: {reference}" for reference in _references(bundle) if reference not in urls)]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [found for item in value.values() for found in _references(item)]
    return [found for item in value for found in _references(item)] if isinstance(value, list) else []


def packet_errors(packet: Json, external: Path) -> list[str]:
    """Errors of the official JSON schema, and of parsing with the protobuf classes."""
    judge = _packet_judge(external / "phenopackets" / "schema")
    return [
        *(f"{error.json_path}: {error.message[:200]}" for error in judge.iter_errors(packet)),
        *_parse_errors(packet),
    ]


@cache
def _packet_judge(folder: Path) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="the extra 'dev' holds jsonschema")
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT201909

    base = "classpath:/org/phenopackets/phenopackettools/validator/jsonschema/"
    files = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    resources = [(base + name.replace("v2_", "v2/"), Resource(part, DRAFT201909)) for name, part in files.items()]
    registry: Any = Registry().with_resources(resources)
    return jsonschema.Draft201909Validator(files["v2_phenopacket-schema.json"], registry=registry)


def _parse_errors(packet: Json) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        phenopackets = pytest.importorskip("phenopackets", reason="the extra 'dev' holds phenopackets")
        from google.protobuf.json_format import Parse, ParseError

        try:
            Parse(json.dumps(packet), phenopackets.Phenopacket())
        except ParseError as error:
            return [str(error)]
    return []
