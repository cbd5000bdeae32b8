"""Units of the model: one registry, the units that medicine adds to it, and the ratio of two units."""

from __future__ import annotations

from functools import cache
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pint

MINUTES = {"min": 1.0, "d": 1440.0}


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The unit registry; `U` is the international unit of insulin, not of enzymes."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(on_redefinition="ignore", cache_folder=None)
    units.define("insulin_unit = [insulin_activity] = U")
    return units


@cache
def unit(text: str) -> Any:
    """The unit that a text names, `"1"` for none.

    >>> str(unit("mg/dL"))
    'milligram / deciliter'
    """
    return registry().Unit("" if text == "1" else text)


@cache
def ratio(source: str, target: str) -> float | None:
    """The factor from one unit to another, None where their dimensions differ or the source is no unit.

    >>> ratio("g", "mg"), ratio("mg", "mL"), ratio("gramz", "mg"), ratio("g (", "mg")
    (1000.0, None, None, None)
    >>> ratio("mL/min", "mL/d")
    1440.0
    """
    (amount, _, clock), (same, _, other) = source.rpartition("/"), target.rpartition("/")
    if source == target:
        return 1.0
    if amount == same and clock in MINUTES and other in MINUTES:
        return MINUTES[other] / MINUTES[clock]  # without the registry, which takes longer to load than a subject
    import pint

    try:
        stated = unit(source)
    except (
        pint.PintError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        SyntaxError,
        TokenError,
        TypeError,
        ValueError,
    ):
        return None
    try:
        factor = registry().Quantity(1.0, stated).to(unit(target)).magnitude
    except pint.DimensionalityError:
        return None
    nearest = round(factor)
    return float(nearest if nearest and abs(factor / nearest - 1) < 1e-12 else factor)
