"""Glucose kinetics, production and utilization, common to both Padova models [DallaMan2007]."""

from __future__ import annotations

from insulinoma.model.functions import smooth_positive
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values


class GlucoseKinetics(Subsystem):
    """Glucose in plasma and tissue, made by the liver, used by brain and muscle.

    A model that uses it declares `k_p1`, `V_m0`, `G_b` and `EGP_b` as parameters or as constants.
    """

    G_p = State("mg/kg", "glucose in plasma and fast tissue")
    G_t = State("mg/kg", "glucose in slow tissue")
    I_1 = State("pmol/L", "insulin on its way to the liver's answer")
    I_d = State("pmol/L", "insulin as the liver answers it")
    X = State("pmol/L", "insulin action on uptake, above basal")

    R_a = Input("mg/kg/min", "glucose appearing from the meal")
    I = Input("pmol/L", "plasma insulin")
    I_b = Input("pmol/L", "basal plasma insulin")
    I_po = Input("pmol/kg", "insulin in the portal vein", default=0.0)
    infusion = Input("mg/kg/min", "glucose given intravenously", default=0.0)

    G = Output("mg/dL", "plasma glucose", analyte="glucose")
    dG = Output("mg/dL/min", "rate of change of plasma glucose")
    EGP = Output("mg/kg/min", "endogenous glucose production")
    U = Output("mg/kg/min", "glucose utilization")

    V_G = Parameter(1.88, "dL/kg", "glucose distribution volume", ref="DallaMan2007")
    k_1 = Parameter(0.065, "1/min", "plasma to tissue", ref="DallaMan2007")
    k_2 = Parameter(0.079, "1/min", "tissue to plasma", ref="DallaMan2007")
    k_p2 = Parameter(0.0021, "1/min", "production restrained by glucose", ref="DallaMan2007")
    k_p3 = Parameter(0.009, "mg/kg/min*L/pmol", "production restrained by plasma insulin", ref="DallaMan2007")
    k_p4 = Parameter(0.0618, "mg/min/pmol", "production restrained by portal insulin", ref="DallaMan2007")
    k_i = Parameter(0.0079, "1/min", "delay of the liver's answer", ref="DallaMan2007")
    F_cns = Parameter(1.0, "mg/kg/min", "uptake by brain and red cells", ref="DallaMan2007")
    V_mx = Parameter(0.047, "mg/kg/min*L/pmol", "uptake with insulin action", ref="DallaMan2007")
    K_m0 = Parameter(225.59, "mg/kg", "tissue glucose of half uptake", ref="DallaMan2007")
    p_2U = Parameter(0.0331, "1/min", "delay of insulin action on uptake", ref="DallaMan2007")
    part = Parameter(0.0, "1", "share of uptake left out, none in the paper", ref="DallaMan2007")
    k_e1 = Parameter(0.0005, "1/min", "renal loss", ref="DallaMan2007")
    k_e2 = Parameter(339.0, "mg/kg", "renal threshold", ref="DallaMan2007")
    w_E = Parameter(1e-3, "mg/kg", "rounding of the renal threshold", status="assumption")
    w_P = Parameter(1e-4, "mg/kg/min", "rounding of the floor of production", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        EGP = smooth_positive(p.k_p1 - p.k_p2 * y.G_p - p.k_p3 * y.I_d - p.k_p4 * u.I_po, p.w_P)
        E = p.k_e1 * smooth_positive(y.G_p - p.k_e2, p.w_E)
        U_id = (1 - p.part) * (p.V_m0 + p.V_mx * y.X) * y.G_t / (p.K_m0 + y.G_t)
        dG_p = EGP + u.R_a + u.infusion - p.F_cns - E - p.k_1 * y.G_p + p.k_2 * y.G_t
        return {
            "G_p": dG_p,
            "G_t": p.k_1 * y.G_p - p.k_2 * y.G_t - U_id,
            "I_1": p.k_i * (u.I - y.I_1),
            "I_d": p.k_i * (y.I_1 - y.I_d),
            "X": p.p_2U * (u.I - u.I_b - y.X),
            "G": y.G_p / p.V_G,
            "dG": dG_p / p.V_G,
            "EGP": EGP,
            "U": p.F_cns + U_id,
        }
