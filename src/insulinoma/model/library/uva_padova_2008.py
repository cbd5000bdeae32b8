"""Type 1 diabetes as in the simulator of 2008: subcutaneous insulin and no secretion [Kovatchev2009]."""

from __future__ import annotations

from functools import cache

from insulinoma.model.compose import Model, compose
from insulinoma.model.library.kinetics import GlucoseKinetics
from insulinoma.model.library.meal import Meal
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values


class Glucose(GlucoseKinetics):
    """Glucose kinetics from a measured basal state, with a subcutaneous sensor."""

    G_s = State("mg/dL", "subcutaneous glucose")
    G_b = Parameter(138.56, "mg/dL", "basal plasma glucose", ref="Kovatchev2009")
    EGP_b = Parameter(2.28, "mg/kg/min", "basal endogenous glucose production", ref="Kovatchev2009")
    k_sc = Parameter(0.0766, "1/min", "delay of the sensor", ref="Kovatchev2009")
    k_p1 = Constant("mg/kg/min", "production at zero glucose and insulin")
    V_m0 = Constant("mg/kg/min", "largest uptake at basal insulin")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {**super().equations(y, p, u), "G_s": p.k_sc * (y.G_p / p.V_G - y.G_s)}

    def basal(self, p: Values, u: Values) -> Equations:
        G_p = p.G_b * p.V_G
        G_t = (p.F_cns - p.EGP_b + p.k_1 * G_p) / p.k_2
        return {
            "G_p": G_p,
            "G_t": G_t,
            "I_1": u.I_b,
            "I_d": u.I_b,
            "X": 0 * u.I_b,
            "G_s": p.G_b,
            "k_p1": p.EGP_b + p.k_p2 * G_p + p.k_p3 * u.I_b,
            "V_m0": (p.EGP_b - p.F_cns) * (p.K_m0 + G_t) / G_t,
        }


class Insulin(Subsystem):
    """Insulin under the skin, in plasma and in the liver; the liver extracts a fixed share."""

    I_sc1 = State("pmol/kg", "insulin under the skin, as injected")
    I_sc2 = State("pmol/kg", "insulin under the skin, as monomers")
    I_p = State("pmol/kg", "insulin in the plasma")
    I_l = State("pmol/kg", "insulin in the liver")
    extra = Input("pmol/kg/min", "insulin injected above the basal rate", default=0.0)
    I = Output("pmol/L", "plasma insulin", analyte="insulin")
    R_b = Constant("pmol/kg/min", "basal rate of the pump")

    I_b = Parameter(100.25, "pmol/L", "basal plasma insulin", ref="Kovatchev2009")
    V_I = Parameter(0.0519, "L/kg", "insulin distribution volume", ref="Kovatchev2009")
    HE_b = Parameter(0.6, "1", "hepatic extraction", ref="Kovatchev2009")
    m_1 = Parameter(0.155, "1/min", "liver to plasma", ref="Kovatchev2009")
    m_2 = Parameter(0.225, "1/min", "plasma to liver", ref="Kovatchev2009")
    m_4 = Parameter(0.0901, "1/min", "peripheral degradation", ref="Kovatchev2009")
    k_a1 = Parameter(0.0018, "1/min", "absorption as injected", ref="Kovatchev2009")
    k_a2 = Parameter(0.0182, "1/min", "absorption as monomers", ref="Kovatchev2009")
    k_d = Parameter(0.0164, "1/min", "dissociation into monomers", ref="Kovatchev2009")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        m_3 = p.HE_b * p.m_1 / (1 - p.HE_b)
        return {
            "I_sc1": p.R_b + u.extra - (p.k_d + p.k_a1) * y.I_sc1,
            "I_sc2": p.k_d * y.I_sc1 - p.k_a2 * y.I_sc2,
            "I_p": p.k_a1 * y.I_sc1 + p.k_a2 * y.I_sc2 + p.m_1 * y.I_l - (p.m_2 + p.m_4) * y.I_p,
            "I_l": p.m_2 * y.I_p - (p.m_1 + m_3) * y.I_l,
            "I": y.I_p / p.V_I,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        I_p = p.I_b * p.V_I
        R_b = (p.m_4 + p.HE_b * p.m_2) * I_p
        I_sc1 = R_b / (p.k_d + p.k_a1)
        return {
            "R_b": R_b,
            "I_sc1": I_sc1,
            "I_sc2": p.k_d * I_sc1 / p.k_a2,
            "I_p": I_p,
            "I_l": p.m_2 * (1 - p.HE_b) * I_p / p.m_1,
        }


@cache
def uva_padova_2008() -> Model:
    """The model with the parameters of one adult; others are sets of parameters."""
    return compose("uva_padova_2008", {"meal": Meal(), "glucose": Glucose(), "insulin": Insulin()})
