"""Reads population and trial files: the shipped ones by name, others by path; all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from insulinoma.data import resource
from insulinoma.errors import Fault, UsageError, did_you_mean
from insulinoma.record.io.yaml import parse_yaml, read_yaml
from insulinoma.record.messages import sentences
from insulinoma.record.tree import Tree

Part = TypeVar("Part", bound=BaseModel)


def shipped(kind: str) -> list[str]:
    """The names of the shipped files of a kind, `populations` or `trials`.

    >>> "null" in shipped("trials")
    True
    """
    return sorted(item.name.removesuffix(".yaml") for item in resource(kind).iterdir() if item.name.endswith(".yaml"))


def file_text(name: str, kind: str) -> str:
    """The text of a file by path, or of a shipped one by name; UsageError where there is neither."""
    if Path(name).is_file():
        return Path(name).read_text(encoding="utf-8")
    if name in shipped(kind):
        return resource(kind, f"{name}.yaml").read_text(encoding="utf-8")
    near = did_you_mean(name, shipped(kind))
    known = ", ".join(shipped(kind))
    raise UsageError(f"There is no file {name!r} and no shipped one of that name ({known}). {near}".strip())


def file_tree(name: str, kind: str) -> Tree:
    """The tree of a file by path, or of a shipped one by name."""
    return read_yaml(Path(name)) if Path(name).is_file() else parse_yaml(file_text(name, kind), f"{name}.yaml")


def read_part(tree: Tree, model: type[Part]) -> tuple[Part | None, list[Fault]]:
    """The content of a tree as a model, or None with every fault of form."""
    if tree.faults:
        return None, list(tree.faults)
    try:
        return model.model_validate(tree.data), []
    except ValidationError as error:
        faults = []
        for detail in error.errors(include_url=False):
            told = sentences(detail, model)
            place = tuple(detail["loc"]) if detail["type"] == "missing" else _known(tree, tuple(detail["loc"]))
            faults.append(tree.fault(place, told.kind, told.problem, told.expected, told.remedy))
        return None, faults


def mended(tree: Tree, model: type[Part], harmless: Mapping[str, Any]) -> Part | None:
    """The content of a tree with harmless values in the place of its faults of form, so that the rest can be checked.

    None where there is no harmless value for a field that is missing.
    """
    data = deepcopy(tree.data)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        places = [fault["loc"] for fault in error.errors(include_url=False)]
    for *path, last in places:
        part: Any = data
        for key in path:
            part = part[int(key)] if isinstance(part, list) else part.get(key)
        if isinstance(part, dict) and last in harmless:
            part[last] = harmless[str(last)]
        elif isinstance(part, dict):
            part.pop(last, None)
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _known(tree: Tree, place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The longest start of a place that the file has."""
    while place and place not in tree.lines:
        place = place[:-1]
    return place
