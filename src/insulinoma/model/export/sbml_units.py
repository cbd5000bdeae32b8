"""Unit definitions of SBML for the units of the model."""

from __future__ import annotations

import re
from typing import Any

import libsbml

from insulinoma.model.units import registry, unit

_KINDS = {
    "gram": (libsbml.UNIT_KIND_GRAM, 1.0),
    "mole": (libsbml.UNIT_KIND_MOLE, 1.0),
    "liter": (libsbml.UNIT_KIND_LITRE, 1.0),
    "meter": (libsbml.UNIT_KIND_METRE, 1.0),
    "second": (libsbml.UNIT_KIND_SECOND, 1.0),
    "minute": (libsbml.UNIT_KIND_SECOND, 60.0),
    "hour": (libsbml.UNIT_KIND_SECOND, 3600.0),
    "day": (libsbml.UNIT_KIND_SECOND, 86400.0),
    "year": (libsbml.UNIT_KIND_SECOND, 31557600.0),
    "becquerel": (libsbml.UNIT_KIND_BECQUEREL, 1.0),
    "insulin_unit": (libsbml.UNIT_KIND_ITEM, 1.0),
}
_SCALES = {"": 0, "pico": -12, "nano": -9, "micro": -6, "milli": -3, "centi": -2, "deci": -1, "kilo": 3, "giga": 9}


def unit_id(model: Any, text: str) -> str:
    """The identifier of a unit in an SBML model, which is defined there on its first use."""
    if text == "1":
        return "dimensionless"
    name = "unit_" + re.sub(r"\W+", "_", text.replace("/", " per ").replace("*", " ").replace("^", "")).strip("_")
    if model.getUnitDefinition(name) is None:
        definition = model.createUnitDefinition()
        definition.setId(name)
        definition.setName(text)
        for part, exponent in unit(text)._units.items():
            _add(definition, part, float(exponent))
    return name


def _add(definition: Any, name: str, exponent: float) -> None:
    prefix, base, _ = next(iter(registry().parse_unit_name(name)))
    kind, multiplier = _KINDS[base]
    found = definition.createUnit()
    found.setKind(kind)
    found.setExponent(exponent)
    found.setScale(_SCALES[prefix])
    found.setMultiplier(multiplier)
