"""Scenarios: named changes to what was given and done, as YAML."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from insulinoma.data import resource
from insulinoma.errors import Fault, InputError, UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.record.io.yaml import refusal, repeated
from insulinoma.simulate.regimen import Order, Regimen, minutes, order

_KEYS = ("meaning", "remove", "give", "assume")
_END, _RECURRENCE = "to the end", "recurrence"


@dataclass(frozen=True)
class Scenario:
    """Changes to a regimen: orders taken away, orders given, and what is assumed of the patient.

    Times of `give` are days of the record. Of orders at `recurrence` the day is that on which
    hypoglycemia came back under what was done, in each patient.
    """

    name: str
    meaning: str
    remove: tuple[str, ...] = ()
    give: tuple[Order, ...] = ()
    at_recurrence: tuple[Order, ...] = ()
    assume: Mapping[str, float] | None = None

    def regimen(self, done: Regimen, *, warm_up: int, end: float) -> Regimen:
        """What would have been given, on the clock of a simulation that starts `warm_up` days before day 0.

        UsageError where the regimen has nothing of what is to be taken away.
        """
        kept = [item for item in done.orders if not any(_is(item, name) for name in self.remove)]
        if self.remove and len(kept) == len(done.orders):
            raise UsageError(
                f"The scenario {self.name!r} takes away {' or '.join(self.remove)}, which was not given. "
                f"Expected one of {', '.join(sorted({item.what for item in done.orders}))}."
            )
        shift = 1440.0 * warm_up
        moved = [replace(item, start=item.start + shift, stop=_later(item.stop, shift)) for item in self.give]
        given = [_until(item, end, warm_up) for item in moved]
        return Regimen((*kept, *given))

    def with_recurrence(self, regimen: Regimen, day: float | None, *, warm_up: int) -> Regimen:
        """The regimen with the orders at recurrence on a record day; as it is where there was none."""
        if day is None:
            return regimen
        start = 1440.0 * (day + warm_up) + 600.0
        return regimen + Regimen(tuple(replace(item, start=start) for item in self.at_recurrence))

    def assumed(self, model: Model) -> dict[str, float]:
        """What is assumed of the patient, as parameters; UsageError for an unknown one."""
        found = dict(self.assume or {})
        for name in found:
            if name not in model.parameters:
                hint = did_you_mean(name, model.parameters)
                raise UsageError(
                    f"The scenario {self.name!r} assumes {name!r}, no parameter of the twin. {hint}".strip()
                )
        return found


def _is(item: Order, name: str) -> bool:
    return name in (item.what, item.what.partition(".")[2], item.fact)


def _is_flat(node: yaml.Node) -> bool:
    """Whether a node is a mapping of words to words."""
    return isinstance(node, yaml.MappingNode) and all(
        isinstance(part, yaml.ScalarNode) for pair in node.value for part in pair
    )


def _number(node: yaml.Node) -> float | None:
    """The number of a node, None where it is none."""
    try:
        found = float(node.value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _later(moment: float | None, shift: float) -> float | None:
    return None if moment is None else moment + shift


def _until(item: Order, end: float, warm_up: int) -> Order:
    """An order given to the end is repeated as often as the record is long."""
    if item.times > 0:
        return item
    return replace(item, times=max(1, 1 + int((1440.0 * (end + warm_up) - item.start - 1) // item.every)))


@cache
def named_scenarios() -> dict[str, Scenario]:
    """The shipped scenarios by name.

    >>> len(named_scenarios())
    13
    """
    files = (entry for entry in resource("scenarios").iterdir() if entry.name.endswith(".yaml"))
    names = sorted(entry.name.removesuffix(".yaml") for entry in files)
    texts = {name: resource("scenarios", f"{name}.yaml").read_text(encoding="utf-8") for name in names}
    return {name: parse_scenario(name, text, f"{name}.yaml") for name, text in texts.items()}


def scenario(name: str) -> Scenario:
    """The scenario of a file, or the shipped one of a name; UsageError with the nearest names."""
    if name in named_scenarios():
        return named_scenarios()[name]
    path = Path(name)
    if path.is_file():
        return parse_scenario(path.stem, path.read_text(encoding="utf-8"), path.name)
    hint = did_you_mean(name, named_scenarios())
    known = ", ".join(named_scenarios())
    raise UsageError(
        f"{name!r} is neither a file nor a scenario. Expected a YAML file or one of {known}. {hint}".strip()
    )


def parse_scenario(name: str, text: str, file: str) -> Scenario:
    """The scenario of a YAML text; InputError with every fault by line."""
    root = _composed(text, file)
    reader = _Reader(file)
    parts = {key.value: (key.start_mark.line + 1, node) for key, node in root.value}
    for key, (line, _) in parts.items():
        if key not in _KEYS:
            reader.fault(line, key, f"{key!r} is not a part of a scenario", ", ".join(_KEYS), did_you_mean(key, _KEYS))
    found = Scenario(
        name,
        reader.text(parts, "meaning"),
        reader.names(parts),
        *reader.orders(parts),
        reader.numbers(parts),
    )
    if not reader.faults and not (found.remove or found.give or found.at_recurrence or found.assume):
        reader.fault(1, "", "the scenario changes nothing", "remove, give or assume")
    if reader.faults:
        raise InputError(reader.faults)
    return found


def _composed(text: str, file: str) -> yaml.MappingNode:
    """The mapping of a text whose keys are words; InputError where there is none."""
    refused = refusal(text)
    if refused is not None:
        line, kind, problem, expected = refused
        raise InputError([Fault(file, line, "", kind, problem, expected)])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise InputError([Fault(file, line, "", "yaml", "the file is not YAML", "a mapping of changes")]) from error
    if not isinstance(root, yaml.MappingNode):
        expected = f"a mapping with {', '.join(_KEYS)}"
        raise InputError([Fault(file, 1, "", "shape", "the file holds no changes", expected)])
    if repeated(root):
        raise InputError([Fault(file, 1, "", "alias", "a part is repeated by an alias", "each part written out")])
    odd = [key for key, _ in root.value if not isinstance(key, yaml.ScalarNode)]
    if odd:
        line = odd[0].start_mark.line + 1
        raise InputError([Fault(file, line, "", "shape", "a list or mapping stands as a name", "a name")])
    return root


_Parts = Mapping[str, tuple[int, Any]]


class _Reader:
    """The parts of a scenario from YAML nodes; faults are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, line: int, path: str, problem: str, expected: str, remedy: str = "") -> None:
        self.faults.append(Fault(self.file, line, path, "scenario", problem, expected, remedy))

    def text(self, parts: _Parts, key: str) -> str:
        if key not in parts:
            self.fault(0, key, f"there is no {key!r}", "a sentence that says what is changed")
            return ""
        line, node = parts[key]
        if not isinstance(node, yaml.ScalarNode):
            self.fault(line, key, "it is not a text", "a sentence that says what is changed")
            return ""
        return str(node.value)

    def names(self, parts: _Parts) -> tuple[str, ...]:
        line, node = parts.get("remove", (0, None))
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(item, yaml.ScalarNode) for item in node.value):
            self.fault(line, "remove", "it is not a list of names", "a list such as [embolize]")
            return ()
        return tuple(str(item.value) for item in node.value)

    def orders(self, parts: _Parts) -> tuple[tuple[Order, ...], tuple[Order, ...]]:
        line, node = parts.get("give", (0, None))
        if node is None:
            return (), ()
        if not isinstance(node, yaml.SequenceNode):
            self.fault(line, "give", "it is not a list of orders", "a list of mappings with give, amount and at")
            return (), ()
        dated: list[Order] = []
        later: list[Order] = []
        for item in node.value:
            place = item.start_mark.line + 1
            if not _is_flat(item):
                self.fault(place, "give", "an order is not a mapping of words", "'give:', 'amount:', 'at:'")
                continue
            entry = {key.value: str(value.value) for key, value in item.value}
            try:
                (later if entry.get("at") == _RECURRENCE else dated).append(self._order(entry, place))
            except (UsageError, ValueError) as error:
                self.fault(place, entry.get("give", "give"), str(error).rstrip("."), "")
        return tuple(dated), tuple(later)

    def _order(self, entry: dict[str, str], line: int) -> Order:
        endless = entry.get("times") == _END
        if entry.get("at") == _RECURRENCE:
            entry = {**entry, "at": "0 min"}
        if endless:
            entry = {**entry, "times": "2"}
            if minutes(entry.get("every", "")) <= 0:
                raise UsageError("The order is repeated without a pause. Expected 'every', such as '8 h'.")
        found = order(entry, place=(self.file, line))
        return replace(found, times=0) if endless else found

    def numbers(self, parts: _Parts) -> dict[str, float]:
        line, node = parts.get("assume", (0, None))
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(line, "assume", "it is not a mapping", "parameters with their values")
            return {}
        found = {}
        for key, value in node.value:
            number = _number(value)
            if number is None:
                self.fault(key.start_mark.line + 1, str(key.value), "its value is not a number", "a number")
            else:
                found[str(key.value)] = number
        return found
