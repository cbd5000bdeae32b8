"""Drugs that slow the tumor and do not kill it: everolimus and interferon."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values, event


class Everolimus(Subsystem):
    """Slows growth [Yao2011], secretion, and insulin action on muscle and fat within days to two weeks.

    Evidence: hypoglycemia controlled in 11 of 12, until it recurred after a median of 6.5 months [Bernard2013].
    """

    time_unit = "d"
    A = State("mg", "everolimus in the body, as dose", initial=0.0)
    R = State("mg/d", "dose rate as tissue feels it", initial=0.0)

    everolimus_growth = Output("1", "factor on growth")
    everolimus_tumor = Output("1", "factor on secretion by the tumor")
    everolimus_sensitivity = Output("1", "factor on insulin sensitivity of muscle and fat")

    t_half = Parameter(1.25, "d", "half-life", cv=0.25, ref="GeneralKnowledge", note="30 h")
    tau = Parameter(5.0, "d", "delay of the effect", sd_log=0.5, status="assumption", note="days to 2 weeks")
    R_50 = Parameter(5.0, "mg/d", "dose rate of half effect", sd_log=0.5, status="assumption")
    E_g = Parameter(
        0.87, "1", "largest fall of growth", cv=0.15, high=0.99, ref="Yao2011", status="derived",
        note="PFS 11.0 against 4.6 months at 10 mg/d: growth by 0.42",
    )  # fmt: skip
    E_s = Parameter(
        0.3, "1", "largest fall of secretion", sd_log=0.6, high=0.95, status="assumption", note="size unknown"
    )
    E_p = Parameter(
        0.3, "1", "largest fall of sensitivity", sd_log=0.6, high=0.95, status="assumption", note="size unknown"
    )

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        removed = math.log(2) / p.t_half * y.A
        effect = y.R / (p.R_50 + y.R)
        return {
            "A": -removed,
            "R": (removed - y.R) / p.tau,
            "everolimus_growth": 1 - p.E_g * effect,
            "everolimus_tumor": 1 - p.E_s * effect,
            "everolimus_sensitivity": 1 - p.E_p * effect,
        }

    @event("mg", "everolimus by mouth")
    def everolimus(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A": y.A + amount}


class Interferon(Subsystem):
    """Slows growth while it is given: none of 13 shrank, 6 of 13 were stable at 6 months [Pisegna1993]."""

    time_unit = "d"
    e = State("1", "effect, of its largest", initial=0.0)
    interferon_alfa = Input("1", "interferon alfa given, 1 for a usual dose", default=0.0, high=1)
    interferon_growth = Output("1", "factor on growth")

    tau = Parameter(14.0, "d", "delay of the effect", sd_log=0.5, status="assumption")
    E_g = Parameter(0.5, "1", "fall of growth", sd_log=0.5, high=0.99, ref="Pisegna1993", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {"e": (u.interferon_alfa - y.e) / p.tau, "interferon_growth": 1 - p.E_g * y.e}
