"""From the plate to the plasma: two stomach compartments and the gut [DallaMan2007]."""

from __future__ import annotations

from insulinoma.model.functions import tanh
from insulinoma.model.subsystem import (
    Equations,
    Input,
    Output,
    Parameter,
    State,
    Subsystem,
    Values,
    event,
)


class Meal(Subsystem):
    """Stomach with solid and ground phase, emptied fast, slowly, and fast again, and the gut."""

    Q_sto1 = State("mg", "glucose in the stomach, solid", initial=0.0)
    Q_sto2 = State("mg", "glucose in the stomach, ground", initial=0.0)
    Q_gut = State("mg", "glucose in the gut", initial=0.0)
    D = State("mg", "glucose in the stomach when the last meal was eaten")
    eating = Input("mg/min", "glucose swallowed", default=0.0)
    R_a = Output("mg/kg/min", "glucose appearing from the meal")

    BW = Parameter(78.0, "kg", "body weight", ref="DallaMan2007")
    D_typical = Parameter(78000.0, "mg", "meal assumed before the first one", ref="DallaMan2007")
    k_gri = Parameter(0.0558, "1/min", "grinding", ref="DallaMan2007")
    k_max = Parameter(0.0558, "1/min", "fastest emptying", ref="DallaMan2007")
    k_min = Parameter(0.0080, "1/min", "slowest emptying", ref="DallaMan2007")
    k_abs = Parameter(0.057, "1/min", "absorption", ref="DallaMan2007")
    f = Parameter(0.90, "1", "fraction that reaches the plasma", ref="DallaMan2007")
    b = Parameter(0.82, "1", "share of the meal at which emptying slows", ref="DallaMan2007")
    d = Parameter(0.010, "1", "share of the meal at which emptying speeds up", ref="DallaMan2007")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        Q_sto = y.Q_sto1 + y.Q_sto2
        a = 5 / (2 * y.D * (1 - p.b))
        c = 5 / (2 * y.D * p.d)
        k_empt = p.k_min + (p.k_max - p.k_min) / 2 * (tanh(a * (Q_sto - p.b * y.D)) - tanh(c * (Q_sto - p.d * y.D)) + 2)
        return {
            "Q_sto1": u.eating - p.k_gri * y.Q_sto1,
            "Q_sto2": p.k_gri * y.Q_sto1 - k_empt * y.Q_sto2,
            "Q_gut": k_empt * y.Q_sto2 - p.k_abs * y.Q_gut,
            "D": 0 * u.eating,
            "R_a": p.f * p.k_abs * y.Q_gut / p.BW,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        return {"D": p.D_typical}

    @event("mg", "a meal swallowed at once")
    def meal(self, y: Values, p: Values, u: Values, amount: object) -> Equations:
        return {"Q_sto1": y.Q_sto1 + amount, "D": y.Q_sto1 + y.Q_sto2 + amount}

    @event("mg", "the first bite of a meal that is eaten over time")
    def first_bite(self, y: Values, p: Values, u: Values, amount: object) -> Equations:
        return {"D": y.Q_sto1 + y.Q_sto2 + amount}

    @event("mg", "a further bite of a meal that is eaten over time")
    def bite(self, y: Values, p: Values, u: Values, amount: object) -> Equations:
        return {"D": y.D + amount}
