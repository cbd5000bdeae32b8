"""Symptoms of hypoglycemia: of the autonomic nerves, and of the brain."""

from __future__ import annotations

from typing import Any

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values


class Symptoms(Subsystem):
    """The brain suffers when glucose and ketones together feed it too little; nerves answer to epinephrine.

    So ketones protect in a fast, and blunted epinephrine makes hypoglycemia unaware.
    """

    neuroglycopenia = State("1", "symptoms of the brain, 0 to 1")

    G = Input("mg/dL", "plasma glucose")
    G_b = Input("mg/dL", "basal plasma glucose")
    K_cns = Input("mg/dL", "glucose of half brain uptake")
    z_K = Input("1", "brain fuel that ketones can replace")
    x_K = Input("1", "share of the brain's fuel that ketones could replace, in use")
    x_Kb = Input("1", "the same at rest")
    Ep = Input("pg/mL", "epinephrine")
    autonomic = Output("1", "autonomic symptoms, 0 to 1")
    fuel = Output("1", "supply of the brain with glucose and ketones, times basal")
    fuel_n = Constant("1", "supply of half neuroglycopenia")

    G_n = Parameter(
        51.0, "mg/dL", "glucose of half neuroglycopenia with ketones as at rest", cv=0.06, ref="Mitrakou1991"
    )
    n_n = Parameter(30.0, "1", "steepness of neuroglycopenia in supply", status="assumption")
    tau_n = Parameter(10.0, "min", "delay of neuroglycopenia", cv=0.5, status="assumption")
    Ep_s = Parameter(440.0, "pg/mL", "epinephrine of half symptoms", cv=0.3, ref="Mitrakou1991", status="derived")
    n_s = Parameter(4.0, "1", "steepness of autonomic symptoms", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        fuel = _fuel(u.G, u.x_K, u)
        return {
            "neuroglycopenia": (1 - hill(fuel, p.fuel_n, p.n_n) - y.neuroglycopenia) / p.tau_n,
            "autonomic": hill(u.Ep, p.Ep_s, p.n_s),
            "fuel": fuel,
        }

    def basal(self, p: Values, u: Values) -> Equations:
        fuel_n = _fuel(p.G_n, u.x_Kb, u)
        return {"fuel_n": fuel_n, "neuroglycopenia": 1 - hill(1, fuel_n, p.n_n)}


def _fuel(glucose: Any, ketones: Any, u: Values) -> Any:
    """The supply of the brain, times basal: 0 without glucose and ketones, 1 with both as at rest."""
    carried = glucose / (glucose + u.K_cns) * (u.G_b + u.K_cns) / u.G_b
    return (carried + u.z_K * ketones) / (1 + u.z_K * u.x_Kb)
