"""The healthy people of the targets, and the clamps that many of them share."""

from __future__ import annotations

from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.subject import Subject

MAN = Subject("man of 40 years, 70 kg, 175 cm")
WOMAN = Subject(
    "woman of 40 years, 60 kg, 165 cm",
    (("person.woman", 1.0), ("person.weight", 60.0), ("person.height", 165.0)),
)


def drip(what: str, amount: str, minutes: float) -> Regimen:
    """An infusion from the start for so many minutes."""
    return give(what, amount, start="0 min", stop=f"{minutes} min")


def clamp(insulin: float, glucose: float, minutes: float, *, more: Regimen | None = None) -> Protocol:
    """Insulin in mU/kg/min, doubled for the first 8 minutes, and glucose held in mg/dL."""
    regimen = drip("insulin_infusion", f"{insulin} mU/kg/min", minutes)
    regimen += drip("insulin_infusion", f"{insulin} mU/kg/min", 8) + drip("target", f"{glucose} mg/dL", minutes)
    whole = regimen + (more or Regimen())
    return Protocol("clamp", f"{insulin} mU/kg/min", "DeFronzo1979", minutes, lambda who: whole, 12.0, 1.0, (), True)
