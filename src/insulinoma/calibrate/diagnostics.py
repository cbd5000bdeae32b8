"""Diagnostics of draws, by ArviZ."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Normalized weights, the largest smoothed by a generalized Pareto distribution, and its shape k.

    Where the largest weights are equal there is no tail, and k is -1; where a few draws hold all the
    weight there is nothing to fit, and k is infinite.
    """
    try:
        with np.errstate(all="ignore"):
            logs, k = _statistics().psislw(-log_weights)
    except ValueError:
        logs, k = log_weights, -1.0
    if not (np.isfinite(k) and np.isfinite(logs).all()):
        logs, k = log_weights, np.inf
    found: Floats = np.exp(logs - np.logaddexp.reduce(logs))
    return found, float(k)


def r_hat(draws: Floats) -> float:
    """Rank-normalized R-hat of draws (chains, draws); NaN where they do not vary."""
    return float(_statistics().rhat(draws)) if np.ptp(draws) > 0 else float("nan")


def _statistics() -> Any:
    """ArviZ's statistics of plain arrays."""
    from arviz_stats import base

    return vars(base)["array_stats"]
