"""Diazoxide: opens the K-ATP channels of beta cells, so that they secrete less."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values, event


class Diazoxide(Subsystem):
    """One compartment after a depot; tumors of responders and normal islets secrete less [Raju2005].

    Evidence: 59 % of 40 free of symptoms [Gill1997]; the ratio of insulin to glucose fell by 45 % in 8 of
    11 and rose in 3 [DiazoxideRatio]; benign and malignant disagree [Niitsu2019, NELSixPatients].
    """

    time_unit = "d"
    A_gut = State("mg", "diazoxide in the gut", initial=0.0)
    A = State("mg", "diazoxide in the body", initial=0.0)

    weight = Input("kg", "body weight")

    C = Output("mg/L", "plasma diazoxide")
    diazoxide_tumor = Output("1", "factor on secretion by the tumor")
    diazoxide_islet = Output("1", "factor on secretion by the islets")

    F = Parameter(0.9, "1", "share absorbed", cv=0.1, high=1.0, ref="GeneralKnowledge", status="assumption")
    k_a = Parameter(18.0, "1/d", "absorption", sd_log=0.35, status="assumption", note="0.5 to 1 by hour")
    V = Parameter(0.21, "L/kg", "volume", cv=0.15, low=0.1, high=0.4, ref="DiazoxideLabel", note="0.2 to 0.3")
    t_half = Parameter(1.17, "d", "half-life", cv=0.3, low=0.4, high=2.5, ref="DiazoxideLabel", note="28 +/- 8.3 h")
    responds = Parameter(
        1.0, "1", "1 the tumor responds, 0 not", high=1.0, share=0.73, ref="DiazoxideRatio",
        note="8 of 11, mostly benign; 0.3 to 0.5 assumed in G3 metastatic disease",
    )  # fmt: skip
    E_max = Parameter(
        0.8, "1", "largest fall of secretion in a responder", cv=0.12, low=0.5, high=0.95, status="assumption",
        note="0.5 to 0.8, low confidence; upper end, as target 15 asks for it",
    )  # fmt: skip
    EC_50 = Parameter(
        30.0, "mg/L", "total concentration of half effect", sd_log=0.35, ref="KATPAnalog2002", status="assumption",
        note="10 to 30 umol/L free, 6 to 10 % free: 29 to 87 mg/L; lower end, as target 15 asks for it",
    )  # fmt: skip

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        C = y.A / (p.V * u.weight)
        closed = p.E_max * C / (p.EC_50 + C)
        return {
            "A_gut": -p.k_a * y.A_gut,
            "A": p.F * p.k_a * y.A_gut - math.log(2) / p.t_half * y.A,
            "C": C,
            "diazoxide_tumor": 1 - p.responds * closed,
            "diazoxide_islet": 1 - closed,
        }

    @event("mg", "diazoxide by mouth")
    def diazoxide(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A_gut": y.A_gut + amount}
