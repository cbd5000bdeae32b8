"""Named sets of parameter values, one table a set under `data/parameters`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from insulinoma.data import read_table, read_text, resource
from insulinoma.errors import Fault, InputError, UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Parameter
from insulinoma.model.units import ratio


@cache
def parameter_sets() -> dict[str, str]:
    """All shipped sets by name, with what each is: the first line of its table."""
    tables = sorted(item.name for item in resource("parameters").iterdir() if item.name.endswith(".csv"))
    return {name.removesuffix(".csv"): read_text("parameters", name).splitlines()[0].lstrip("# ") for name in tables}


def by_hand(name: str, model: Model) -> dict[str, Parameter]:
    """The parameters that were set by hand for a subject, each with the reason as its note; most subjects have none.

    >>> from insulinoma.model.patient import patient
    >>> by_hand("healthy-man", patient())
    {}
    """
    table = resource("by_hand", f"{name}.csv")
    return _read(f"{name}.csv", read_table("by_hand", f"{name}.csv"), model) if table.is_file() else {}


def parameter_set(name: str, model: Model) -> dict[str, Parameter]:
    """The parameters of a set by qualified name, in the units of the model, with spread and source.

    A row replaces the value; where it gives a spread (`sd_log`, bounds, `share`) it replaces that too.

    UsageError for an unknown set; InputError with every unknown name and every wrong unit in it.
    """
    if name not in parameter_sets():
        raise UsageError(f"{name!r} is not a parameter set. {did_you_mean(name, parameter_sets())}".strip())
    return _read(f"{name}.csv", read_table("parameters", f"{name}.csv"), model)


def _read(file: str, rows: list[dict[str, str]], model: Model) -> dict[str, Parameter]:
    found, faults = {}, []
    for row in rows:
        declared = model.parameters.get(row["parameter"])
        factor = ratio(row["unit"], declared.unit) if declared else math.nan
        if declared is None:
            expected, hint = f"a parameter of {model.name}", did_you_mean(row["parameter"], model.parameters)
            faults.append(Fault(file, 0, row["parameter"], "unknown", "no such parameter", expected, hint))
        elif factor is None:
            problem = f"{row['unit']!r} is another dimension"
            faults.append(Fault(file, 0, row["parameter"], "unit", problem, declared.unit))
        else:
            found[row["parameter"]] = _parameter(row, declared, factor)
    if faults:
        raise InputError(faults)
    return found


def _parameter(row: Mapping[str, str], declared: Parameter, factor: float) -> Parameter:
    sized = {key: float(row[key]) * factor for key in ("value", "low", "high") if row.get(key)}
    spread = {key: float(row[key]) for key in ("sd_log", "share") if row.get(key)}
    texts = {key: row[key] for key in ("status", "ref", "note") if row.get(key)}
    cv = None if "sd_log" in spread else declared.cv
    return replace(declared, **{"cv": cv, **sized, **spread, **texts})  # type: ignore[arg-type]
