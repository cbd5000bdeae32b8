"""Glucose, insulin and beta-cell mass over months [Topp2000]."""

from __future__ import annotations

from functools import cache

from insulinoma.model.compose import Model, compose
from insulinoma.model.functions import sqrt
from insulinoma.model.subsystem import Constant, Equations, Input, Parameter, State, Subsystem, Values


class Glucose(Subsystem):
    """Plasma glucose: production, and uptake with and without insulin."""

    time_unit = "d"
    G = State("mg/dL", "plasma glucose", analyte="glucose")
    I = Input("uU/mL", "plasma insulin")
    G_rest = Input("mg/dL", "glucose that keeps the beta-cell mass")

    R_0 = Parameter(864.0, "mg/dL/d", "production at zero glucose", ref="Topp2000")
    E_G0 = Parameter(1.44, "1/d", "glucose effectiveness at zero insulin", ref="Topp2000")
    S_I = Parameter(0.72, "mL/uU/d", "insulin sensitivity", ref="Topp2000")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {"G": p.R_0 - (p.E_G0 + p.S_I * u.I) * y.G}

    def basal(self, p: Values, u: Values) -> Equations:
        return {"G": u.G_rest}


class Islets(Subsystem):
    """Beta cells that secrete insulin, multiply with glucose, and die of much glucose."""

    time_unit = "d"
    I = State("uU/mL", "plasma insulin", analyte="insulin")
    B = State("mg", "beta-cell mass")
    G_rest = Constant("mg/dL", "glucose that keeps the beta-cell mass")
    G = Input("mg/dL", "plasma glucose")
    R_0 = Input("mg/dL/d", "glucose production at zero glucose")
    E_G0 = Input("1/d", "glucose effectiveness at zero insulin")
    S_I = Input("mL/uU/d", "insulin sensitivity")

    sigma = Parameter(43.2, "uU/mL/d/mg", "largest secretion", ref="Topp2000")
    alpha = Parameter(20000.0, "mg^2/dL^2", "square of the glucose of half secretion", ref="Topp2000")
    k = Parameter(432.0, "1/d", "insulin clearance", ref="Topp2000")
    d_0 = Parameter(0.06, "1/d", "beta-cell death at zero glucose", ref="Topp2000")
    r_1 = Parameter(0.84e-3, "dL/mg/d", "beta-cell growth with glucose", ref="Topp2000")
    r_2 = Parameter(0.24e-5, "dL^2/mg^2/d", "beta-cell loss with glucose", ref="Topp2000")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {
            "I": y.B * p.sigma * u.G**2 / (p.alpha + u.G**2) - p.k * y.I,
            "B": (-p.d_0 + p.r_1 * u.G - p.r_2 * u.G**2) * y.B,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        insulin = (u.R_0 / u.G - u.E_G0) / u.S_I
        return {
            "G_rest": (p.r_1 - sqrt(p.r_1**2 - 4 * p.r_2 * p.d_0)) / (2 * p.r_2),
            "I": insulin,
            "B": p.k * insulin * (p.alpha + u.G**2) / (p.sigma * u.G**2),
        }


@cache
def topp_2000() -> Model:
    """The model with the published parameters; at rest glucose is 100 mg/dL, beta cells 300 mg."""
    return compose("topp_2000", {"glucose": Glucose(), "islets": Islets()})
