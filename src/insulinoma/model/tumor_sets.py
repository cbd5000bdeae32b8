"""Tumors by name: values and spreads of tumor and treatment parameters, one table a tumor under `data/tumors`."""

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


@cache
def tumor_sets() -> tuple[str, ...]:
    """The names of all tumors.

    >>> tumor_sets()
    ('benign-insulinoma', 'index-case', 'malignant-insulinoma')
    """
    names = (item.name for item in resource("tumors").iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in names if name.endswith(".csv")))


def tumor_set(name: str, model: Model) -> dict[str, Parameter]:
    """The parameters of a tumor by qualified name, with spread and source, for those parts that the model has.

    UnknownNameError for an unknown tumor; InputError with every entry that its part does not have or
    has in another unit.

    >>> from insulinoma.model.tumor_course import tumor_course
    >>> tumor_set("index-case", tumor_course())["tumor.d_primary"].value
    2.7
    """
    if name not in tumor_sets():
        problem = f"{name!r} is not a tumor"
        raise UnknownNameError(problem, f"one of {', '.join(tumor_sets())}", did_you_mean(name, tumor_sets()))
    rows = [row for row in read_table("tumors", f"{name}.csv") if row["parameter"].partition(".")[0] in model.parts]
    if faults := list(_faults(model, name, rows)):
        raise InputError(faults)
    return {row["parameter"]: _parameter(row, model.parameters[row["parameter"]]) for row in rows}


def _parameter(row: Mapping[str, str], declared: Parameter) -> Parameter:
    numbers = {key: float(row[key]) for key in _NUMBERS if row[key]}
    texts = {key: row[key] for key in ("status", "ref", "note")}
    return replace(declared, value=float(row["value"]), **{"cv": None, "sd_log": None, **numbers, **texts})  # type: ignore[arg-type]


def _faults(model: Model, name: str, rows: list[dict[str, str]]) -> Iterator[Fault]:
    for row in rows:
        key, unit = row["parameter"], row["unit"]
        if key not in model.parameters:
            problem = f"{key!r} is not a parameter of {model.name}"
            yield Fault(f"{name}.csv", 0, key, "unknown", problem, "a parameter", did_you_mean(key, model.parameters))
        elif unit != model.parameters[key].unit:
            yield Fault(f"{name}.csv", 0, key, "unit", f"the unit is {unit}", model.parameters[key].unit)
        elif math.isnan(float(row["value"])):
            yield Fault(f"{name}.csv", 0, key, "value", "there is no value", "a number")
