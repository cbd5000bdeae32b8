"""The parts of the tumor joined to one another: alone, in constant surroundings, or in a patient."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from insulinoma.model.compose import Model, compose
from insulinoma.model.markers import MARKERS
from insulinoma.model.patient import patient
from insulinoma.model.site_secretion import SiteSecretion, TumorDrive, TumorSecretion
from insulinoma.model.subsystem import Equations, Parameter, Subsystem, Values
from insulinoma.model.treatments.registry import TREATMENTS, treatment_parts
from insulinoma.model.tumor import SITES, Tumor, TumorBurden, TumorSite

Parts = tuple[dict[str, Subsystem], dict[str, str]]


class Surroundings(Subsystem):
    """What the physiology would give the tumor, held constant, so that tumor and treatments can run alone."""

    G = Parameter(60.0, "mg/dL", "plasma glucose", sd_log=0.3, status="assumption")
    glucagon_gain = Parameter(1.0, "1", "stimulation of beta cells by glucagon", sd_log=0.1, status="assumption")
    weight = Parameter(70.0, "kg", "body weight", sd_log=0.2, low=30, high=200, status="assumption")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {}


def tumor_parts(sites: Iterable[str] = SITES) -> Parts:
    """The parts of a tumor at these sites, and their connections; it asks for glucose, glucagon's gain and weight.

    >>> list(tumor_parts(["primary"])[0])
    ['tumor', 'primary', 'primary_secretion', 'burden', 'tumor_drive', 'tumor_secretion']
    """
    parts: dict[str, Subsystem] = {"tumor": Tumor()}
    connect: dict[str, str] = {}
    for site in sites:
        parts |= {site: TumorSite(), f"{site}_secretion": SiteSecretion()}
        connect |= {
            f"{site}.V_start": f"tumor.V_{site}",
            f"{site}.room": f"tumor.room_{site}",
            f"{site}_secretion.V": f"{site}.V",
            f"{site}_secretion.necrosis": f"{site}.necrosis",
            f"burden.viable_{site}": f"{site}.V",
            f"burden.CT_{site}": f"{site}.CT_volume",
            f"burden.necrosis_{site}": f"{site}.necrosis",
            f"tumor_secretion.S_{site}": f"{site}_secretion.S",
        }
    return parts | {"burden": TumorBurden(), "tumor_drive": TumorDrive(), "tumor_secretion": TumorSecretion()}, connect


@cache
def tumor_course(
    *, sites: tuple[str, ...] = SITES, treatments: tuple[str, ...] = tuple(TREATMENTS), markers: bool = True
) -> Model:
    """Tumor, markers and treatments with glucose and glucagon held constant.

    >>> model = tumor_course(sites=("primary",), treatments=(), markers=False)
    >>> round(model.at_rest(model.parameter_values())["primary.V"], 2)
    1.77
    """
    tumor, joined = tumor_parts(sites)
    drugs, given = treatment_parts(treatments)
    followed: dict[str, Subsystem] = {name: marker() for name, marker in MARKERS.items()} if markers else {}
    parts = {"surroundings": Surroundings(), **tumor, **followed, **drugs}
    return compose("tumor_course", parts, connect=joined | given)


@cache
def patient_with_tumor(
    *, sites: tuple[str, ...] = SITES, treatments: tuple[str, ...] = tuple(TREATMENTS), markers: bool = True
) -> Model:
    """The twin of a patient with a tumor by site, markers and treatments, minutes and days joined.

    >>> patient_with_tumor(sites=("primary",), treatments=()).wires["insulin.S_tumor"].source
    'tumor_secretion.S_tumor'
    """
    person = patient()
    physiology = {name: part for name, part in person.parts.items() if name != "tumor"}
    tumor, joined = tumor_parts(sites)
    drugs, given = treatment_parts(treatments)
    followed: dict[str, Subsystem] = {name: marker() for name, marker in MARKERS.items()} if markers else {}
    parts = {**physiology, **tumor, **followed, **drugs}
    infused = {
        "glucose.dextrose": "dextrose.intravenous_glucose",
        "counter_regulation.glucagon_infusion": "glucagon.intravenous_glucagon",
    }
    infused = {target: source for target, source in infused.items() if source.partition(".")[0] in parts}
    return compose("patient_with_tumor", parts, connect={**person.connect, **joined, **given, **infused})
