"""The healthy people of the targets, and the clamps that many of them share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.subject import FIVE_MEALS, LONG_ILL, Subject


@dataclass(frozen=True)
class People:
    """The healthy man and woman of the targets, and a typical patient, all with the same parameters of the body."""

    changed: tuple[tuple[str, float], ...] = ()

    @property
    def man(self) -> Subject:
        """A man of 40 years, 70 kg and 175 cm."""
        return Subject("man of 40 years, 70 kg, 175 cm", self.changed)

    @property
    def woman(self) -> Subject:
        """A woman of 40 years, 60 kg and 165 cm."""
        body = (("person.woman", 1.0), ("person.weight", 60.0), ("person.height", 165.0))
        return Subject("woman of 40 years, 60 kg, 165 cm", (*self.changed, *body))

    @property
    def patient(self) -> Subject:
        """A man with a typical benign insulinoma, who eats often."""
        tumor = (("tumor.phi", 0.25), ("tumor.sigma", 5.2))
        return replace(
            self.man,
            name="typical benign insulinoma",
            parameters=(*self.changed, *tumor),
            carbohydrate=3.6,
            meals=FIVE_MEALS,
            begin=LONG_ILL,
        )


TYPICAL = People()


def drip(what: str, amount: str, minutes: float) -> Regimen:
    """An infusion from the start for so many minutes."""
    return give(what, amount, start="0 min", stop=f"{minutes} min")


def clamp(insulin: float, glucose: float, minutes: float, *, more: Regimen | None = None) -> Protocol:
    """Insulin in mU/kg/min, doubled for the first 8 minutes, and glucose held in mg/dL."""
    regimen = drip("insulin_infusion", f"{insulin} mU/kg/min", minutes)
    regimen += drip("insulin_infusion", f"{insulin} mU/kg/min", 8) + drip("target", f"{glucose} mg/dL", minutes)
    whole = regimen + (more or Regimen())
    return Protocol("clamp", f"{insulin} mU/kg/min", "DeFronzo1979", minutes, lambda who: whole, 12.0, 1.0, (), True)
