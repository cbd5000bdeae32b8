"""What each number of a glucose series means, with its inequality: printed beside the numbers."""

from __future__ import annotations

from functools import partial

from insulinoma.assessment.glucose.thresholds import GlucoseThresholds


def _share(unit: str, rule: str) -> str:
    return f"readings {rule} in percent of all readings, each reading counted once and compared in {unit}"


def definitions(cut: GlucoseThresholds, *, inclusive: bool = False) -> dict[str, str]:
    """The definition of each metric for a series reported in the unit of `cut`.

    >>> from insulinoma.assessment.glucose.thresholds import glucose_thresholds
    >>> definitions(glucose_thresholds("mg/dL"))["tbr_below_54_percent"][:14]
    'readings < 54 '
    """
    below = "<=" if inclusive else "<"
    at_least = ">" if inclusive else ">="
    unit = cut.unit

    share = partial(_share, unit)
    return {
        "mean_mg_dl": "arithmetic mean of the readings",
        "sd_mg_dl": "sample standard deviation of the readings (n - 1)",
        "cv_percent": "100 x SD / mean",
        "gmi_percent": "3.31 + 0.02392 x mean in mg/dL [Bergenstal2018]; derived in diabetes",
        "tbr_below_54_percent": share(f"{below} {cut.very_low:g} {unit}"),
        "tbr_below_70_percent": share(f"{below} {cut.low:g} {unit}") + ", those below 54 included",
        "tir_70_180_percent": share(f"{at_least} {cut.low:g} and <= {cut.high:g} {unit}"),
        "tar_above_180_percent": share(f"> {cut.high:g} {unit}") + ", those above 250 included",
        "tar_above_250_percent": share(f"> {cut.very_high:g} {unit}"),
        "lbgi": "mean of 10 f^2 where f < 0, else 0; f = 1.509 (ln(mg/dL)^1.084 - 5.381) [Kovatchev1997]",
        "hbgi": "mean of 10 f^2 where f > 0, else 0; f as for LBGI [Kovatchev1997]",
        "mage_mg_dl": (
            "moving-average version [Fernandes2022]: mean of ascending and descending half-excursions above 1 SD, "
            "turning points between crossings of the 5- and 32-point trailing means, gaps above 180 min split"
        ),
        "modd_mg_dl": "mean absolute difference of values 24 h apart on the grid [Service1980]",
        "coverage_percent": "readings present / readings expected at the sampling interval, first to last reading",
        "grid": "points every sampling interval, linear between readings, nothing across gaps above 45 min [Broll2021]",
        "episodes.level1": f"begins with >= 15 min {below} {cut.low:g} {unit}, ends with >= 15 min {at_least} "
        f"{cut.low:g} {unit}; level 2 included (level1_exclusive: without a level 2 episode) [Battelino2023]",
        "episodes.level2": f"the same with {cut.very_low:g} {unit}; several can lie in one level 1 episode",
        "episodes.extended": f"begins with > 120 consecutive min {below} {cut.low:g} {unit} [Battelino2023]; "
        "the 2017 consensus meant < 54 mg/dL [Danne2017]",
        "episodes.end": "an end that was not seen (gap above 45 min, end of data) is the last reading before it",
        "episodes.per_week": "count per 7 days of recorded time (grid points with data), not of the calendar span",
        "episodes.mean_minutes": "mean length; a grid point stands for one sampling interval",
    }
