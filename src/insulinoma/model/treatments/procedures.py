"""What is done to tumor at one site: embolization, ablation, resection."""

from __future__ import annotations

import math
from typing import Any

from insulinoma.model.functions import exp
from insulinoma.model.subsystem import Equations, Parameter, State, Subsystem, Values, event

LN10 = math.log(10)


class Tissue(Subsystem):
    """The tissue of a tumor at one site, and the procedures that change it at once.

    Embolization takes the perfusion from the share 1 - exp(-x) of the viable tissue: that tissue stops
    to secrete at that moment and dies within a day. Bland and drug-loaded particles differ by a further
    kill that is small and uncertain, as the published comparisons disagree [deMestier2017].
    """

    time_unit = "d"
    V = State("mL", "viable, perfused tissue")
    W = State("mL", "viable tissue without perfusion", initial=0.0)
    D = State("mL", "tissue dying of a drug or of radiation", initial=0.0)
    N = State("mL", "necrotic tissue", initial=0.0)
    r = State("1", "arterial supply, 1 before any embolization", initial=1.0)

    x_TAE = Parameter(
        1.2, "1", "minus log of the perfusion left by one embolization", sd_log=0.4, ref="ParticleSize2019",
        status="fit",
        note="50 to 95 % lose their perfusion; 42 to 64 % respond (mRECIST), 52 % after 4 weeks [BlandBeads2020]",
    )  # fmt: skip
    L_TACE = Parameter(
        0.1, "1", "log10 kill of what keeps its perfusion, by the drug of one TACE", sd_log=1.0, ref="deMestier2017",
        status="assumption", note="no clear difference from bland embolization is published",
    )  # fmt: skip
    x_ablation = Parameter(
        3.0, "1", "minus log of the tissue left by one ablation", sd_log=0.4, ref="EUSRFA2020", status="assumption",
        note="clinical efficacy 96 % (75 to 100), best up to 18 mm",
    )  # fmt: skip

    @event("1", "bland embolization, 1 for all arteries of the site", high=1)
    def embolize(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return _occluded(y, exp(-p.x_TAE * amount), 1)

    @event("1", "chemoembolization, 1 for all arteries of the site", high=1)
    def chemoembolize(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        return _occluded(y, exp(-p.x_TAE * amount), exp(-LN10 * p.L_TACE * amount))

    @event("1", "ablation, 1 for one treatment of all lesions of the site", high=1)
    def ablate(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        left = exp(-p.x_ablation * amount)
        return {"V": y.V * left, "W": y.W * left, "N": y.N + (1 - left) * (y.V + y.W)}

    @event("1", "resection, 1 for all tumor of the site", high=1)
    def resect(self, y: Values, p: Values, u: Values, amount: Any) -> Equations:
        left = 1 - amount
        return {"V": left * y.V, "W": left * y.W, "D": left * y.D, "N": left * y.N}


def _occluded(y: Values, perfused: Any, spared: Any) -> Equations:
    kept = perfused * spared
    return {"V": y.V * kept, "W": y.W + y.V * (1 - kept), "r": y.r * perfused}
