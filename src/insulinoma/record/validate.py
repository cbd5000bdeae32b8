"""From the tree of a file to a record: every fault of form and of meaning at once."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from insulinoma.errors import Fault, InputError
from insulinoma.record.checks import problems
from insulinoma.record.draft import Draft
from insulinoma.record.messages import sentences
from insulinoma.record.schema import SECTIONS, CaseRecord
from insulinoma.record.tree import Place, Tree

_ITEM_MODELS: dict[str, type[BaseModel]] = {
    section: CaseRecord.model_fields[section].annotation.__args__[0]  # type: ignore[union-attr]
    for section in SECTIONS
}


def build_record(tree: Tree) -> CaseRecord:
    """The record of a tree; InputError with every fault if it has any."""
    record, faults = validate(tree)
    if record is None or faults:
        raise InputError(faults)
    return record


def validate(tree: Tree) -> tuple[CaseRecord | None, list[Fault]]:
    """The record of a tree, or None when it has faults, and all its faults in the order of the lines.

    Items are read one by one, so that one faulty item does not hide the faults of the others.
    """
    faults = list(tree.faults)
    if not isinstance(tree.data, dict):
        if not faults:
            faults.append(
                tree.fault((), "type", "the file does not hold a record", "fields such as 'schema:' and 'patient:'")
            )
        return None, faults
    draft = Draft(tree)
    draft.head, head_faults = _read_head(tree)
    faults += head_faults
    for section, model in _ITEM_MODELS.items():
        faults += _read_section(section, model, tree, draft)
    faults += problems(draft)
    if faults:
        return None, sorted(set(faults))
    return draft.record(), []


def _read_head(tree: Tree) -> tuple[CaseRecord | None, list[Fault]]:
    """The record without its lists: what the file says of the patient, the documents and the clock."""
    head = {key: value for key, value in tree.data.items() if key not in SECTIONS}
    built, faults = _read(CaseRecord, head, (), tree)
    return built if isinstance(built, CaseRecord) else None, faults


def _read_section(section: str, model: type[BaseModel], tree: Tree, draft: Draft) -> list[Fault]:
    items = tree.data.get(section)
    if items is None:
        return []
    if not isinstance(items, list):
        return [tree.fault((section,), "type", f"{section} is not a list", "items that begin with '- '")]
    faults = []
    for index, item in enumerate(items):
        place: Place = (section, index)
        draft.note_name(item, place)
        built, found = _read(model, item, place, tree)
        faults += found
        if built is not None:
            draft.add(section, place, built)
    return faults


def _read(model: type[BaseModel], data: Any, place: Place, tree: Tree) -> tuple[BaseModel | None, list[Fault]]:
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = _without_echoes(error.errors(include_url=False))
        return None, [_fault(detail, model, data, place, tree) for detail in details]


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """One detail a place: a union of types reports each of its members."""
    kept: dict[Place, ErrorDetails] = {}
    for detail in details:
        kept.setdefault(_field_path(detail), detail)
    return list(kept.values())


def _field_path(detail: ErrorDetails) -> Place:
    """Where in the data an error is, without the names pydantic gives to members of a union."""
    return tuple(part for part in detail["loc"] if isinstance(part, int) or part.replace("_", "").isalnum())


def _fault(detail: ErrorDetails, model: type[BaseModel], data: Any, place: Place, tree: Tree) -> Fault:
    path = (*place, *_field_path(detail))
    while len(path) > len(place) + 1 and path not in tree.lines and detail["type"] != "missing":
        path = path[:-1]
    told = sentences(detail, model)
    return tree.fault(path, told.kind, told.problem, told.expected, told.remedy)
