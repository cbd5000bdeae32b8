"""C-peptide and proinsulin, which leave the beta cell with insulin and stay longer."""

from __future__ import annotations

from insulinoma.model.functions import log
from insulinoma.model.subsystem import Constant, Equations, Input, Parameter, State, Subsystem, Values


class CPeptide(Subsystem):
    """Two compartments with the population rules of [VanCauter1992]; the liver removes none of it."""

    C_1 = State("pmol/L", "plasma C-peptide", analyte="c_peptide")
    C_2 = State("pmol/L", "peripheral C-peptide, as plasma equivalents")

    S_islet = Input("pmol/kg/min", "secretion by the islets")
    S_tumor = Input("pmol/kg/min", "secretion by the tumor")
    S_b = Input("pmol/kg/min", "basal secretion")
    weight = Input("kg", "body weight")
    age = Input("year", "age")
    woman = Input("1", "1 woman, 0 man")
    BSA = Input("m^2", "body surface")

    V_C = Constant("L", "C-peptide volume")
    k_out = Constant("1/min", "elimination")
    k_away = Constant("1/min", "plasma to periphery")
    k_back = Constant("1/min", "periphery to plasma")

    t_short = Parameter(4.95, "min", "fast half-life", cv=0.1, ref="VanCauter1992")
    F_short = Parameter(0.76, "1", "share of the fast phase", cv=0.03, high=1.0, ref="VanCauter1992")
    t_long = Parameter(29.2, "min", "slow half-life at age 0", cv=0.1, ref="VanCauter1992")
    t_age = Parameter(0.14, "min/year", "rise of the slow half-life with age", ref="VanCauter1992")
    v_man = Parameter(1.92, "L/m^2", "volume by body surface, men", cv=0.1, ref="VanCauter1992")
    V_man = Parameter(0.64, "L", "volume at no body surface, men", ref="VanCauter1992")
    v_woman = Parameter(1.11, "L/m^2", "volume by body surface, women", cv=0.1, ref="VanCauter1992")
    V_woman = Parameter(2.04, "L", "volume at no body surface, women", ref="VanCauter1992")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        S = (u.S_islet + u.S_tumor) * u.weight
        return {
            "C_1": S / p.V_C - (p.k_out + p.k_away) * y.C_1 + p.k_back * y.C_2,
            "C_2": p.k_away * y.C_1 - p.k_back * y.C_2,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        V_C = (1 - u.woman) * (p.v_man * u.BSA + p.V_man) + u.woman * (p.v_woman * u.BSA + p.V_woman)
        fast, slow = log(2.0) / p.t_short, log(2.0) / (p.t_long + p.t_age * u.age)
        k_back = p.F_short * slow + (1 - p.F_short) * fast
        k_out = fast * slow / k_back
        k_away = fast + slow - k_out - k_back
        C = u.S_b * u.weight / (V_C * k_out)
        return {"V_C": V_C, "k_out": k_out, "k_away": k_away, "k_back": k_back, "C_1": C, "C_2": C * k_away / k_back}


class Proinsulin(Subsystem):
    """Two compartments from the intravenous kinetics of human proinsulin [HormMetabRes1988]."""

    P_1 = State("pmol/L", "plasma proinsulin", analyte="proinsulin")
    P_2 = State("pmol/L", "peripheral proinsulin, as plasma equivalents")

    S_islet = Input("pmol/kg/min", "secretion by the islets")
    S_tumor = Input("pmol/kg/min", "secretion by the tumor")
    S_b = Input("pmol/kg/min", "basal secretion")

    V_P = Parameter(0.0543, "L/kg", "first volume", cv=0.2, ref="HormMetabRes1988")
    CL_P = Parameter(0.00171, "L/kg/min", "clearance", cv=0.2, ref="HormMetabRes1988")
    q_12 = Parameter(0.0199, "1/min", "plasma to periphery", cv=0.2, ref="HormMetabRes1988", status="derived")
    q_21 = Parameter(0.0138, "1/min", "periphery to plasma", cv=0.2, ref="HormMetabRes1988", status="derived")
    x_islet = Parameter(
        0.0136,
        "1",
        "proinsulin by insulin secreted, islets",
        cv=0.3,
        high=1.0,
        ref="HormMetabRes1988",
        status="derived",
    )
    x_tumor = Parameter(0.022, "1", "proinsulin by insulin secreted, tumor", cv=0.7, ref="CedarsSinai", status="fit")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        S = p.x_islet * u.S_islet + p.x_tumor * u.S_tumor
        return {
            "P_1": S / p.V_P - (p.CL_P / p.V_P + p.q_12) * y.P_1 + p.q_21 * y.P_2,
            "P_2": p.q_12 * y.P_1 - p.q_21 * y.P_2,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        P = p.x_islet * u.S_b / p.CL_P
        return {"P_1": P, "P_2": P * p.q_12 / p.q_21}
