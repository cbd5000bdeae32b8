"""Errors of form in words for people: what is wrong, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from insulinoma.errors import did_you_mean


class Told(NamedTuple):
    """One error in the parts of a fault."""

    kind: str
    problem: str
    expected: str
    remedy: str = ""


def sentences(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    """The words for one error that pydantic found in the data of a model."""
    return _WORDS.get(detail["type"], _own_error)(detail, model)


def _field(detail: ErrorDetails) -> str:
    return str(detail["loc"][-1]) if detail["loc"] else ""


def _missing(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    name = _field(detail)
    return Told("missing field", f"the field {name!r} is missing", f"a value for {name!r}")


def _unknown_field(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    name, fields = _field(detail), _fields_at(model, detail["loc"][:-1])
    problem = f"{name!r} is not a field here"
    return Told("unknown field", problem, f"one of {', '.join(fields)}", did_you_mean(name, fields))


def _choice(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    choices = str(detail["ctx"]["expected"]).replace("' or '", "', '")
    near = did_you_mean(str(detail["input"]), [part.strip(" '") for part in choices.split(",")])
    return Told("choice", f"{detail['input']!r} is not allowed", choices, near)


def _number(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    given, remedy = detail["input"], ""
    if isinstance(given, str) and given.replace(",", "", 1).replace(".", "").isdigit():
        remedy = f"Write the decimal point, as in {given.replace(',', '.')}."
    elif isinstance(given, str):
        remedy = "Numbers stand without quotes, their unit in the field 'unit'."
    return Told("number", f"{given!r} is not a number", "a number such as 5.4", remedy)


def _yes_or_no(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    return Told("yes or no", f"{detail['input']!r} is neither true nor false", "true or false")


def _text(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    name, pattern = _field(detail), str(detail.get("ctx", {}).get("pattern", ""))
    expected = f"a text for {name!r}"
    if "0-9a-f" in pattern:
        expected = "64 hexadecimal digits, as sha256sum prints them"
    elif pattern:
        expected = "small letters, digits and hyphens"
    return Told("text", f"{detail['input']!r} is not a valid {name}", expected)


def _range(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    return Told("range", f"{detail['input']!r} is out of range", detail["msg"].removeprefix("Input should be "))


def _length(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    return Told("length", f"{_field(detail)} has the wrong number of items", detail["msg"].split("should have ")[-1])


def _type(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    expected = "a list" if detail["type"] == "tuple_type" else "fields with values ('name: value')"
    return Told("type", f"{str(detail['input'])[:40]!r} is not what belongs here", expected)


def _own_error(detail: ErrorDetails, model: type[BaseModel]) -> Told:
    """An error that a field of ours raised: it brings its own words."""
    context = detail.get("ctx", {})
    kind = detail["type"].replace("_", " ")
    return Told(kind, detail["msg"], str(context.get("expected", "")), str(context.get("remedy", "")))


def _fields_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The names of the fields of the model that lies at a path inside another."""
    for part in path:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        inner = _model_in(field.annotation) if field is not None else None
        model = inner or model
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


_WORDS: dict[str, Callable[[ErrorDetails, type[BaseModel]], Told]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
    "literal_error": _choice,
    **dict.fromkeys(("float_type", "int_type", "float_parsing", "int_from_float"), _number),
    **dict.fromkeys(("bool_type", "bool_parsing"), _yes_or_no),
    **dict.fromkeys(("string_pattern_mismatch", "string_type", "string_too_short"), _text),
    **dict.fromkeys(("greater_than_equal", "less_than_equal", "greater_than", "less_than"), _range),
    **dict.fromkeys(("too_short", "too_long"), _length),
    **dict.fromkeys(("model_type", "dict_type", "tuple_type", "model_attributes_type"), _type),
}
