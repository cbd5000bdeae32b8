"""Glucose in plasma and tissue; its uptake by brain, muscle and fat; its loss in urine."""

from __future__ import annotations

from typing import Any

from insulinoma.model.functions import smooth_positive
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


class Glucose(Subsystem):
    """Two pools [DallaMan2007]; uptake by the brain falls with glucose and with ketones."""

    G_p = State("mg/kg", "glucose in plasma and fast tissue")
    G_t = State("mg/kg", "glucose in slow tissue")

    EGP = Input("mg/kg/min", "endogenous glucose production")
    EGP_b = Input("mg/kg/min", "basal endogenous glucose production")
    U_L = Input("mg/kg/min", "uptake by the liver")
    U_Lb = Input("mg/kg/min", "basal uptake by the liver")
    R_a = Input("mg/kg/min", "glucose appearing from meals")
    X_act = Input("1", "insulin action on muscle and fat, times basal")
    x_K = Input("1", "share of the brain's fuel that ketones could replace, in use")
    x_Kb = Input("1", "the same at rest")
    weight = Input("kg", "body weight")
    dextrose = Input("mg/kg/min", "glucose given intravenously", default=0.0)
    clamp = Input("mg/kg/min", "glucose given by the controller of a clamp", default=0.0)

    G = Output("mg/dL", "plasma glucose", analyte="glucose")
    U_cns = Output("mg/kg/min", "uptake by the brain")
    U_t = Output("mg/kg/min", "uptake by muscle and fat")
    R_d = Output("mg/kg/min", "glucose disposal, all tissues")
    E = Output("mg/kg/min", "loss in urine")
    F_cns = Constant("mg/kg/min", "basal uptake without insulin, mostly brain")
    V_m0 = Constant("mg/kg/min", "largest uptake by muscle and fat at basal insulin")

    G_b = Parameter(92.0, "mg/dL", "basal plasma glucose", cv=0.05, ref="DallaMan2007")
    V_G = Parameter(1.659, "dL/kg", "glucose volume", cv=0.08, ref="DallaMan2007", status="fit")
    k_1 = Parameter(0.065, "1/min", "plasma to tissue", cv=0.1, ref="DallaMan2007")
    k_2 = Parameter(0.079, "1/min", "tissue to plasma", cv=0.1, ref="DallaMan2007")
    x_cns = Parameter(
        0.5224, "1", "share of basal uptake without insulin, mostly brain", cv=0.08, low=0.35, high=0.8,
        ref="DallaMan2007", status="derived", note="1.0 of what the liver and the kidney leave of 1.94 mg/kg/min",
    )  # fmt: skip
    K_cns = Parameter(30.0, "mg/dL", "glucose of half brain uptake", cv=0.1, status="assumption")
    z_K = Parameter(0.5, "1", "brain fuel that ketones can replace", cv=0.06, high=1.0, ref="Cahill1966")
    K_m0 = Parameter(225.6, "mg/kg", "tissue glucose of half uptake", cv=0.1, ref="DallaMan2007")
    e_X = Parameter(0.4157, "1", "insulin-dependent share of basal uptake", cv=0.05, low=0.3, high=1, status="fit")
    k_e1 = Parameter(0.0005, "1/min", "renal loss", cv=0.2, ref="DallaMan2007")
    k_e2 = Parameter(339.0, "mg/kg", "renal threshold", cv=0.08, ref="DallaMan2007")
    w_e = Parameter(20.0, "mg/kg", "rounding of the renal threshold", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        G = y.G_p / p.V_G
        spare = (1 - p.z_K * u.x_K) / (1 - p.z_K * u.x_Kb)
        U_cns = p.F_cns * spare * G / (G + p.K_cns) * (p.G_b + p.K_cns) / p.G_b
        U_t = p.V_m0 * (1 - p.e_X + p.e_X * u.X_act) * y.G_t / (p.K_m0 + y.G_t)
        E = p.k_e1 * smooth_positive(y.G_p - p.k_e2, p.w_e)
        given = u.R_a + u.dextrose + u.clamp
        return {
            "G_p": u.EGP + given - U_cns - u.U_L - E - p.k_1 * y.G_p + p.k_2 * y.G_t,
            "G_t": p.k_1 * y.G_p - p.k_2 * y.G_t - U_t,
            "G": G,
            "U_cns": U_cns,
            "U_t": U_t,
            "R_d": U_cns + U_t + u.U_L,
            "E": E,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        G_p = p.G_b * p.V_G
        uptake = u.EGP_b - u.U_Lb - p.k_e1 * smooth_positive(G_p - p.k_e2, p.w_e)
        U_t = (1 - p.x_cns) * uptake
        G_t = (p.k_1 * G_p - U_t) / p.k_2
        return {"G_p": G_p, "G_t": G_t, "F_cns": p.x_cns * uptake, "V_m0": U_t * (p.K_m0 + G_t) / G_t}

    @event("mg", "glucose injected at once")
    def dextrose_bolus(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"G_p": y.G_p + amount / u.weight}
