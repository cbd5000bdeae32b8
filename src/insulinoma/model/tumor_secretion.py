"""Secretion of insulin by the tumor."""

from __future__ import annotations

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, Subsystem, Values


class TumorSecretion(Subsystem):
    """One part ignores glucose, the other follows it; glucagon stimulates both."""

    G = Input("mg/dL", "plasma glucose")
    glucagon_gain = Input("1", "stimulation of beta cells by glucagon")
    f_tumor = Input("1", "factor of drugs and of lost tumor", default=1.0)
    S_tumor = Output("pmol/kg/min", "secretion by the tumor")

    sigma = Parameter(0.0, "pmol/kg/min", "secretion at high glucose", cv=0.6, status="fit")
    phi = Parameter(0.25, "1", "share that ignores glucose", cv=0.3, low=0.2, high=1.0, ref="Saddig2002", status="fit")
    G_T = Parameter(50.0, "mg/dL", "glucose of half response", cv=0.1, ref="Saddig2002", status="fit")
    n_T = Parameter(4.2, "1", "steepness of response", ref="Koenig2012", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        responsive = p.phi + (1 - p.phi) * hill(u.G, p.G_T, p.n_T)
        return {"S_tumor": p.sigma * u.f_tumor * responsive * u.glucagon_gain}
