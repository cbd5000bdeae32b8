"""Glucocorticoid: the liver answers less to insulin and makes more glucose."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.subsystem import Equations, Output, Parameter, State, Subsystem, Values, event


class Glucocorticoid(Subsystem):
    """Amount in the body as prednisolone, and an effect that follows the daily dose with a delay.

    Doses in use: prednisolone 20 to 60 mg/d, hydrocortisone 100 to 200 mg/d. Case-level evidence only.
    """

    time_unit = "d"
    A = State("mg", "prednisolone in the body", initial=0.0)
    R = State("mg/d", "dose rate as the liver feels it", initial=0.0)

    glucocorticoid_liver = Output("1", "factor on hepatic insulin sensitivity")
    glucocorticoid_production = Output("1", "factor on gluconeogenesis")

    F = Parameter(0.8, "1", "share of prednisolone absorbed", cv=0.1, high=1.0, ref="GeneralKnowledge")
    t_half = Parameter(0.125, "d", "half-life", cv=0.2, ref="GeneralKnowledge", note="3 h")
    tau = Parameter(0.25, "d", "delay of the effect", sd_log=0.3, status="assumption", note="onset in 4 to 8 h")
    x_hydrocortisone = Parameter(0.25, "1", "hydrocortisone as prednisolone", ref="GeneralKnowledge")
    E_max = Parameter(
        0.6, "1", "largest fall of hepatic sensitivity", sd_log=0.25, high=0.95, status="assumption",
        note="30 to 50 % at 20 to 60 mg/d, medium confidence",
    )  # fmt: skip
    E_p = Parameter(
        0.22, "1", "largest rise of production", sd_log=0.4, status="assumption", note="10 to 20 % at these doses"
    )
    R_50 = Parameter(16.0, "mg/d", "absorbed dose rate of half effect", sd_log=0.5, status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        removed = math.log(2) / p.t_half * y.A
        effect = y.R / (p.R_50 + y.R)
        return {
            "A": -removed,
            "R": (removed - y.R) / p.tau,
            "glucocorticoid_liver": 1 - p.E_max * effect,
            "glucocorticoid_production": 1 + p.E_p * effect,
        }

    @event("mg", "prednisolone by mouth")
    def prednisolone(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A": y.A + p.F * amount}

    @event("mg", "hydrocortisone into a vein")
    def hydrocortisone(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A": y.A + p.x_hydrocortisone * amount}
