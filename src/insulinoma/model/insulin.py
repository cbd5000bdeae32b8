"""Insulin in liver and plasma after secretion into the portal vein."""

from __future__ import annotations

from typing import Any

from insulinoma.model.subsystem import (
    Constant,
    Equations,
    Input,
    Output,
    Parameter,
    State,
    Subsystem,
    Values,
    event,
)


class Insulin(Subsystem):
    """Two pools [DallaMan2007] with the clearance of [Turnheim1988] and saturable extraction [Polonsky1988].

    Basal secretion is what keeps basal insulin with this clearance.
    """

    I_l = State("pmol/kg", "insulin in the liver")
    I_p = State("pmol/kg", "insulin in the plasma")

    S_islet = Input("pmol/kg/min", "secretion by the islets")
    S_tumor = Input("pmol/kg/min", "secretion by the tumor")
    weight = Input("kg", "body weight")
    insulin_infusion = Input("mU/kg/min", "insulin given intravenously", default=0.0)
    f_clearance = Input("1", "factor of drugs on insulin clearance", default=1.0)

    I = Output("pmol/L", "plasma insulin", analyte="insulin")
    l = Output("1", "insulin in the liver, times basal")
    E_H = Output("1", "hepatic extraction")
    m_2 = Constant("1/min", "plasma to liver")
    m_4 = Constant("1/min", "removal outside the liver")
    S_b = Constant("pmol/kg/min", "basal secretion")
    I_lb = Constant("pmol/kg", "basal insulin in the liver")

    V_I = Parameter(0.05, "L/kg", "insulin volume", cv=0.1, ref="DallaMan2007")
    I_b = Parameter(52.0, "pmol/L", "basal plasma insulin", cv=0.2, ref="Polonsky1988", status="derived")
    E_Hb = Parameter(0.56, "1", "basal hepatic extraction", cv=0.07, high=1.0, ref="Polonsky1988")
    CL_h = Parameter(0.0053, "L/kg/min", "hepatic clearance of plasma insulin", cv=0.2, ref="Turnheim1988")
    CL_p = Parameter(0.0061, "L/kg/min", "renal and peripheral clearance", cv=0.2, ref="Turnheim1988")
    m_1 = Parameter(0.35, "1/min", "liver to plasma", cv=0.15, ref="DallaMan2007", status="assumption")
    K_HE = Parameter(
        60.0,
        "1",
        "liver insulin, times basal, at which extraction is half",
        cv=0.3,
        low=5,
        high=100,
        status="assumption",
    )
    pmol_per_mU = Parameter(6.0, "pmol/mU", "amount of one milliunit of human insulin", ref="Knopp2019")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        l = y.I_l / p.I_lb
        E_H = u.f_clearance * p.E_Hb * (1 + p.K_HE) / (l + p.K_HE)
        m_3 = p.m_1 * E_H / (1 - E_H)
        return {
            "I_l": u.S_islet + u.S_tumor + p.m_2 * y.I_p - (p.m_1 + m_3) * y.I_l,
            "I_p": p.m_1 * y.I_l + p.pmol_per_mU * u.insulin_infusion - (p.m_2 + u.f_clearance * p.m_4) * y.I_p,
            "I": y.I_p / p.V_I,
            "l": l,
            "E_H": E_H,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        m_2 = p.CL_h / (p.V_I * p.E_Hb)
        S_b = p.I_b * (p.CL_h + p.CL_p) / (1 - p.E_Hb)
        I_p = p.I_b * p.V_I
        I_l = (m_2 * I_p + S_b) * (1 - p.E_Hb) / p.m_1
        return {"m_2": m_2, "m_4": p.CL_p / p.V_I, "S_b": S_b, "I_lb": I_l, "I_l": I_l, "I_p": I_p}

    @event("mU", "insulin injected intravenously at once")
    def insulin_bolus(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"I_p": y.I_p + p.pmol_per_mU * amount / u.weight}
