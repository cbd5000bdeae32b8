"""Serum markers: each follows the viable tumor with its own half-life, and jumps when tissue dies.

The markers are rows of `data/markers.csv`. Chromogranin A tells burden in 54 to 68 % of patients; CA19-9,
DUPAN-2 and SPan-1 rise with cholestasis too.
"""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

from insulinoma.data import read_table
from insulinoma.model.subsystem import Constant, Equations, Input, Parameter, State, Subsystem, Values
from insulinoma.quantities import analyte

_MEANING = {
    "background": "level without tumor",
    "slope": "rise by viable volume",
    "t_half": "half-life",
    "t_content": "time of production that fills the store",
}


class Marker(Subsystem):
    """A marker with a background; its level at rest is background + slope * viable volume.

    Each of `MARKERS` adds its state `M` and the parameters of the table.
    """

    time_unit = "d"
    V_tumor = Input("mL", "viable tumor")
    necrosis_tumor = Input("mL/d", "tumor that dies")
    k = Constant("1/d", "elimination")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        produced = p.k * (p.background + p.slope * u.V_tumor)
        released = p.k * p.slope * p.t_content * u.necrosis_tumor
        return {"M": produced + released - p.k * y.M}

    def basal(self, p: Values, u: Values) -> Equations:
        return {"k": math.log(2) / p.t_half, "M": p.background + p.slope * u.V_tumor}


def _marker(name: str, rows: list[dict[str, str]]) -> type[Marker]:
    """The subsystem of one marker, under the name of its analyte."""
    parameters = {row["parameter"]: _parameter(row) for row in rows}
    label = analyte(name).label
    members: dict[str, Any] = {"__doc__": f"{label}.", "__module__": __name__}
    return type(
        name, (Marker,), members | {"M": State(parameters["background"].unit, label, analyte=name)} | parameters
    )


def _parameter(row: dict[str, str]) -> Parameter:
    texts: dict[str, Any] = {key: row[key] for key in ("ref", "status", "note")}
    return Parameter(float(row["value"]), row["unit"], _MEANING[row["parameter"]], sd_log=float(row["sd_log"]), **texts)


_TABLE = groupby(read_table("markers.csv"), key=lambda row: row["marker"])
MARKERS = {name: _marker(name, list(rows)) for name, rows in _TABLE}
