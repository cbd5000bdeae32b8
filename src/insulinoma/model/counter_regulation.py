"""Glucagon and epinephrine, and their failure after repeated hypoglycemia."""

from __future__ import annotations

from typing import Any

from insulinoma.model.functions import held_positive, hill, log
from insulinoma.model.subsystem import Constant, Equations, Input, Parameter, State, Subsystem, Values, event


class CounterRegulation(Subsystem):
    """Shapes of [Koenig2012], size of [Mitrakou1993], brake by islet insulin of [Banarer2002].

    Above basal glucose the drives fall below zero and both hormones to a small positive floor.
    `B` is hypoglycemia-associated autonomic failure: it develops in hypoglycemia and recovers in weeks.
    """

    H = State("pg/mL", "plasma glucagon", analyte="glucagon")
    H_im = State("pg/kg", "glucagon in the muscle, after injection there", initial=0.0)
    Ep = State("pg/mL", "plasma epinephrine")
    B = State("1", "autonomic failure: 0 intact, 1 complete")

    G = Input("mg/dL", "plasma glucose")
    G_b = Input("mg/dL", "basal plasma glucose")
    S_islet = Input("pmol/kg/min", "secretion of insulin by the islets")
    S_b = Input("pmol/kg/min", "basal secretion of insulin")
    weight = Input("kg", "body weight")
    f_glucagon = Input("1", "factor of drugs on glucagon secretion", default=1.0)
    glucagon_infusion = Input("pg/kg/min", "glucagon given intravenously", default=0.0)
    epinephrine_infusion = Input("pg/mL/min", "epinephrine given, as rise of its level", default=0.0)

    h_Hb = Constant("1", "drive of glucagon at rest")
    h_Eb = Constant("1", "drive of epinephrine at rest")
    k_H = Constant("1/min", "elimination of glucagon")

    H_b = Parameter(70.0, "pg/mL", "basal glucagon", cv=0.25, ref="Mitrakou1993")
    t_H = Parameter(5.2, "min", "half-life of glucagon", cv=0.1, ref="Lv2013")
    CL_H = Parameter(9.0, "mL/kg/min", "clearance of glucagon", cv=0.15, ref="Alford1976")
    k_im = Parameter(0.05, "1/min", "absorption of glucagon from muscle", cv=0.3, status="assumption")
    a_H = Parameter(1.75, "1", "largest glucagon response, times basal", cv=0.35, ref="Mitrakou1993", status="derived")
    G_H = Parameter(54.2, "mg/dL", "glucose of half glucagon response", cv=0.05, ref="Koenig2012")
    n_H = Parameter(10.0, "1", "steepness of the glucagon response", low=6.4, high=12, ref="Mitrakou1991", status="fit")
    b_H = Parameter(0.3, "1", "brake by islet insulin", cv=0.4, ref="Banarer2002", status="derived")
    Ep_b = Parameter(18.0, "pg/mL", "basal epinephrine", cv=0.4, ref="Koenig2012")
    Ep_m = Parameter(1097.0, "pg/mL", "largest rise of epinephrine", cv=0.4, ref="Koenig2012")
    G_E = Parameter(55.8, "mg/dL", "glucose of half epinephrine response", cv=0.05, ref="Koenig2012")
    n_E = Parameter(
        12.0, "1", "steepness of the epinephrine response", low=8.4, high=14, ref="Mitrakou1991", status="fit"
    )
    tau_E = Parameter(6.0, "min", "delay of epinephrine", status="assumption")
    w_d = Parameter(0.1, "1", "rounding of the floor of both hormones, times basal", status="assumption")
    B_E = Parameter(
        0.95, "1", "epinephrine lost in complete failure", cv=0.1, high=1, ref="Mitrakou1993", status="derived"
    )
    B_H = Parameter(
        0.95, "1", "glucagon lost in complete failure", cv=0.1, high=1, ref="Mitrakou1993", status="derived"
    )
    k_on = Parameter(
        0.0011, "1/min", "development of failure in hypoglycemia", cv=0.5, ref="PMC3913799", status="derived"
    )
    tau_B = Parameter(25000.0, "min", "recovery from failure", cv=0.5, status="assumption")
    G_B = Parameter(57.0, "mg/dL", "glucose of half exposure", status="assumption")
    n_B = Parameter(16.0, "1", "steepness of exposure", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        drive_H = 1 - hill(u.G, p.G_H, p.n_H) - p.h_Hb
        drive_E = 1 - hill(u.G, p.G_E, p.n_E) - p.h_Eb
        intact = 1 - p.B_H * y.B
        brake = (1 + p.b_H) / (1 + p.b_H * (1 + intact * (u.S_islet / u.S_b - 1)))
        H = p.H_b * held_positive(p.a_H * intact * drive_H, p.w_d) * brake * u.f_glucagon
        Ep = p.Ep_b * held_positive(p.Ep_m / p.Ep_b * (1 - p.B_E * y.B) * drive_E, p.w_d)
        exposure = 1 - hill(u.G, p.G_B, p.n_B)
        given = u.glucagon_infusion + p.k_im * y.H_im
        return {
            "H": p.k_H * (H + given / p.CL_H - y.H),
            "H_im": -p.k_im * y.H_im,
            "Ep": (Ep - y.Ep) / p.tau_E + u.epinephrine_infusion,
            "B": p.k_on * exposure * (1 - y.B) - y.B / p.tau_B,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        onset = p.k_on * p.tau_B * (1 - hill(u.G_b, p.G_B, p.n_B))
        return {
            "h_Hb": 1 - hill(u.G_b, p.G_H, p.n_H),
            "h_Eb": 1 - hill(u.G_b, p.G_E, p.n_E),
            "k_H": log(2.0) / p.t_H,
            "H": p.H_b,
            "Ep": p.Ep_b,
            "B": onset / (1 + onset),
        }

    @event("pg", "glucagon injected intravenously at once")
    def glucagon_bolus(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"H": y.H + amount * p.k_H / (p.CL_H * u.weight)}

    @event("pg", "glucagon injected into muscle")
    def glucagon_im(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"H_im": y.H_im + amount / u.weight}
