"""Parameter sets: tables that replace typical values of a model for a kind of patient or from another paper."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from insulinoma.data import read_table, resource
from insulinoma.errors import Fault, InputError, UnknownNameError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Parameter

_NUMBERS = ("sd_log", "low", "high", "share")


def parameter_sets() -> list[str]:
    """The names of all sets.

    >>> "index-case-tumor" in parameter_sets()
    True
    """
    tables = (item.name for item in resource("parameters").iterdir())
    return sorted(name.removesuffix(".csv") for name in tables if name.endswith(".csv"))


@cache
def parameter_set(name: str) -> dict[str, Parameter]:
    """The parameters of a set by qualified name; UnknownNameError for a name that no table has.

    >>> parameter_set("index-case-tumor")["tumor.d_primary"].value
    2.7
    """
    if name not in parameter_sets():
        expected = ", ".join(parameter_sets())
        problem = f"{name!r} is not a parameter set"
        raise UnknownNameError(problem, f"one of {expected}", did_you_mean(name, parameter_sets()))
    return {row["name"]: _parameter(row) for row in read_table("parameters", f"{name}.csv")}


def with_set(model: Model, name: str) -> dict[str, Parameter]:
    """All parameters of a model with those of a set in their place, as far as the model has the part.

    InputError with every entry that is unknown in its part or has another unit.
    """
    chosen = parameter_set(name)
    parts = {qualified.partition(".")[0] for qualified in model.parameters}
    used = {key: item for key, item in chosen.items() if key.partition(".")[0] in parts}
    if faults := list(_faults(model, name, used)):
        raise InputError(faults)
    return {key: _merged(item, used[key]) if key in used else item for key, item in model.parameters.items()}


def _parameter(row: Mapping[str, str]) -> Parameter:
    numbers = {key: float(row[key]) for key in _NUMBERS if row[key]}
    found = Parameter(float(row["value"]), row["unit"], "", ref=row["ref"], note=row["note"])
    return replace(found, status=row["status"], **numbers)  # type: ignore[arg-type]


def _merged(declared: Parameter, chosen: Parameter) -> Parameter:
    low = max(declared.low, chosen.low)
    high = chosen.high if math.isfinite(chosen.high) else declared.high
    share = declared.share if chosen.share is None else chosen.share
    return replace(chosen, meaning=declared.meaning, low=low, high=high, share=share)


def _faults(model: Model, name: str, used: Mapping[str, Parameter]) -> Iterator[Fault]:
    for key, item in used.items():
        if key not in model.parameters:
            problem = f"{key!r} is not a parameter of {model.name}"
            yield Fault(f"{name}.csv", 0, key, "unknown", problem, "a parameter", did_you_mean(key, model.parameters))
        elif item.unit != model.parameters[key].unit:
            problem = f"the unit is {item.unit}"
            yield Fault(f"{name}.csv", 0, key, "unit", problem, model.parameters[key].unit)
