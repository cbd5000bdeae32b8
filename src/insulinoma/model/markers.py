"""Serum markers: each follows the viable tumor with its own half-life, and jumps when tissue dies."""

from __future__ import annotations

import math

from insulinoma.model.subsystem import Constant, Equations, Input, Parameter, State, Subsystem, Values

_CHOLESTASIS = "rises with cholestasis too; the background holds that"
_HALF_LIMIT = "half of the upper limit"
_CASE = "value of the index case by an assumed 100 to 500 mL"


class Marker(Subsystem):
    """A marker with a background; its level at rest is background + slope * viable volume.

    A marker declares its state `M` and the parameters `background`, `slope`, `t_half` and `t_content`.
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


class NeuronSpecificEnolase(Marker):
    """Neuron-specific enolase; its apparent half-life of 14 days under chemotherapy is that of the tumor."""

    M = State("ng/mL", "neuron-specific enolase", analyte="nse")
    background = Parameter(8.0, "ng/mL", "level without tumor", sd_log=0.3, status="assumption", note=_HALF_LIMIT)
    slope = Parameter(
        0.72, "ng/mL/mL", "rise by viable volume", sd_log=1.0, ref="Muro2014", status="derived", note=_CASE
    )
    t_half = Parameter(
        1.1, "d", "half-life", sd_log=0.3, ref="GeneralKnowledge", status="assumption", note="24 to 30 h"
    )
    t_content = Parameter(1.0, "d", "time of production that fills the store", sd_log=1.0, status="assumption")


class CA199(Marker):
    """CA19-9."""

    M = State("U/mL", "CA19-9", analyte="ca19_9")
    background = Parameter(18.0, "U/mL", "level without tumor", sd_log=0.6, status="assumption", note=_CHOLESTASIS)
    slope = Parameter(
        0.16, "U/mL/mL", "rise by viable volume", sd_log=1.5, ref="Muro2014", status="derived", note=_CASE
    )
    t_half = Parameter(
        2.0, "d", "half-life", sd_log=0.8, status="assumption", note="0.5 to 1 d reported, 4 to 8 d in the clinic"
    )
    t_content = Parameter(1.0, "d", "time of production that fills the store", sd_log=1.0, status="assumption")


class DUPAN2(Marker):
    """DUPAN-2."""

    M = State("U/mL", "DUPAN-2", analyte="dupan_2")
    background = Parameter(75.0, "U/mL", "level without tumor", sd_log=0.6, status="assumption", note=_CHOLESTASIS)
    slope = Parameter(
        0.71, "U/mL/mL", "rise by viable volume", sd_log=1.5, ref="Muro2014", status="derived", note=_CASE
    )
    t_half = Parameter(2.6, "d", "half-life", sd_log=0.5, status="assumption", note="no data found; 1 to 7 d")
    t_content = Parameter(1.0, "d", "time of production that fills the store", sd_log=1.0, status="assumption")


class SPan1(Marker):
    """SPan-1."""

    M = State("U/mL", "SPan-1", analyte="span_1")
    background = Parameter(15.0, "U/mL", "level without tumor", sd_log=0.6, status="assumption", note=_CHOLESTASIS)
    slope = Parameter(
        0.094, "U/mL/mL", "rise by viable volume", sd_log=1.5, ref="Muro2014", status="derived", note=_CASE
    )
    t_half = Parameter(2.6, "d", "half-life", sd_log=0.5, status="assumption", note="no data found; 1 to 7 d")
    t_content = Parameter(1.0, "d", "time of production that fills the store", sd_log=1.0, status="assumption")


class ChromograninA(Marker):
    """Chromogranin A, which tells burden in 54 to 68 % of patients; not measured in the index case."""

    M = State("ng/mL", "chromogranin A", analyte="chromogranin_a")
    background = Parameter(50.0, "ng/mL", "level without tumor", sd_log=0.7, status="assumption", note="no data found")
    slope = Parameter(1.0, "ng/mL/mL", "rise by viable volume", sd_log=1.5, status="assumption", note="no data found")
    t_half = Parameter(0.25, "d", "half-life", sd_log=0.7, status="assumption", note="hours, not known better")
    t_content = Parameter(1.0, "d", "time of production that fills the store", sd_log=1.0, status="assumption")


MARKERS: dict[str, type[Marker]] = {
    "nse": NeuronSpecificEnolase,
    "ca19_9": CA199,
    "dupan_2": DUPAN2,
    "span_1": SPan1,
    "chromogranin_a": ChromograninA,
}
