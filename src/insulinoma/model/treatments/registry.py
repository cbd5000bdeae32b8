"""Treatments by the name that a record gives them, and how their parts join a model."""

from __future__ import annotations

from collections.abc import Iterable

from insulinoma.errors import UnknownNameError, did_you_mean
from insulinoma.model.subsystem import Subsystem
from insulinoma.model.treatments.chemotherapy import (
    Chemotherapy,
    EtoposideCisplatin,
    IrinotecanCisplatin,
    StreptozocinDoxorubicin,
)
from insulinoma.model.treatments.combined import DrugEffects
from insulinoma.model.treatments.diazoxide import Diazoxide
from insulinoma.model.treatments.glucocorticoid import Glucocorticoid
from insulinoma.model.treatments.growth import Everolimus, Interferon
from insulinoma.model.treatments.infusions import Dextrose, GlucagonDrip
from insulinoma.model.treatments.octreotide import Octreotide
from insulinoma.model.treatments.prrt import PRRT

TREATMENTS: dict[str, type[Subsystem]] = {
    "dextrose": Dextrose,
    "glucagon": GlucagonDrip,
    "diazoxide": Diazoxide,
    "octreotide": Octreotide,
    "glucocorticoid": Glucocorticoid,
    "everolimus": Everolimus,
    "interferon_alfa": Interferon,
    "etoposide_cisplatin": EtoposideCisplatin,
    "irinotecan_cisplatin": IrinotecanCisplatin,
    "streptozocin_doxorubicin": StreptozocinDoxorubicin,
    "lutetium_dotatate": PRRT,
}
PROCEDURES = ("embolization", "chemoembolization", "ablation", "resection")


def treatment_parts(names: Iterable[str]) -> tuple[dict[str, Subsystem], dict[str, str]]:
    """The parts of the treatments named, with the part that combines them, and their connections.

    Procedures are events of the tumor's sites and need no part. UnknownNameError for any other name.

    >>> sorted(treatment_parts(["diazoxide", "embolization"])[0])
    ['diazoxide', 'drug_effects']
    """
    parts: dict[str, Subsystem] = {}
    connect: dict[str, str] = {}
    for name in names:
        if name in PROCEDURES:
            continue
        if name not in TREATMENTS:
            known = [*TREATMENTS, *PROCEDURES]
            problem = f"{name!r} is not a treatment of the model"
            raise UnknownNameError(problem, f"one of {', '.join(known)}", did_you_mean(name, known))
        parts[name] = TREATMENTS[name]()
        if isinstance(parts[name], Chemotherapy):
            connect[f"drug_effects.kill_{name}"] = f"{name}.regimen_kill"
    return {**parts, "drug_effects": DrugEffects()}, connect
