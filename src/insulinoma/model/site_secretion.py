"""Insulin and C-peptide from the tumor, mole for mole, and the flare when tissue dies."""

from __future__ import annotations

from insulinoma.model.functions import hill
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, Subsystem, Values


class TumorDrive(Subsystem):
    """What drives all sites alike: one part ignores glucose, the other follows it; glucagon and drugs multiply."""

    G = Input("mg/dL", "plasma glucose")
    glucagon_gain = Input("1", "stimulation of beta cells by glucagon")
    f_tumor = Input("1", "factor of drugs on secretion", default=1.0)
    drive = Output("1", "secretion, of its largest at rest")

    phi = Parameter(
        0.63, "1", "share that ignores glucose", cv=0.3, low=0.2, high=1.0, ref="Saddig2002", status="derived",
        note="37 +/- 24 % suppressible, if the test started near 90 mg/dL",
    )  # fmt: skip
    G_T = Parameter(50.0, "mg/dL", "glucose of half response", cv=0.2, status="assumption")
    n_T = Parameter(4.2, "1", "steepness of response", ref="Koenig2012", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        response = p.phi + (1 - p.phi) * hill(u.G, p.G_T, p.n_T)
        return {"drive": response * u.glucagon_gain * u.f_tumor}


class SiteSecretion(Subsystem):
    """Secretion at one site: perfused tissue secretes, dying tissue releases what it had stored."""

    V = Input("mL", "viable, perfused tissue")
    necrosis = Input("mL/min", "viable tissue that dies")
    drive = Input("1", "secretion, of its largest at rest")
    sigma = Input("pmol/min/mL", "largest secretion at rest by volume")
    t_stored = Input("min", "time of largest secretion that fills the store")

    S = Output("pmol/min", "secretion")
    flare = Output("pmol/min", "release from dying tissue, in the secretion")

    q = Parameter(1.0, "1", "secretion by volume, times that of the whole tumor", sd_log=0.5, status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        flare = p.q * u.sigma * u.t_stored * u.necrosis
        return {"S": p.q * u.sigma * u.V * u.drive + flare, "flare": flare}


class TumorSecretion(Subsystem):
    """The sum of the sites by body weight; what a model leaves out does not secrete."""

    S_primary = Input("pmol/min", "secretion by the primary", default=0.0)
    S_right_lobe = Input("pmol/min", "secretion by the right lobe", default=0.0)
    S_left_lobe = Input("pmol/min", "secretion by the left lobe", default=0.0)
    S_other = Input("pmol/min", "secretion elsewhere", default=0.0)
    weight = Input("kg", "body weight")

    S_total = Output("pmol/min", "secretion by the tumor")
    S_tumor = Output("pmol/kg/min", "secretion by the tumor")

    sigma = Parameter(
        55.0, "pmol/min/mL", "largest secretion at rest by volume", sd_log=0.8, status="assumption",
        note="benign: 1.8 mL that need about 100 pmol/min; 10 to 50 times less in metastases of high grade",
    )  # fmt: skip
    t_stored = Parameter(
        240.0, "min", "time of largest secretion that fills the store", sd_log=1.0, status="assumption",
        note="no published content; a flare after necrosis is possible, and the index case had none the day after",
    )  # fmt: skip

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        S = u.S_primary + u.S_right_lobe + u.S_left_lobe + u.S_other
        return {"S_total": S, "S_tumor": S / u.weight}
