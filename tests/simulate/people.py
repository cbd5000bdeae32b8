"""Random people, five standard deviations wide, and random regimens, for the properties of the twin."""

import math

import numpy as np

from insulinoma.model.compose import Model
from insulinoma.model.patient import patient
from insulinoma.simulate.regimen import Regimen, give


def drawn(seed: int, *, free: float, model: Model | None = None) -> dict[str, float]:
    """A person whose every parameter lies anywhere within five standard deviations, in its bounds."""
    noise = np.random.default_rng(seed)
    found = {}
    for name, declared in (model or patient()).parameters.items():
        value = declared.value * math.exp(declared.log_spread * noise.uniform(-5, 5))
        found[name] = min(max(value, declared.low), declared.high) if declared.log_spread else declared.value
    return {**found, "liver.free": free}


def orders(seed: int) -> Regimen:
    """Meals, drinks, insulin, glucagon and glucose at random times and in large amounts."""
    noise = np.random.default_rng(seed)
    regimen = Regimen()
    for what, unit, most in (
        ("meal", "g", 150), ("insulin_bolus", "U", 10), ("glucagon_bolus", "mg", 1), ("dextrose_bolus", "g", 50),
    ):  # fmt: skip
        regimen += give(what, f"{noise.uniform(0, most)} {unit}", at=f"{noise.uniform(0, 1000)} min")
    start = noise.uniform(0, 500)
    for what, unit, most in (("insulin_infusion", "mU/kg/min", 5), ("dextrose", "mg/kg/min", 15)):
        regimen += give(what, f"{noise.uniform(0, most)} {unit}", start=f"{start} min", stop=f"{start + 400} min")
    return regimen
