"""All drugs together: factors multiply, rates of death add."""

from __future__ import annotations

from insulinoma.model.subsystem import Equations, Input, Output, Subsystem, Values


class DrugEffects(Subsystem):
    """What tumor, islets, glucagon, insulin, liver and muscle feel of all drugs that a model holds."""

    diazoxide_tumor = Input("1", "diazoxide on the tumor", default=1.0)
    diazoxide_islet = Input("1", "diazoxide on the islets", default=1.0)
    octreotide_tumor = Input("1", "octreotide on the tumor", default=1.0)
    octreotide_islet = Input("1", "octreotide on the islets", default=1.0)
    octreotide_glucagon = Input("1", "octreotide on glucagon", default=1.0)
    octreotide_clearance = Input("1", "octreotide on insulin clearance", default=1.0)
    octreotide_sensitivity = Input("1", "octreotide on insulin sensitivity of muscle and fat", default=1.0)
    glucocorticoid_liver = Input("1", "glucocorticoid on hepatic insulin sensitivity", default=1.0)
    glucocorticoid_production = Input("1", "glucocorticoid on gluconeogenesis", default=1.0)
    everolimus_sensitivity = Input("1", "everolimus on insulin sensitivity of muscle and fat", default=1.0)
    everolimus_tumor = Input("1", "everolimus on secretion", default=1.0)
    everolimus_growth = Input("1", "everolimus on growth", default=1.0)
    interferon_growth = Input("1", "interferon on growth", default=1.0)
    prrt_tumor = Input("1", "flare after radiation", default=1.0)
    kill_prrt = Input("1/d", "death by radiation", default=0.0)
    kill_etoposide_cisplatin = Input("1/d", "death by etoposide and cisplatin", default=0.0)
    kill_irinotecan_cisplatin = Input("1/d", "death by irinotecan and cisplatin", default=0.0)
    kill_streptozocin_doxorubicin = Input("1/d", "death by streptozocin and doxorubicin", default=0.0)

    f_tumor = Output("1", "factor of drugs on secretion by the tumor")
    f_islet = Output("1", "factor of drugs on secretion by the islets")
    f_glucagon = Output("1", "factor of drugs on glucagon secretion")
    f_clearance = Output("1", "factor of drugs on insulin clearance")
    f_hepatic_sensitivity = Output("1", "factor of drugs on sensitivity of the liver")
    f_peripheral_sensitivity = Output("1", "factor of drugs on sensitivity of muscle and fat")
    f_production = Output("1", "factor of drugs on gluconeogenesis")
    f_growth = Output("1", "factor of drugs on growth")
    kill = Output("1/d", "death by drugs and radiation")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        platinum = u.kill_etoposide_cisplatin + u.kill_irinotecan_cisplatin
        return {
            "f_tumor": u.diazoxide_tumor * u.octreotide_tumor * u.everolimus_tumor * u.prrt_tumor,
            "f_islet": u.diazoxide_islet * u.octreotide_islet,
            "f_glucagon": u.octreotide_glucagon,
            "f_clearance": u.octreotide_clearance,
            "f_hepatic_sensitivity": u.glucocorticoid_liver,
            "f_peripheral_sensitivity": u.octreotide_sensitivity * u.everolimus_sensitivity,
            "f_production": u.glucocorticoid_production,
            "f_growth": u.everolimus_growth * u.interferon_growth,
            "kill": platinum + u.kill_streptozocin_doxorubicin + u.kill_prrt,
        }
