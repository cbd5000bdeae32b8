"""Cut-offs of glucose and the level of a value, compared in the unit in which the value was reported.

The mg/dL and the mmol/L edges of the consensus do not coincide (54 mg/dL is 2.997 mmol/L), so a value
is never converted before it is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.quantities import convert, tidy_unit

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


_THRESHOLDS = {
    MG_DL: GlucoseThresholds(MG_DL, 54.0, 70.0, 180.0, 250.0),
    MMOL_L: GlucoseThresholds(MMOL_L, 3.0, 3.9, 10.0, 13.9),
}

# Common Terminology Criteria for Adverse Events 5.0: the lower edges of grades 1, 2 and 3.
_CTCAE_EDGES = {MG_DL: (55.0, 40.0, 30.0), MMOL_L: (3.0, 2.2, 1.7)}
_LOWER_LIMIT_OF_NORMAL = {MG_DL: 70.0, MMOL_L: 3.9}


def glucose_unit(text: str) -> str:
    """The glucose unit that a text names, 'mg/dL' or 'mmol/L'; UsageError for any other.

    >>> glucose_unit("mmol/l")
    'mmol/L'
    """
    unit = tidy_unit(text)
    if unit not in _THRESHOLDS:
        raise UsageError(
            f"{text!r} is not a unit of a glucose series. Expected mg/dL or mmol/L. "
            f"{did_you_mean(unit, _THRESHOLDS)}".strip()
        )
    return unit


def glucose_thresholds(unit: str) -> GlucoseThresholds:
    """The cut-offs in a unit: 54, 70, 180 and 250 mg/dL or 3.0, 3.9, 10.0 and 13.9 mmol/L.

    >>> glucose_thresholds("mmol/L").low
    3.9
    """
    return _THRESHOLDS[glucose_unit(unit)]


@cache
def mg_dl_factor(unit: str) -> float:
    """What a value in the unit is multiplied with to give mg/dL.

    >>> mg_dl_factor("mg/dL")
    1.0
    """
    return convert("glucose", 1.0, glucose_unit(unit), MG_DL).factor


def hypoglycemia_level(value: float, unit: str, *, inclusive: bool = False) -> int:
    """The level of one glucose value: 0 none, 1 below 70 mg/dL, 2 below 54 mg/dL [IHSG2017, Battelino2023].

    Level 3 is a clinical state (another person's help was needed) and follows from no number.
    `inclusive` counts a value equal to the cut-off as low, as the 2017 text does for 70 mg/dL.

    >>> hypoglycemia_level(54, "mg/dL"), hypoglycemia_level(2.997, "mmol/L"), hypoglycemia_level(70, "mg/dL")
    (1, 2, 0)
    """
    cut = glucose_thresholds(unit)
    if value < cut.very_low or (inclusive and value == cut.very_low):
        return 2
    return int(value < cut.low or (inclusive and value == cut.low))


def ctcae_hypoglycemia_grade(value: float, unit: str, *, lower_limit: float | None = None) -> int:
    """The CTCAE 5.0 grade of one glucose value, 0 to 4, from the number alone [CTCAE5].

    Grade 1 ends at 55 mg/dL, 2 at 40, 3 at 30 (3.0, 2.2 and 1.7 mmol/L), each edge inside the milder grade;
    seizures or a threat to life are grade 4 at any value. `lower_limit` is the laboratory's own.

    >>> [ctcae_hypoglycemia_grade(value, "mg/dL") for value in (70, 55, 54, 40, 39, 30, 29)]
    [0, 1, 2, 2, 3, 3, 4]
    """
    name = glucose_unit(unit)
    normal = _LOWER_LIMIT_OF_NORMAL[name] if lower_limit is None else lower_limit
    if value >= normal:
        return 0
    return 1 + sum(value < edge for edge in _CTCAE_EDGES[name])
