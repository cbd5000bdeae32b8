"""Tumor burden: what the sites of one tumor share, the tissue at one site, and the sum of the sites."""

from __future__ import annotations

import math

from insulinoma.model.functions import log
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, Subsystem, Values
from insulinoma.model.treatments.procedures import Tissue

SITES = ("primary", "right_lobe", "left_lobe", "other")


class Tumor(Subsystem):
    """One tumor: its size at the start by site, its growth, and how its tissue dies.

    The volumes are those of viable tissue. The room is what a site can still take in.
    """

    time_unit = "d"
    V_primary = Constant("mL", "primary at the start")
    V_right_lobe = Constant("mL", "metastases of the right lobe at the start")
    V_left_lobe = Constant("mL", "metastases of the left lobe at the start")
    room_right_lobe = Constant("mL", "room for growth in the right lobe")
    room_left_lobe = Constant("mL", "room for growth in the left lobe")

    d_primary = Parameter(
        1.5, "cm", "diameter of the primary", sd_log=0.45, ref="InsulinomaSize2016", note="median 1.5 cm"
    )
    V_liver = Parameter(
        0.0, "mL", "liver metastases", sd_log=0.41, note="unknown in the index case", status="assumption"
    )
    x_right = Parameter(0.65, "1", "share of the right lobe", cv=0.1, high=0.95, status="assumption")
    V_other = Parameter(0.0, "mL", "metastases elsewhere", sd_log=1.0, status="assumption")
    room_primary = Parameter(500.0, "mL", "room for growth in the pancreas", sd_log=0.5, status="assumption")
    room_liver = Parameter(2500.0, "mL", "room for growth in the liver", sd_log=0.3, low=500, status="assumption")
    room_other = Parameter(500.0, "mL", "room for growth elsewhere", sd_log=0.5, status="assumption")
    VDT = Parameter(
        401.0, "d", "volume doubling time at the start", sd_log=1.0, low=5, ref="GREPONET",
        note="TGR 5.4 %/month, SD 14.9",
    )  # fmt: skip
    tau_ischemia = Parameter(
        0.5, "d", "mean time to death without perfusion", sd_log=0.4, status="assumption", note="hours to a day"
    )
    tau_supply = Parameter(60.0, "d", "revascularization", sd_log=0.5, status="assumption")
    t_necrotic = Parameter(
        35.0, "d", "half-life of necrotic volume", sd_log=0.25, status="assumption", note="3 to 8 weeks, low confidence"
    )
    t_dying = Parameter(
        10.0, "d", "half-life of cells killed by a drug or by radiation", sd_log=0.5, ref="Simeoni2004",
        status="assumption",
        note="structure of the paper; chemotherapy needs more than 2 to 3 weeks to shrink a tumor [Muro2014]",
    )  # fmt: skip

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {}

    def basal(self, p: Values, u: Values) -> Equations:
        return {
            "V_primary": math.pi / 6 * p.d_primary**3,
            "V_right_lobe": p.x_right * p.V_liver,
            "V_left_lobe": (1 - p.x_right) * p.V_liver,
            "room_right_lobe": p.x_right * p.room_liver,
            "room_left_lobe": (1 - p.x_right) * p.room_liver,
        }


class TumorSite(Tissue):
    """Tumor at one site: Gompertz growth of viable tissue [Mehrara2013], and its four ways to disappear.

    Tissue without perfusion becomes necrotic, tissue hit by a drug or by radiation dies [Simeoni2004],
    both are cleared slowly, and procedures change the volumes at once. The artery that was occluded
    recovers, and until then what survived grows more slowly.
    """

    V_start = Input("mL", "viable volume at the start")
    room = Input("mL", "room for growth")
    VDT = Input("d", "volume doubling time at the start")
    tau_ischemia = Input("d", "mean time to death without perfusion")
    tau_supply = Input("d", "revascularization")
    t_necrotic = Input("d", "half-life of necrotic volume")
    t_dying = Input("d", "half-life of cells killed by a drug or by radiation")
    kill = Input("1/d", "death by drugs and radiation", default=0.0)
    f_growth = Input("1", "factor of drugs on growth", default=1.0)

    V_max = Constant("mL", "viable volume at which growth ends")
    g = Constant("1/d", "Gompertz growth")

    CT_volume = Output("mL", "volume seen on CT, viable or not")
    CT_diameter = Output("cm", "diameter of a sphere of that volume")
    viable_diameter = Output("cm", "diameter of a sphere of the perfused volume")
    necrosis = Output("mL/d", "viable tissue that dies")
    growth = Output("mL/d", "viable tissue that grows")
    clearance = Output("mL/d", "dead tissue that is cleared")

    v_c = Parameter(1e-6, "mL", "volume of a clump of cells, below which growth is exponential", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        growth = u.f_growth * y.r * p.g * y.V * log(p.V_max / (y.V + p.v_c))
        starved = y.W / u.tau_ischemia
        rescued = y.W / u.tau_supply
        cleared_D = math.log(2) / u.t_dying * y.D
        cleared_N = math.log(2) / u.t_necrotic * y.N
        CT = y.V + y.W + y.D + y.N
        return {
            "V": growth + rescued - u.kill * y.V,
            "W": -starved - rescued - u.kill * y.W,
            "D": u.kill * (y.V + y.W) - cleared_D,
            "N": starved - cleared_N,
            "r": (1 - y.r) / u.tau_supply,
            "CT_volume": CT,
            "CT_diameter": (6 / math.pi * (CT + p.v_c)) ** (1 / 3),
            "viable_diameter": (6 / math.pi * (y.V + p.v_c)) ** (1 / 3),
            "necrosis": starved + u.kill * (y.V + y.W),
            "growth": growth,
            "clearance": cleared_D + cleared_N,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        V_max = u.V_start + u.room
        return {"V": u.V_start, "V_max": V_max, "g": math.log(2) / (u.VDT * log(V_max / (u.V_start + p.v_c)))}


class TumorBurden(Subsystem):
    """All sites together; a site that a model leaves out counts as empty."""

    time_unit = "d"
    viable_primary = Input("mL", "viable primary", default=0.0)
    viable_right_lobe = Input("mL", "viable metastases of the right lobe", default=0.0)
    viable_left_lobe = Input("mL", "viable metastases of the left lobe", default=0.0)
    viable_other = Input("mL", "viable metastases elsewhere", default=0.0)
    CT_primary = Input("mL", "primary on CT", default=0.0)
    CT_right_lobe = Input("mL", "metastases of the right lobe on CT", default=0.0)
    CT_left_lobe = Input("mL", "metastases of the left lobe on CT", default=0.0)
    CT_other = Input("mL", "metastases elsewhere on CT", default=0.0)
    necrosis_primary = Input("mL/d", "tissue of the primary that dies", default=0.0)
    necrosis_right_lobe = Input("mL/d", "tissue of the right lobe that dies", default=0.0)
    necrosis_left_lobe = Input("mL/d", "tissue of the left lobe that dies", default=0.0)
    necrosis_other = Input("mL/d", "tissue elsewhere that dies", default=0.0)

    V_tumor = Output("mL", "viable tumor")
    CT_tumor = Output("mL", "tumor on CT")
    CT_liver = Output("mL", "liver metastases on CT")
    necrosis_tumor = Output("mL/d", "tumor that dies")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        CT_liver = u.CT_right_lobe + u.CT_left_lobe
        return {
            "V_tumor": u.viable_primary + u.viable_right_lobe + u.viable_left_lobe + u.viable_other,
            "CT_tumor": u.CT_primary + CT_liver + u.CT_other,
            "CT_liver": CT_liver,
            "necrosis_tumor": u.necrosis_primary + u.necrosis_right_lobe + u.necrosis_left_lobe + u.necrosis_other,
        }
