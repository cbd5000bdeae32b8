"""Octreotide: restrains the tumor through SSTR2, and glucagon and growth hormone at lower levels."""

from __future__ import annotations

from typing import Any

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values, event


class Octreotide(Subsystem):
    """Two compartments; injection under the skin, into a vein, continuous, or as long-acting depot.

    Where the tumor has no SSTR2, the loss of glucagon remains and the drug harms [Nakamura2016].
    Evidence: 14 of 21 respond [Vezzosi2008], 14 of 17 in the test [ECE2008P274].
    """

    A_sc = State("ug", "octreotide under the skin", initial=0.0)
    A_lar = State("ug", "octreotide in the long-acting depot", initial=0.0)
    A_1 = State("ug", "octreotide in plasma", initial=0.0)
    A_2 = State("ug", "octreotide in tissue", initial=0.0)

    octreotide_drip = Input("ug/min", "octreotide into a vein", default=0.0)
    octreotide_sc_drip = Input("ug/min", "octreotide under the skin", default=0.0)

    C = Output("ug/L", "plasma octreotide")
    octreotide_tumor = Output("1", "factor on secretion by the tumor")
    octreotide_islet = Output("1", "factor on secretion by the islets")
    octreotide_glucagon = Output("1", "factor on glucagon secretion")
    octreotide_sensitivity = Output("1", "factor on insulin sensitivity of muscle and fat, as growth hormone is lost")
    octreotide_clearance = Output("1", "factor on insulin clearance")

    V_1 = Parameter(5.5, "L", "plasma volume", cv=0.3, ref="OctreotideLabel", status="derived")
    V_2 = Parameter(8.1, "L", "tissue volume", cv=0.3, ref="OctreotideLabel", status="derived", note="13.6 L in all")
    CL = Parameter(0.142, "L/min", "clearance", cv=0.2, low=0.05, ref="OctreotideLabel", note="7 to 10 L/h")
    Q = Parameter(
        0.168, "L/min", "exchange", cv=0.3, ref="OctreotideLabel", status="derived", note="half-lives 10, 90 min"
    )
    k_a = Parameter(
        0.031, "1/min", "absorption from the skin", cv=0.3, ref="OctreotideLabel", status="derived",
        note="5.2 ug/L at 0.4 h after 100 ug",
    )  # fmt: skip
    k_lar = Parameter(
        3.5e-5, "1/min", "release from the depot", sd_log=0.3, status="assumption", note="20 d; plateau in 2 to 3 weeks"
    )
    F_lar = Parameter(
        0.61, "1", "share released from the depot", cv=0.1, high=1.0, ref="OctreotideLabel", note="60 to 63 %"
    )
    SSTR2 = Parameter(
        1.0, "1", "1 the tumor has SSTR2, 0 not", high=1.0, share=0.71, ref="Peltola2023",
        note="71 % of 52; 69 to 85 % elsewhere; the 20 to 30 % of the case report conflicts",
    )  # fmt: skip
    x_t = Parameter(
        2.2, "1", "odds of the suppression of the tumor at high levels", sd_log=0.7, ref="ECE2008P274", status="fit",
        note="insulin falls by 34.7 +/- 25.2 %, 0 to 84 %, in 17, with slower clearance",
    )  # fmt: skip
    EC_t = Parameter(1.0, "ug/L", "concentration of half effect on the tumor", sd_log=0.7, status="assumption")
    E_i = Parameter(0.9, "1", "largest effect on islets", cv=0.05, high=0.98, ref="Ikebuchi1996", status="derived")
    EC_i = Parameter(
        4.0, "ug/L", "concentration of half effect on islets", sd_log=0.4, ref="Ikebuchi1996", status="derived",
        note="C-peptide -67 % with 150 ug in 2 h, -40 % after 100 ug, not significant after 50 ug",
    )  # fmt: skip
    n_i = Parameter(2.0, "1", "steepness on islets", ref="Ikebuchi1996", status="derived")
    E_g = Parameter(0.8, "1", "largest effect on glucagon", cv=0.1, high=0.98, ref="Ikebuchi1996")
    EC_g = Parameter(
        0.15, "ug/L", "concentration of half effect on glucagon", sd_log=0.7, ref="Ikebuchi1996", status="assumption",
        note="suppressed at all doses, for 180 min after 50 ug",
    )  # fmt: skip
    E_h = Parameter(
        0.8, "1", "largest effect on growth hormone", cv=0.1, high=0.98, ref="Ikebuchi1996", status="assumption"
    )
    EC_h = Parameter(0.15, "ug/L", "concentration of half effect on growth hormone", sd_log=0.7, status="assumption")
    g_h = Parameter(
        0.1, "1", "rise of insulin sensitivity where growth hormone is lost", sd_log=1.0, high=0.5, status="assumption",
        note="size unknown; growth hormone opposes insulin late in recovery",
    )  # fmt: skip
    E_c = Parameter(
        0.15, "1", "largest fall of insulin clearance", sd_log=0.3, high=0.7, ref="OctreotideClearance",
        status="assumption",
        note="0.37 by 229 to 364 pmol/L under an infusion of insulin; but it rose in none of 17 patients [ECE2008P274]",
    )  # fmt: skip
    EC_c = Parameter(1.0, "ug/L", "concentration of half effect on clearance", sd_log=1.0, status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        C = y.A_1 / p.V_1
        exchange = p.Q * (C - y.A_2 / p.V_2)
        absorbed = p.k_a * y.A_sc + p.F_lar * p.k_lar * y.A_lar
        return {
            "A_sc": u.octreotide_sc_drip - p.k_a * y.A_sc,
            "A_lar": -p.k_lar * y.A_lar,
            "A_1": u.octreotide_drip + absorbed - exchange - p.CL * C,
            "A_2": exchange,
            "C": C,
            "octreotide_tumor": 1 - p.SSTR2 * p.x_t / (1 + p.x_t) * C / (p.EC_t + C),
            "octreotide_islet": 1 - p.E_i * hill(C, p.EC_i, p.n_i),
            "octreotide_glucagon": 1 - p.E_g * C / (p.EC_g + C),
            "octreotide_sensitivity": 1 + p.g_h * p.E_h * C / (p.EC_h + C),
            "octreotide_clearance": 1 - p.E_c * C / (p.EC_c + C),
        }

    @event("ug", "octreotide under the skin, at once")
    def octreotide(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A_sc": y.A_sc + amount}

    @event("ug", "octreotide into a vein, at once")
    def octreotide_bolus(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A_1": y.A_1 + amount}

    @event("ug", "long-acting octreotide into muscle")
    def octreotide_lar(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A_lar": y.A_lar + amount}
