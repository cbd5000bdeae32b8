"""Diagnostics of draws, by ArviZ, and what they allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_R_HAT, LEAST_EFFECTIVE, MOST_K = 1.01, 400.0, 0.7
# A quarter of the draws that were asked for: errors twice as large as wanted.
_LEAST_SHARE = 0.25
_FALSE_ALARMS = 0.01


@dataclass(frozen=True)
class Judgment:
    """How far draws can be trusted: the largest R-hat, the fewest effective draws of a coordinate, and Pareto k.

    `by_chance` is what the largest R-hat of as many right draws exceeds in one case of a hundred; `pareto_k` is
    None where draws have no weights.
    """

    r_hat: float
    by_chance: float
    effective: float
    pareto_k: float | None

    @property
    def failed(self) -> list[str]:
        """A sentence for each bound that is missed."""
        found = []
        if not self.r_hat < MOST_R_HAT:
            chance = f"; so few draws reach {self.by_chance:.3f} by chance" if self.by_chance > MOST_R_HAT else ""
            found.append(f"R-hat between the independent parts is up to {self.r_hat:.3f}, above {MOST_R_HAT}{chance}.")
        if self.effective < LEAST_EFFECTIVE:
            found.append(f"The effective number of draws is down to {self.effective:.0f}, below {LEAST_EFFECTIVE:.0f}.")
        if self._heavy:
            found.append(f"Pareto k of the weights is {self.pareto_k:.2f}, above {MOST_K}.")
        return found

    def doubts(self, enough: float) -> list[str]:
        """What speaks against draws of which `enough` effective ones were asked for, and for another sampler.

        R-hat may be as high as it comes out by chance, and effective draws as few as a quarter of what was asked for.
        """
        found = []
        least, most = min(LEAST_EFFECTIVE, _LEAST_SHARE * enough), max(MOST_R_HAT, self.by_chance)
        if self._heavy:
            found.append(f"Pareto k of the weights is {self.pareto_k:.2f}, not below {MOST_K}")
        if self.effective < least:
            found.append(f"only {self.effective:.0f} draws of the worst parameter count, fewer than {least:.0f}")
        if not self.r_hat <= most:
            found.append(f"R-hat is {self.r_hat:.3f}, above {most:.3f}")
        return found

    def better(self, other: Judgment, enough: float) -> bool:
        """Whether fewer doubts speak against these draws; where as many do, whether more of them are effective.

        The effective number of weights whose k is too high is not believed.
        """
        mine, others = len(self.doubts(enough)), len(other.doubts(enough))
        return (mine, self._heavy, -self.effective) < (others, other._heavy, -other.effective)

    @property
    def numbers(self) -> str:
        """All of them in words."""
        k = "" if self.pareto_k is None else f"Pareto k {self.pareto_k:.2f}, "
        return f"{k}{self.effective:.0f} effective draws of the worst parameter, R-hat {self.r_hat:.3f}"

    @property
    def _heavy(self) -> bool:
        return self.pareto_k is not None and not self.pareto_k < MOST_K


def judged(z: Floats, effective: Floats, pareto_k: float | None) -> Judgment:
    """The judgment of draws (parts, draws, names) from so many effective ones by coordinate (names,)."""
    parts, draws, names = z.shape
    least = float(effective.min())
    return Judgment(float(r_hat(z).max()), _by_chance(parts, draws, names, least), least, pareto_k)


def r_hat(z: Floats) -> Floats:
    """Rank-normalized R-hat of draws (parts, draws, names) by coordinate; infinite where a part does not vary."""
    with np.errstate(all="ignore"):
        found = np.asarray(_statistics().rhat(z, chain_axis=0, draw_axis=1), dtype=np.float64)
    return np.where(np.isfinite(found) & (np.ptp(z, axis=1) > 0).all(axis=0), found, np.inf)


def effective_draws(z: Floats) -> Floats:
    """The effective number of draws of Markov chains (chains, draws, names) by coordinate."""
    return np.asarray(_statistics().ess(z, chain_axis=0, draw_axis=1), dtype=np.float64)


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


def _by_chance(parts: int, draws: int, names: int, effective: float) -> float:
    """What the largest R-hat of right draws exceeds in one case of a hundred.

    R-hat compares the means of half parts. Their variance, by that of the draws, is one over the draws of a half
    and, as these were taken from a part's share of the effective ones, one over that share; its estimate follows
    chi-square. Each coordinate is tested twice, for its center and for its spread (Bonferroni).
    """
    from scipy.special import chdtri

    freedom, half = 2 * parts - 1, draws / 2
    spread = chdtri(freedom, _FALSE_ALARMS / (2 * names)) / freedom
    return float(np.sqrt(1 - 1 / half + (1 / half + parts / effective) * spread))


def _statistics() -> Any:
    """ArviZ's statistics of plain arrays."""
    from arviz_stats import base

    return vars(base)["array_stats"]
