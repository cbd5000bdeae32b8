"""The liver: glycogen, gluconeogenic supply, release and uptake of glucose."""

from __future__ import annotations

from insulinoma.model.functions import exp, hill, log, smooth_positive
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values


class Liver(Subsystem):
    """Glycogenolysis and gluconeogenesis feed one pool; a share of it leaves as glucose, the rest is stored.

    The share falls with insulin action and glucose, and rises with glucagon and epinephrine.
    Gluconeogenic supply falls slowly under insulin and in long fasts. Glucagon also speeds
    glycogenolysis for about an hour, and lets it reach what little glycogen is left.
    """

    Gc = State("mg/kg", "liver glycogen")
    N = State("1", "gluconeogenic supply, times basal", initial=1.0)
    V = State("1", "effect of glucagon that has waned")

    G = Input("mg/dL", "plasma glucose")
    G_b = Input("mg/dL", "basal plasma glucose")
    L = Input("1", "insulin signal at the liver, times basal")
    L_s = Input("1", "slow insulin signal, times basal")
    L_act = Input("1", "insulin action on the liver")
    w_A = Input("1", "rounding of the onset of insulin excess")
    H = Input("pg/mL", "glucagon")
    H_b = Input("pg/mL", "basal glucagon")
    Ep = Input("pg/mL", "epinephrine")
    Ep_b = Input("pg/mL", "basal epinephrine")
    Ep_m = Input("pg/mL", "largest rise of epinephrine")
    first_pass = Input("mg/kg/min", "glucose of the meal that the liver keeps")
    woman = Input("1", "1 woman, 0 man")
    f_production = Input("1", "factor of drugs on gluconeogenesis", default=1.0)

    EGP = Output("mg/kg/min", "endogenous glucose production")
    GNG = Output("mg/kg/min", "gluconeogenesis, released or stored")
    GLY = Output("mg/kg/min", "glycogenolysis, released or stored again")
    U_L = Output("mg/kg/min", "uptake of glucose by the liver")
    gc = Output("1", "fullness of glycogen, as it limits its release")
    N_b = Constant("mg/kg/min", "gluconeogenesis at rest")
    P_b = Constant("mg/kg/min", "glycogenolysis at rest")
    n_G = Constant("1", "power of glucose against release")
    U_Lb = Constant("mg/kg/min", "uptake at rest")
    gc_b = Constant("1", "fullness of glycogen at rest")
    supply = Constant("1", "gluconeogenic supply left when glycogen is spent")

    EGP_b = Parameter(1.94, "mg/kg/min", "basal glucose production", cv=0.08, ref="Taylor1996")
    x_N = Parameter(
        0.567, "1", "share of gluconeogenesis in it", cv=0.03, high=1.0, ref="Landau1996", status="derived",
        note="1.10 of 1.94 mg/kg/min",
    )  # fmt: skip
    Gc_b = Parameter(800.0, "mg/kg", "glycogen after a night", cv=0.2, ref="Taylor1996")
    K_g = Parameter(370.0, "mg/kg", "glycogen of half release", cv=0.3, low=50, high=2000, status="fit")
    Gc_m = Parameter(1300.0, "mg/kg", "glycogen that halves storage", cv=0.15, ref="Taylor1996", status="assumption")
    n_m = Parameter(4.0, "1", "steepness of that limit", status="assumption")
    free = Parameter(1.0, "1", "1 where glycogen changes, 0 where it is held", high=1.0, status="assumption")
    r_L = Parameter(0.09311, "1", "odds of storage against release at rest", cv=0.15, low=0.03, high=0.6, status="fit")
    n_L = Parameter(4.188, "1", "steepness of restraint by insulin", cv=0.05, low=1.5, high=6.0, status="fit")
    s_G = Parameter(
        0.19, "1", "relative restraint of production by glucose at rest", cv=0.3, ref="DallaMan2007", status="derived"
    )
    q_H = Parameter(0.743, "1", "power of glucagon against insulin", cv=0.2, low=0.3, high=2.0, status="fit")
    H_L = Parameter(20.0, "1", "glucagon, times basal, of half that effect", status="assumption")
    c_0 = Parameter(0.3, "1", "drive that remains without glucagon", cv=0.3, status="assumption")
    q_E = Parameter(
        3.155, "1", "epinephrine as multiplier of glucagon", cv=0.4, status="assumption",
        note="3.0 by the rise above a typical basal level",
    )  # fmt: skip
    g_V = Parameter(2.75, "1", "passing effect of glucagon on glycogenolysis", cv=0.1, status="fit")
    H_V = Parameter(9.0, "1", "glucagon, times basal, of half that effect", status="assumption")
    n_V = Parameter(2.0, "1", "steepness of that effect", status="assumption")
    tau_V = Parameter(22.0, "min", "waning of that effect", cv=0.2, ref="Sorensen1985", status="assumption")
    tau_N = Parameter(720.0, "min", "change of gluconeogenic supply", cv=0.25, status="assumption")
    kappa_N = Parameter(1.1, "1", "loss of supply by logarithm of insulin", cv=0.2, status="fit")
    supply_man = Parameter(0.7625, "1", "supply left without glycogen, men", cv=0.03, high=1.0, status="fit")
    supply_woman = Parameter(0.64, "1", "supply left without glycogen, women", cv=0.03, high=1.0, status="assumption")
    h_U = Parameter(1.141, "mg/kg/min", "largest uptake", cv=0.2, low=0.5, high=4, ref="Taylor1996", status="fit")
    G_U = Parameter(150.0, "mg/dL", "glucose of half uptake, as of glucokinase", ref="Koenig2012")
    n_U = Parameter(1.7, "1", "steepness of uptake in glucose, as of glucokinase", status="assumption")
    L_U = Parameter(2.0, "1", "insulin, times basal, of half uptake", status="assumption")
    n_UL = Parameter(2.0, "1", "steepness of uptake in insulin", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        h = u.H / u.H_b
        c = h * (1 + p.q_E * u.Ep / u.Ep_m) / (1 + p.q_E * u.Ep_b / u.Ep_m)
        drive = (c + p.c_0) / (1 + p.c_0) * (1 + p.H_L) / (c + p.H_L)
        restraint = exp(p.n_L * (log(u.L_act) + p.n_G * log(u.G / u.G_b) - p.q_H * log(drive)))
        release = 1 / (1 + p.r_L * restraint)
        gc = y.Gc / (y.Gc + p.K_g)
        active = exp(p.g_V * (hill(c, p.H_V, p.n_V) - y.V))
        GLY = p.P_b * active / p.gc_b * y.Gc / (y.Gc + p.K_g / active)
        GNG = u.f_production * p.N_b * y.N
        U_L = p.h_U * hill(u.L, p.L_U, p.n_UL) * hill(u.G, p.G_U, p.n_U)
        room = 1 - hill(y.Gc, p.Gc_m, p.n_m)
        stored = (1 - release) * GNG + u.first_pass + U_L
        excess = smooth_positive(log(u.L_s), u.w_A)
        fed = (1 + p.kappa_N * u.w_A / 2) / (1 + p.kappa_N * excess)
        left = p.supply + (1 - p.supply) * gc / p.gc_b
        return {
            "Gc": p.free * (stored * room - release * GLY),
            "N": (fed * left - y.N) / p.tau_N,
            "V": (hill(h, p.H_V, p.n_V) - y.V) / p.tau_V,
            "EGP": release * (GLY + GNG),
            "GNG": GNG,
            "GLY": GLY,
            "U_L": U_L,
            "gc": gc,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        release = 1 / (1 + p.r_L)
        return {
            "Gc": p.Gc_b,
            "V": hill(1, p.H_V, p.n_V),
            "N_b": p.x_N * p.EGP_b / release,
            "P_b": (1 - p.x_N) * p.EGP_b / release,
            "n_G": p.s_G * (1 + p.r_L) / (p.r_L * p.n_L),
            "U_Lb": p.h_U * hill(1, p.L_U, p.n_UL) * hill(u.G_b, p.G_U, p.n_U),
            "gc_b": p.Gc_b / (p.Gc_b + p.K_g),
            "supply": p.supply_man * (1 - u.woman) + p.supply_woman * u.woman,
        }
