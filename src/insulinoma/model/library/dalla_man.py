"""The meal model of a healthy person [DallaMan2007].

The public SBML file of the model (BIOMD0000000379) deviates from the paper; `SBML_DEVIATIONS` and
`SBML_START` switch its deviations on.
"""

from __future__ import annotations

from functools import cache

from insulinoma.model.compose import Model, compose
from insulinoma.model.functions import smooth_positive, sqrt
from insulinoma.model.library.kinetics import GlucoseKinetics
from insulinoma.model.library.meal import Meal
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values

SBML_DEVIATIONS = {
    "glucose.part": 0.2,
    "glucose.k_e1": 0.0,
    "islets.K_fall": 2.3,
    "islets.bounded": 0.0,
}
SBML_START = {
    "glucose.G_p": 178.0,
    "glucose.G_t": 135.0,
    "glucose.I_1": 25.0,
    "glucose.I_d": 25.0,
    "glucose.G_b": 95.0,
    "insulin.I_l": 4.5,
    "insulin.I_p": 1.25,
    "insulin.I_b": 25.0,
    "insulin.S_b": 1.8,
    "islets.I_po": 3.6,
}


class Glucose(GlucoseKinetics):
    """Glucose kinetics whose basal glucose follows from the table of the paper."""

    S_b = Input("pmol/kg/min", "basal secretion")
    gamma = Input("1/min", "transfer from portal vein to liver")
    G_b = Constant("mg/dL", "basal plasma glucose")
    EGP_b = Constant("mg/kg/min", "basal endogenous glucose production")

    k_p1 = Parameter(2.70, "mg/kg/min", "production at zero glucose and insulin", ref="DallaMan2007")
    V_m0 = Parameter(2.50, "mg/kg/min", "largest uptake at basal insulin", ref="DallaMan2007")

    def basal(self, p: Values, u: Values) -> Equations:
        """The positive root of the balance: production = brain + tissue uptake, without loss in urine."""
        I_po = u.S_b / u.gamma
        surplus = p.k_p1 - p.k_p3 * u.I_b - p.k_p4 * I_po - p.F_cns
        V_m = (1 - p.part) * p.V_m0
        slope = (p.k_1 + p.k_p2) / p.k_2
        offset = surplus / p.k_2
        linear = V_m * slope - surplus * slope + p.k_p2 * (p.K_m0 - offset)
        zeroth = V_m * offset + surplus * (p.K_m0 - offset)
        G_p = (sqrt(linear**2 + 4 * p.k_p2 * slope * zeroth) - linear) / (2 * p.k_p2 * slope)
        return {
            "G_p": G_p,
            "G_t": slope * G_p - offset,
            "I_1": u.I_b,
            "I_d": u.I_b,
            "X": 0 * u.I_b,
            "G_b": G_p / p.V_G,
            "EGP_b": surplus + p.F_cns - p.k_p2 * G_p,
        }


class Insulin(Subsystem):
    """Insulin in liver and plasma; the liver extracts less of it the more is secreted."""

    I_l = State("pmol/kg", "insulin in the liver")
    I_p = State("pmol/kg", "insulin in the plasma")
    S = Input("pmol/kg/min", "secretion")
    I = Output("pmol/L", "plasma insulin", analyte="insulin")
    HE = Output("1", "hepatic extraction")
    S_b = Constant("pmol/kg/min", "basal secretion")
    I_b = Constant("pmol/L", "basal plasma insulin")

    V_I = Parameter(0.05, "L/kg", "insulin distribution volume", ref="DallaMan2007")
    m_1 = Parameter(0.190, "1/min", "liver to plasma", ref="DallaMan2007")
    m_2 = Parameter(0.484, "1/min", "plasma to liver", ref="DallaMan2007")
    m_4 = Parameter(0.194, "1/min", "peripheral degradation", ref="DallaMan2007")
    m_5 = Parameter(0.0304, "min*kg/pmol", "fall of extraction with secretion", ref="DallaMan2007")
    m_6 = Parameter(0.6471, "1", "extraction at zero secretion", ref="DallaMan2007")
    HE_b = Parameter(0.6, "1", "basal extraction", ref="DallaMan2007")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        HE = p.m_6 - p.m_5 * u.S
        m_3 = HE * p.m_1 / (1 - HE)
        return {
            "I_l": u.S + p.m_2 * y.I_p - (p.m_1 + m_3) * y.I_l,
            "I_p": p.m_1 * y.I_l - (p.m_2 + p.m_4) * y.I_p,
            "I": y.I_p / p.V_I,
            "HE": HE,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        S_b = (p.m_6 - p.HE_b) / p.m_5
        I_p = S_b / ((p.m_2 + p.m_4) / (1 - p.HE_b) - p.m_2)
        return {"S_b": S_b, "I_b": I_p / p.V_I, "I_p": I_p, "I_l": (p.m_2 + p.m_4) * I_p / p.m_1}


class Islets(Subsystem):
    """Secretion in answer to the level of glucose (delayed) and to its rise (at once)."""

    I_po = State("pmol/kg", "insulin in the portal vein")
    Y = State("pmol/kg/min", "secretion in answer to the glucose level", initial=0.0)
    G = Input("mg/dL", "plasma glucose")
    dG = Input("mg/dL/min", "rate of change of plasma glucose")
    G_b = Input("mg/dL", "basal plasma glucose")
    S_b = Input("pmol/kg/min", "basal secretion")
    S = Output("pmol/kg/min", "secretion")

    K = Parameter(2.30, "pmol/kg*dL/mg", "answer to a rise of glucose", ref="DallaMan2007")
    K_fall = Parameter(0.0, "pmol/kg*dL/mg", "answer to a fall of glucose, none in the paper", ref="DallaMan2007")
    alpha = Parameter(0.050, "1/min", "delay of the answer to the level", ref="DallaMan2007")
    beta = Parameter(0.11, "pmol/kg/min*dL/mg", "answer to the level", ref="DallaMan2007")
    gamma = Parameter(0.5, "1/min", "transfer from portal vein to liver", ref="DallaMan2007")
    bounded = Parameter(1.0, "1", "1 where secretion cannot fall below zero", ref="DallaMan2007")
    w_S = Parameter(1e-4, "pmol/kg/min", "rounding of the bound of secretion", status="assumption")
    w_G = Parameter(1e-4, "mg/dL/min", "rounding between rise and fall", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        drive = p.beta * (u.G - u.G_b)
        target = p.bounded * (smooth_positive(drive + u.S_b, p.w_S) - u.S_b) + (1 - p.bounded) * drive
        change = p.K * smooth_positive(u.dG, p.w_G) - p.K_fall * smooth_positive(-u.dG, p.w_G)
        return {
            "I_po": y.Y + change + u.S_b - p.gamma * y.I_po,
            "Y": p.alpha * (target - y.Y),
            "S": p.gamma * y.I_po,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        return {"I_po": u.S_b / p.gamma}


@cache
def dalla_man_2007() -> Model:
    """The model with the table of the paper: at rest 91.8 mg/dL and 25.6 pmol/L."""
    parts = {"meal": Meal(), "glucose": Glucose(), "insulin": Insulin(), "islets": Islets()}
    return compose("dalla_man_2007", parts)
