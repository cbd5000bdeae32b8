"""Targets 4 and 5: glucose into a vein."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from insulinoma.simulate.protocol import Protocol, protocol
from insulinoma.simulate.validation.people import People, drip
from insulinoma.simulate.validation.reading import at, microunits
from insulinoma.simulate.validation.target import Target

_PUSH = Protocol(
    name="dextrose-25g",
    meaning="25 g of glucose into a vein over three minutes",
    ref="Balentine1998",
    minutes=130.0,
    every=1.0,
    regimen=lambda who: drip("dextrose", f"{25000 / 3 / who.weight} mg/kg/min", 3),
)


def _sampled(people: People) -> Mapping[str, float]:
    found = replace(protocol("ivgtt"), every=1.0).run(people.man)
    glucose = {f"glucose_{minute}": at(found, "glucose.G", minute) for minute in (8, 14, 32, 52, 72, 122)}
    insulin = {f"insulin_{minute}": microunits(at(found, "insulin.I", minute)) for minute in (4, 10, 32, 52)}
    return glucose | insulin


def _pushed(people: People) -> Mapping[str, float]:
    found = _PUSH.run(people.man)
    return {f"glucose_{minute}": at(found, "glucose.G", minute) for minute in (5, 15, 30, 60, 120)}


TARGETS = (
    Target(4, "0.3 g/kg into a vein", "0.3 g/kg over one minute after 12 hours without food", _sampled),
    Target(5, "25 g into a vein", "25 g over three minutes after 12 hours without food", _pushed),
)
