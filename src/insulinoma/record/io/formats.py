"""The formats of a record by name: recognized by content, read into a tree, written with their losses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from insulinoma.errors import Fault, InputError, UsageError
from insulinoma.record.io.csv import read_csv
from insulinoma.record.io.fhir.export import export_bundle
from insulinoma.record.io.fhir.reading import read_bundle
from insulinoma.record.io.fhir.unread import unread_in_bundle
from insulinoma.record.io.json_text import parse_json
from insulinoma.record.io.losses import Export
from insulinoma.record.io.phenopacket.export import export_phenopacket
from insulinoma.record.io.phenopacket.reading import read_phenopacket
from insulinoma.record.io.phenopacket.unread import unread_in_packet
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import LARGEST_FILE, NotRead, Tree, decode, read_bytes

FormatName = Literal["yaml", "csv", "fhir", "phenopacket"]
FORMATS: tuple[FormatName, ...] = ("yaml", "csv", "fhir", "phenopacket")
_EXPORTS: dict[str, Callable[[CaseRecord], Export]] = {"fhir": export_bundle, "phenopacket": export_phenopacket}
_PACKET_PARTS = ("metaData", "phenotypicFeatures", "phenopacketSchemaVersion")
LARGEST_JSON = 64 * 1024 * 1024
_YAML_ENDINGS = (".yaml", ".yml")


def read_path(path: Path, *, form: FormatName | None = None) -> Tree:
    """The tree of a file or folder in any form, recognized by its ending and content unless told.

    Raises InputError when it cannot be read at all.
    """
    if path.is_dir():
        if form not in (None, "csv"):
            raise UsageError(f"{path.name} is a folder. Expected a file for the format {form}.")
        return read_csv(path)
    if form == "csv":
        raise UsageError(f"{path.name} is a file. Expected the folder of tables that holds record.csv.")
    json_file = form in ("fhir", "phenopacket") or path.suffix.casefold() == ".json"
    text = decode(read_bytes(path, largest=LARGEST_JSON if json_file else LARGEST_FILE), path.name)
    if form == "yaml" or (form is None and path.suffix.casefold() in _YAML_ENDINGS):
        return parse_yaml(text, path.name)
    return read_text(text, path.name, form=form)


def read_text(text: str, file: str, *, form: FormatName | None = None) -> Tree:
    """The tree of a text: JSON by what it holds, YAML otherwise."""
    if form == "yaml" or (form is None and not text.lstrip().startswith("{")):
        return parse_yaml(text, file)
    tree = parse_json(text, file)
    if tree.data is None and tree.faults:
        return tree
    held = form or _held(tree.data)
    if held == "fhir" and isinstance(tree.data, dict) and isinstance(tree.data.get("resourceType"), str):
        return read_bundle(tree)
    if held == "phenopacket" and isinstance(tree.data, dict) and "resourceType" not in tree.data:
        return read_phenopacket(tree)
    if held == "yaml":
        return parse_yaml(text, file)
    problem = "the JSON is none of the formats that can be read" if held is None else f"the file is not {held}"
    expected = "a record, a FHIR R4 resource with 'resourceType', or a Phenopacket v2 with 'metaData'"
    raise InputError([Fault(file, 1, "", "format", problem, expected, "'--from' names the format.")])


def _held(data: Any) -> FormatName | None:
    if not isinstance(data, dict):
        return None
    if "resourceType" in data:
        return "fhir"
    if str(data.get("schema", "")).startswith("insulinoma-case"):
        return "yaml"
    return "phenopacket" if any(name in data for name in _PACKET_PARTS) else None


def not_read(tree: Tree, record: CaseRecord) -> list[NotRead]:
    """What of a foreign file did not reach the record; nothing for our own formats, which refuse it as a fault."""
    if tree.format == "fhir":
        return unread_in_bundle(tree, record)
    return unread_in_packet(tree, record) if tree.format == "phenopacket" else []


def export(record: CaseRecord, form: FormatName) -> Export:
    """A record as the data of a form, with what it loses; YAML and CSV lose nothing.

    >>> from insulinoma.record.load import load_case
    >>> export(load_case(), "yaml").losses
    ()
    """
    written = _EXPORTS.get(form)
    return written(record) if written is not None else Export(plain(record), ())


def as_text(exported: Export, form: FormatName) -> str:
    """The text of an export in a format of one file."""
    if form == "yaml":
        return write_yaml(exported.data)
    return json.dumps(exported.data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
