"""Ketone bodies, made when glycogen is spent and insulin is low; they spare the brain's glucose."""

from __future__ import annotations

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Constant, Equations, Input, Output, Parameter, State, Subsystem, Values


class Ketones(Subsystem):
    """Beta-hydroxybutyrate follows the emptiness of glycogen and is suppressed by insulin."""

    K = State("mmol/L", "plasma beta-hydroxybutyrate", analyte="beta_hydroxybutyrate")

    gc = Input("1", "fullness of glycogen, as it limits its release")
    gc_b = Input("1", "fullness of glycogen at rest")
    L_s = Input("1", "slow insulin signal, times basal")
    x_K = Output("1", "share of the brain's fuel that ketones could replace, in use")
    x_Kb = Constant("1", "the same at rest")

    K_m = Parameter(4.5, "mmol/L", "largest beta-hydroxybutyrate", cv=0.12, ref="Cahill1966", status="derived")
    tau_K = Parameter(1200.0, "min", "change of ketones", cv=0.15, status="assumption")
    L_K = Parameter(0.7, "1", "insulin, times basal, that halves ketogenesis", cv=0.3, status="assumption")
    n_K = Parameter(2.0, "1", "steepness of that suppression", status="assumption")
    K_N = Parameter(1.5, "mmol/L", "ketones of half use by the brain", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        made = p.K_m * (1 - u.gc) ** 2 * (1 - hill(u.L_s, p.L_K, p.n_K))
        return {"K": (made - y.K) / p.tau_K, "x_K": y.K / (y.K + p.K_N)}

    def basal(self, p: Values, u: Values) -> Equations:
        K = p.K_m * (1 - u.gc_b) ** 2 * (1 - hill(1, p.L_K, p.n_K))
        return {"K": K, "x_Kb": K / (K + p.K_N)}
