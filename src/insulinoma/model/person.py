"""The person: what does not change in the course of a simulation."""

from __future__ import annotations

from insulinoma.model.subsystem import Constant, Equations, Parameter, Subsystem, Values


class Person(Subsystem):
    """Covariates, and the body surface that follows from them [DuBois1916]."""

    BSA = Constant("m^2", "body surface")

    weight = Parameter(70.0, "kg", "body weight", low=30.0, high=200.0, status="covariate")
    height = Parameter(175.0, "cm", "height", low=120.0, high=220.0, status="covariate")
    age = Parameter(40.0, "year", "age", low=18.0, high=100.0, status="covariate")
    woman = Parameter(0.0, "1", "1 woman, 0 man", high=1.0, status="covariate")
    BSA_r = Parameter(1.809707, "m^2", "body surface of the reference body", ref="DuBois1916")
    weight_r = Parameter(70.0, "kg", "weight of the reference body", ref="DuBois1916")
    height_r = Parameter(170.0, "cm", "height of the reference body", ref="DuBois1916")
    n_weight = Parameter(0.425, "1", "power of the weight", ref="DuBois1916")
    n_height = Parameter(0.725, "1", "power of the height", ref="DuBois1916")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {}

    def basal(self, p: Values, u: Values) -> Equations:
        return {"BSA": p.BSA_r * (p.weight / p.weight_r) ** p.n_weight * (p.height / p.height_r) ** p.n_height}
