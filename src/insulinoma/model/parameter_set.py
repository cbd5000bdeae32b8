"""Named sets of parameter values, one table a set under `data/parameters`."""

from __future__ import annotations

import math
from functools import cache

from insulinoma.data import read_table, read_text, resource
from insulinoma.errors import Fault, InputError, UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.units import ratio


@cache
def parameter_sets() -> dict[str, str]:
    """All shipped sets by name, with what each is: the first line of its table."""
    tables = sorted(item.name for item in resource("parameters").iterdir() if item.name.endswith(".csv"))
    return {name.removesuffix(".csv"): read_text("parameters", name).splitlines()[0].lstrip("# ") for name in tables}


def parameter_set(name: str, model: Model) -> dict[str, float]:
    """The values of a set, by qualified name, in the units of the model.

    UsageError for an unknown set; InputError with every unknown name and every wrong unit in it.
    """
    if name not in parameter_sets():
        raise UsageError(f"{name!r} is not a parameter set. {did_you_mean(name, parameter_sets())}".strip())
    found, faults = {}, []
    for row in read_table("parameters", f"{name}.csv"):
        declared = model.parameters.get(row["parameter"])
        factor = ratio(row["unit"], declared.unit) if declared else math.nan
        if declared is None:
            expected, hint = f"a parameter of {model.name}", did_you_mean(row["parameter"], model.parameters)
            faults.append(Fault(f"{name}.csv", 0, row["parameter"], "unknown", "no such parameter", expected, hint))
        elif factor is None:
            problem = f"{row['unit']!r} is another dimension"
            faults.append(Fault(f"{name}.csv", 0, row["parameter"], "unit", problem, declared.unit))
        else:
            found[row["parameter"]] = float(row["value"]) * factor
    if faults:
        raise InputError(faults)
    return found
