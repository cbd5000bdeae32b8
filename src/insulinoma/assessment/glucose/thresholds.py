"""Cut-offs of continuous glucose, compared in the unit in which the readings were reported.

The mg/dL and the mmol/L edges of the consensus do not coincide (54 mg/dL is 2.997 mmol/L), so a value
is never converted before it is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from insulinoma.assessment.thresholds import threshold
from insulinoma.errors import UnknownNameError, did_you_mean
from insulinoma.quantities import convert, join_or, tidy_unit

MG_DL = "mg/dL"
MMOL_L = "mmol/L"


@dataclass(frozen=True)
class GlucoseThresholds:
    """The four cut-offs of the consensus in one unit [Battelino2019, Battelino2023]."""

    unit: str
    very_low: float
    low: float
    high: float
    very_high: float


_UNITS = (MG_DL, MMOL_L)


def glucose_unit(text: str) -> str:
    """The glucose unit that a text names, 'mg/dL' or 'mmol/L'; UsageError for any other.

    >>> glucose_unit("mmol/l")
    'mmol/L'
    """
    unit = tidy_unit(text)
    if unit not in _UNITS:
        raise UnknownNameError(
            f"{text!r} is not a unit of a glucose series", join_or(list(_UNITS)), did_you_mean(unit, _UNITS)
        )
    return unit


@cache
def glucose_thresholds(unit: str) -> GlucoseThresholds:
    """The cut-offs in a unit: 54, 70, 180 and 250 mg/dL or 3.0, 3.9, 10.0 and 13.9 mmol/L.

    >>> glucose_thresholds("mmol/L").low
    3.9
    """
    name = glucose_unit(unit)
    very_low, low, high, very_high = (
        float(dict(threshold(rule).limits)[name]) for rule in ("level_2", "level_1", "high", "very_high")
    )
    return GlucoseThresholds(name, very_low, low, high, very_high)


@cache
def mg_dl_factor(unit: str) -> float:
    """What a value in the unit is multiplied with to give mg/dL.

    >>> mg_dl_factor("mg/dL")
    1.0
    """
    return convert("glucose", 1.0, glucose_unit(unit), MG_DL).factor
