"""Endpoints of scenarios on the same draws: medians, paired differences, orderings, and what of them is prior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.what_if.endpoints import ENDPOINTS

Floats = npt.NDArray[np.float64]
# Differences of this share of the largest value are rounding of the engine, not of the patient.
_ROUNDING = 1e-4
Table = Mapping[str, Mapping[str, Floats]]


def endpoint_result(
    values: Floats, baseline: Floats | None, z: Floats, contraction: Floats, unit: str
) -> dict[str, Any]:
    """Median and 90 % interval, and the paired difference to the baseline; `None` where nothing was computed."""
    found: dict[str, Any] = {"unit": unit, **spread(values)}
    if baseline is not None:
        difference = values - baseline
        fine = np.isfinite(difference)
        least = _ROUNDING * max(float(np.abs(values[fine]).max()), 1e-12) if fine.any() else 0.0
        difference = np.where(np.abs(difference) <= least, 0.0, difference)
        lower = float(np.mean(difference[fine] < 0)) if fine.any() else None
        higher = float(np.mean(difference[fine] > 0)) if fine.any() else None
        found["difference"] = {**spread(difference), "probability_lower": lower, "probability_higher": higher}
        found["share_of_prior"] = share_of_prior(difference, z, contraction)
    return found


def spread(values: Floats) -> dict[str, Any]:
    """Median and 90 % interval of what is finite."""
    fine = values[np.isfinite(values)]
    if not len(fine):
        return {"median": None, "interval_90": [None, None]}
    low, median, high = (float(item) for item in np.percentile(fine, [5, 50, 95]))
    return {"median": median, "interval_90": [low, high]}


def share_of_prior(values: Floats, z: Floats, contraction: Floats) -> float | None:
    """How much of the variance of an answer comes from what the data left as it was, 0 to 1.

    Each coordinate's part is its squared correlation with the answer, counted where it is beyond noise,
    and of that the share of the prior variance that is left. None where the answer does not vary, or
    goes with no single coordinate.
    """
    fine = np.isfinite(values)
    if fine.sum() < 20 or np.ptp(values[fine]) == 0:
        return None
    ranks = values[fine].argsort().argsort().astype(float)
    parts = z[fine]
    centered = parts - parts.mean(axis=0)
    scale = np.maximum(centered.std(axis=0), 1e-12) * ranks.std()
    squares = ((centered * (ranks - ranks.mean())[:, None]).mean(axis=0) / scale) ** 2
    squares = np.where(squares > 6.6 / fine.sum(), squares, 0.0)
    if squares.sum() == 0:
        return None
    left = np.clip(1 - contraction, 0.0, 1.0)
    return float((squares * left).sum() / squares.sum())


def orderings(table: Table) -> dict[str, list[dict[str, Any]]]:
    """For each endpoint and pair of scenarios the probability that the first is lower than the second."""
    found: dict[str, list[dict[str, Any]]] = {}
    names = list(table)
    for endpoint in ENDPOINTS:
        pairs = []
        for index, first in enumerate(names):
            for second in names[index + 1 :]:
                a, b = table[first].get(endpoint), table[second].get(endpoint)
                if a is None or b is None:
                    continue
                fine = np.isfinite(a) & np.isfinite(b)
                if fine.any():
                    lower = float(np.mean(a[fine] < b[fine]) + 0.5 * np.mean(a[fine] == b[fine]))
                    pairs.append({"first": first, "second": second, "probability_first_lower": lower})
        if pairs:
            found[endpoint] = pairs
    return found
