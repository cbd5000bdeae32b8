"""From the mouth to the portal vein [DallaMan2006, DallaMan2007]."""

from __future__ import annotations

from typing import Any

from insulinoma.model.functions import tanh
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values, event


class Absorption(Subsystem):
    """Solid food is ground, then emptied; a drink is ground from the start.

    The stomach empties fast when full, slowly when half empty and fast again at the end, relative
    to what it held after the last meal.
    """

    Q_sto1 = State("mg", "solid carbohydrate in the stomach", initial=0.0)
    Q_sto2 = State("mg", "ground or liquid carbohydrate in the stomach", initial=0.0)
    Q_gut = State("mg", "carbohydrate in the gut", initial=0.0)
    D = State("mg", "carbohydrate in the stomach right after the last meal")
    weight = Input("kg", "body weight")
    R_a = Output("mg/kg/min", "glucose of the meal that appears in the circulation")
    first_pass = Output("mg/kg/min", "glucose of the meal that the liver keeps")

    D_0 = Parameter(1000.0, "mg", "meal assumed before the first one", status="assumption")
    k_gri = Parameter(0.0558, "1/min", "grinding", cv=0.2, ref="DallaMan2007")
    k_max = Parameter(0.0558, "1/min", "fastest emptying", cv=0.2, ref="DallaMan2007")
    k_min = Parameter(0.0080, "1/min", "slowest emptying", cv=0.2, ref="DallaMan2007")
    k_abs = Parameter(0.057, "1/min", "absorption", cv=0.25, ref="DallaMan2007")
    f_abs = Parameter(
        0.90, "1", "share of what is absorbed that passes the liver", cv=0.05, high=1.0, ref="DallaMan2007"
    )
    b = Parameter(
        0.82, "1", "share of the meal at which emptying slows", cv=0.05, low=0.5, high=0.95, ref="DallaMan2007"
    )
    d = Parameter(
        0.010, "1", "share of the meal at which emptying speeds up", cv=0.2, low=0.002, high=0.3, ref="DallaMan2007"
    )

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        Q = y.Q_sto1 + y.Q_sto2
        a = 5 / (2 * y.D * (1 - p.b))
        c = 5 / (2 * y.D * p.d)
        shape = tanh(a * (Q - p.b * y.D)) - tanh(c * (Q - p.d * y.D)) + 2
        k_empt = p.k_min + (p.k_max - p.k_min) / 2 * shape
        absorbed = p.k_abs * y.Q_gut / u.weight
        return {
            "Q_sto1": -p.k_gri * y.Q_sto1,
            "Q_sto2": p.k_gri * y.Q_sto1 - k_empt * y.Q_sto2,
            "Q_gut": k_empt * y.Q_sto2 - p.k_abs * y.Q_gut,
            "D": 0 * p.k_gri * y.D,
            "R_a": p.f_abs * absorbed,
            "first_pass": (1 - p.f_abs) * absorbed,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        return {"D": p.D_0}

    @event("mg", "carbohydrate of a solid meal")
    def meal(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"Q_sto1": y.Q_sto1 + amount, "D": y.Q_sto1 + y.Q_sto2 + amount}

    @event("mg", "carbohydrate of a drink")
    def drink(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return {"Q_sto2": y.Q_sto2 + amount, "D": y.Q_sto1 + y.Q_sto2 + amount}
