"""The controller of a glucose clamp, as part of the equations."""

from __future__ import annotations

from insulinoma.model.functions import smooth_positive
from insulinoma.model.subsystem import Equations, Input, Output, Parameter, State, Subsystem, Values


class GlucoseClamp(Subsystem):
    """Glucose is infused in proportion to the distance from the target and to its integral.

    The infusion cannot be negative; while it is held at zero the integral is drawn back, so that it
    does not wind up. Being an equation, it is the same for every solver.
    """

    J = State("mg/kg/min", "integral part of the infusion", initial=0.0)
    G = Input("mg/dL", "plasma glucose")
    target = Input("mg/dL", "glucose to hold", default=90.0)
    clamp = Output("mg/kg/min", "glucose infusion of the clamp")

    k_P = Parameter(0.25, "mg/kg/min*dL/mg", "infusion by distance from the target", status="assumption")
    k_I = Parameter(0.02, "mg/kg/min^2*dL/mg", "change of the infusion by distance", status="assumption")
    tau_w = Parameter(5.0, "min", "draw-back of the integral", status="assumption")
    w = Parameter(0.02, "mg/kg/min", "rounding at zero infusion", status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        distance = u.target - u.G
        wanted = p.k_P * distance + y.J
        given = smooth_positive(wanted, p.w)
        return {"J": p.k_I * distance + (given - wanted) / p.tau_w, "clamp": given}
