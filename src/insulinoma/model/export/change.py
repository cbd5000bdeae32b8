"""What a regimen changes at one moment, without a word on who simulates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Free inputs set to values, and events that happen in amounts, all in the model's units."""

    minutes: float
    inputs: Mapping[str, float]
    events: Mapping[str, float]
