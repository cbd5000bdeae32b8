"""177Lu-DOTATATE: radiation to tumor with SSTR2, and a flare of secretion in the first days."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.subsystem import Equations, Output, Parameter, State, Subsystem, Values, event

LN10 = math.log(10)


class PRRT(Subsystem):
    """Each cycle kills over weeks; cells hit secrete more for some days.

    7.4 GBq, four times, every 8 to 10 weeks. Evidence: hypoglycemia resolved in 14 of 15 after a median of
    2.5 months (0.2 to 23.5), recurred in 7 of 14 after 17.7; a flare of more than 48 h in hospital in 7 of
    15 [PRRT2025].
    """

    time_unit = "d"
    A = State("GBq", "activity that has not killed yet", initial=0.0)
    f = State("1", "flare: rise of secretion", initial=0.0)

    kill_prrt = Output("1/d", "death of tumor by radiation")
    prrt_tumor = Output("1", "factor on secretion by the tumor")

    uptake = Parameter(
        1.0, "1", "1 the tumor takes the drug up, 0 not", high=1.0, share=0.93, ref="PRRT2025",
        note="14 of 15 treated, who were chosen by a scan",
    )  # fmt: skip
    log_kill = Parameter(
        0.05, "1/GBq", "log10 kill by activity", sd_log=0.5, ref="PRRT2025", status="fit", note="0.37 by cycle"
    )
    tau = Parameter(30.0, "d", "delay of the kill", sd_log=0.5, ref="PRRT2025", status="fit")
    a = Parameter(0.1, "1/GBq", "flare by activity", sd_log=1.0, ref="PRRT2025", status="fit")
    tau_flare = Parameter(2.0, "d", "duration of the flare", sd_log=0.4, low=0.5, ref="PRRT2025", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {
            "A": -y.A / p.tau,
            "f": -y.f / p.tau_flare,
            "kill_prrt": LN10 * p.uptake * p.log_kill * y.A / p.tau,
            "prrt_tumor": 1 + p.uptake * y.f,
        }

    @event("GBq", "a cycle of 177Lu-DOTATATE")
    def lutetium_dotatate(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"A": y.A + amount, "f": y.f + p.a * amount}
