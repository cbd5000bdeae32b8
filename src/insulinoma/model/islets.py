"""Secretion of insulin by the normal islets."""

from __future__ import annotations

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values


class Islets(Subsystem):
    """Provision fills a releasable pool that glucose opens; the first phase is the emptying of the pool.

    The gut (incretins) and glucagon multiply both. Lasting hypoglycemia switches the islets off for
    about a day.
    """

    Y = State("pmol/kg/min", "provision of releasable insulin")
    Q = State("pmol/kg", "releasable insulin")
    F = State("1", "function of the islets", initial=1.0)

    G = Input("mg/dL", "plasma glucose")
    G_b = Input("mg/dL", "basal plasma glucose")
    S_b = Input("pmol/kg/min", "basal secretion")
    R_a = Input("mg/kg/min", "glucose appearing from meals")
    H = Input("pg/mL", "glucagon")
    H_b = Input("pg/mL", "basal glucagon")
    f_islet = Input("1", "factor of drugs on secretion", default=1.0)

    S_islet = Output("pmol/kg/min", "secretion by the islets")
    glucagon_gain = Output("1", "stimulation of beta cells by glucagon")
    h_Sb = Constant("1", "provision at rest, of its largest")
    k_b = Constant("1/min", "opening at rest")
    k_m = Constant("1/min", "largest opening")
    F_b = Constant("1", "function at rest, before scaling")
    s_Hb = Constant("1", "stimulation by glucagon at rest")

    alpha = Parameter(0.050, "1/min", "delay of provision", cv=0.25, ref="DallaMan2007")
    S_50 = Parameter(143.0, "mg/dL", "glucose of half provision", cv=0.08, ref="Polonsky1988")
    n_S = Parameter(4.2, "1", "steepness of provision", cv=0.1, ref="Koenig2012")
    Q_b = Parameter(98.09, "pmol/kg", "releasable pool at rest", cv=0.35, status="fit")
    G_k = Parameter(400.0, "mg/dL", "glucose of half opening", cv=0.1, status="assumption")
    n_k = Parameter(4.2, "1", "steepness of opening", cv=0.1, ref="Koenig2012")
    leak = Parameter(0.02351, "1", "share of resting opening that ignores glucose", cv=0.3, high=0.5, status="fit")
    g_inc = Parameter(0.3208, "1", "largest gain by incretins", cv=0.4, low=0.3, high=2.0, status="fit")
    K_inc = Parameter(3.0, "mg/kg/min", "appearance of half the incretin gain", status="assumption")
    tau_F = Parameter(720.0, "min", "loss and return of function", cv=0.4, status="assumption")
    G_F = Parameter(65.0, "mg/dL", "glucose of half function", cv=0.07, status="assumption")
    n_F = Parameter(8.0, "1", "steepness of function", status="assumption")
    g_H = Parameter(1.0, "1", "largest stimulation by glucagon", cv=0.4, status="assumption")
    H_S = Parameter(400.0, "pg/mL", "glucagon of half stimulation", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        incretin = 1 + p.g_inc * u.R_a / (u.R_a + p.K_inc)
        glucagon = 1 + p.g_H * (u.H / (u.H + p.H_S) - p.s_Hb)
        opening = (p.leak * p.k_b + p.k_m * hill(u.G, p.G_k, p.n_k)) * incretin * glucagon
        S = u.f_islet * opening * y.Q
        provision = u.S_b * y.F * hill(u.G, p.S_50, p.n_S) / p.h_Sb * incretin * glucagon
        return {
            "Y": p.alpha * (provision - y.Y),
            "Q": y.Y - S,
            "F": (hill(u.G, p.G_F, p.n_F) / p.F_b - y.F) / p.tau_F,
            "S_islet": S,
            "glucagon_gain": glucagon,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        k_b = u.S_b / p.Q_b
        return {
            "Y": u.S_b,
            "Q": p.Q_b,
            "h_Sb": hill(u.G_b, p.S_50, p.n_S),
            "k_b": k_b,
            "k_m": (1 - p.leak) * k_b / hill(u.G_b, p.G_k, p.n_k),
            "F_b": hill(u.G_b, p.G_F, p.n_F),
            "s_Hb": u.H_b / (u.H_b + p.H_S),
        }
