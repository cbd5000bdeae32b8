"""From the tree of a file to a record: every fault of form and of meaning at once."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from insulinoma.errors import Fault, InputError, did_you_mean
from insulinoma.record.checks import problems
from insulinoma.record.draft import Draft
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
    kind, problem, expected, remedy = _sentences(detail, model)
    return tree.fault(path, kind, problem, expected, remedy)


def _sentences(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str, str, str]:
    """Kind, problem, expectation and remedy of one pydantic error in words for people."""
    given, context = detail["input"], detail.get("ctx", {})
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "missing":
            return "missing field", f"the field {name!r} is missing", f"a value for {name!r}", ""
        case "extra_forbidden":
            fields = [info.alias or field for field, info in model.model_fields.items()]
            return (
                "unknown field",
                f"{name!r} is not a field here",
                f"one of {', '.join(fields)}",
                did_you_mean(name, fields),
            )
        case "literal_error":
            choices = str(context["expected"]).replace("' or '", "', '")
            return (
                "choice",
                f"{given!r} is not allowed",
                choices,
                did_you_mean(str(given), [part.strip(" '") for part in choices.split(",")]),
            )
        case "float_type" | "int_type" | "float_parsing" | "int_from_float":
            return "number", f"{given!r} is not a number", "a number such as 5.4", _number_remedy(given)
        case "bool_type" | "bool_parsing":
            return "yes or no", f"{given!r} is neither true nor false", "true or false", ""
        case "string_pattern_mismatch" | "string_type" | "string_too_short":
            return (
                "text",
                f"{given!r} is not a valid {name}",
                _text_expected(name, str(context.get("pattern", ""))),
                "",
            )
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            return "range", f"{given!r} is out of range", detail["msg"].removeprefix("Input should be "), ""
        case "too_short" | "too_long":
            return (
                "length",
                f"{name} has the wrong number of items",
                detail["msg"].split("should have ")[-1],
                "",
            )
        case "model_type" | "dict_type" | "tuple_type" | "model_attributes_type":
            return "type", f"{str(given)[:40]!r} is not what belongs here", _type_expected(detail["type"]), ""
        case kind:
            return (
                kind.replace("_", " "),
                detail["msg"],
                str(context.get("expected", "")),
                str(context.get("remedy", "")),
            )


def _number_remedy(given: Any) -> str:
    if isinstance(given, str) and given.replace(",", "", 1).replace(".", "").isdigit():
        return f"Write the decimal point, as in {given.replace(',', '.')}."
    return "Numbers stand without quotes, their unit in the field 'unit'." if isinstance(given, str) else ""


def _text_expected(name: str, pattern: str) -> str:
    if "0-9a-f" in pattern:
        return "64 hexadecimal digits, as sha256sum prints them"
    if pattern:
        return "small letters, digits and hyphens"
    return f"a text for {name!r}"


def _type_expected(kind: str) -> str:
    return "a list" if kind == "tuple_type" else "fields with values ('name: value')"
