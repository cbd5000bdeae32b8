"""Cytotoxic regimens: each course kills, with delay, a share of the tumor that falls from course to course."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.functions import exp
from insulinoma.model.subsystem import Equations, Output, Parameter, State, Subsystem, Values, event

LN10 = math.log(10)


class Chemotherapy(Subsystem):
    """K-PD: a course passes two delays; `z` counts the courses that have acted, and resistance grows with it.

    After n courses the log10 kill is `log_kill` (1 - exp(-rho n)) / rho in a sensitive tumor [Claret2009].
    A regimen declares `sensitive`, `log_kill` and `rho`, and its course by name.
    """

    time_unit = "d"
    A = State("1", "courses given that do not act yet", initial=0.0)
    E = State("1", "courses acting", initial=0.0)
    z = State("1", "courses that have acted", initial=0.0)

    regimen_kill = Output("1/d", "death of tumor by the regimen")

    k = Parameter(0.2, "1/d", "delay, each of two", sd_log=0.4, status="assumption", note="shrinks after 2 to 3 weeks")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        acting = p.k * y.E
        return {
            "A": -p.k * y.A,
            "E": p.k * y.A - acting,
            "z": acting,
            "regimen_kill": LN10 * p.sensitive * p.log_kill * exp(-p.rho * y.z) * acting,
        }


@event("1", "a course, 1 at full dose", high=1)
def _course(self: Chemotherapy, y: Values, p: Values, u: Values, amount: Any) -> Equations:
    return {"A": y.A + amount}


class EtoposideCisplatin(Chemotherapy):
    """Etoposide 100 mg/m2 on days 1 to 3 and cisplatin 80 to 100 on day 1, every 3 weeks, in carcinoma of high grade.

    Evidence: 17 of 41 respond in poorly differentiated tumors [Mitry1999], 54.5 % [Morizane2022]; immediate
    progression in 41 % of NEC and 24 % of NET G3 [Sorbye2025]. The doses of the index case are unknown.
    """

    sensitive = Parameter(
        1.0, "1", "1 a sensitive tumor, 0 a refractory one", high=1.0, share=0.55, ref="Sorbye2025", status="fit",
        note="1 minus immediate progression",
    )  # fmt: skip
    log_kill = Parameter(
        0.8, "1", "log10 kill of the first course", sd_log=0.5, ref="Mitry1999", status="fit",
        note="index case: 0 to 0.3",
    )  # fmt: skip
    rho = Parameter(0.25, "1", "resistance by course", sd_log=0.5, status="fit", ref="Sorbye2025")
    etoposide_cisplatin = _course


class IrinotecanCisplatin(Chemotherapy):
    """Irinotecan 60 mg/m2 on days 1, 8, 15 and cisplatin 60 on day 1, every 4 weeks.

    Evidence: as etoposide and cisplatin, 52.5 against 54.5 % [Morizane2022], 42.4 % both [EPIP2020].
    """

    sensitive = EtoposideCisplatin.parameters["sensitive"]
    log_kill = EtoposideCisplatin.parameters["log_kill"]
    rho = EtoposideCisplatin.parameters["rho"]
    irinotecan_cisplatin = _course


class StreptozocinDoxorubicin(Chemotherapy):
    """Streptozocin 500 mg/m2 on 5 days and doxorubicin 50 mg/m2, every 6 weeks, in well differentiated tumors.

    Evidence: 69 % by old criteria [Moertel1992], 36 % (22 to 49) in modern series, progression after 20 months.
    """

    sensitive = Parameter(
        1.0, "1", "1 a sensitive tumor, 0 a refractory one", high=1.0, share=0.5, ref="Moertel1992", status="assumption"
    )
    log_kill = Parameter(0.25, "1", "log10 kill of the first course", sd_log=0.5, ref="Moertel1992", status="fit")
    rho = Parameter(0.15, "1", "resistance by course", sd_log=0.5, status="assumption")
    streptozocin_doxorubicin = _course
