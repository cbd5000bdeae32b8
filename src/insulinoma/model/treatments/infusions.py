"""Dextrose and glucagon by infusion, ordered by time as in the clinic, given by body weight."""

from __future__ import annotations

from insulinoma.model.subsystem import Equations, Input, Output, Parameter, Subsystem, Values


class Dextrose(Subsystem):
    """Glucose into a vein: a drip, parenteral nutrition, or a rate by body weight.

    D10 holds 100 mg/mL and D50 500 mg/mL. Injections and drinks are events of glucose and gut. No dose
    of the index case is known.
    """

    dextrose_drip = Input("mg/min", "dextrose by drip", default=0.0)
    parenteral_nutrition = Input("mg/min", "glucose of parenteral nutrition", default=0.0)
    dextrose = Input("mg/kg/min", "glucose by body weight", default=0.0)
    weight = Input("kg", "body weight")

    intravenous_glucose = Output("mg/kg/min", "glucose given intravenously")

    x_glucose = Parameter(
        0.91, "1", "glucose in dextrose monohydrate", ref="GeneralKnowledge",
        note="molar mass 180.2 of 198.2; 3.4 kcal/g",
    )  # fmt: skip

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        given = p.x_glucose * u.dextrose_drip + u.parenteral_nutrition
        return {"intravenous_glucose": given / u.weight + u.dextrose}


class GlucagonDrip(Subsystem):
    """Glucagon by drip: 0.05 to 0.1 mg/h reported in refractory hypoglycemia; it needs glycogen to act.

    It stimulates the tumor too, through the gain of all beta cells. Injections are events of the
    counter-regulation.
    """

    glucagon_drip = Input("pg/min", "glucagon by drip", default=0.0)
    glucagon_infusion = Input("pg/kg/min", "glucagon by body weight", default=0.0)
    weight = Input("kg", "body weight")

    intravenous_glucagon = Output("pg/kg/min", "glucagon given intravenously")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {"intravenous_glucagon": u.glucagon_drip / u.weight + u.glucagon_infusion}
