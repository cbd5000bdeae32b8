"""The fit of the body's parameters to the published observations of healthy people.

The targets are the residuals: what the twin gives less what was published, by half of the half width
of the band (one standard error, where the band is two). Target 5 is left out, as it contradicts
target 4; so are limits without a center, and what no free parameter moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.model.patient import patient
from insulinoma.simulate.validation.fasting import healthy_suppression
from insulinoma.simulate.validation.people import People
from insulinoma.simulate.validation.target import Row, compare, published
from insulinoma.simulate.validation.targets import TARGETS, ranges

Floats = npt.NDArray[np.float64]
FREE = (
    "glucose.V_G",
    "glucose.e_X",
    "insulin_action.n_X",
    "islets.Q_b",
    "islets.leak",
    "islets.g_inc",
    "liver.r_L",
    "liver.n_L",
    "liver.q_H",
    "liver.h_U",
    "liver.supply_man",
)
_TARGETS = (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 13, 14)
_UNMOVED = {(1, "glucose_rest"), (1, "insulin"), (3, "below_140"), (13, "extraction")}
_NEAR_EDGE, _STEEP = 1.7, 12.0
_WORST = 20.0


@dataclass(frozen=True)
class Fit:
    """Where a fit ended: values by name, its residuals, and their derivatives by the logarithms of the values."""

    values: Mapping[str, float]
    rows: tuple[Row, ...]
    jacobian: Floats

    @property
    def correlation(self) -> Floats:
        """Correlations between the errors of the values."""
        covariance = self._covariance
        error = np.sqrt(np.diag(covariance))
        return np.asarray(covariance / np.outer(error, error))

    @property
    def relative_errors(self) -> dict[str, float]:
        """Standard error of each value, by the value."""
        return dict(zip(self.values, np.sqrt(np.diag(self._covariance)).tolist(), strict=True))

    @property
    def _covariance(self) -> Floats:
        return np.asarray(np.linalg.inv(self.jacobian.T @ self.jacobian))


def rows(values: Mapping[str, float]) -> tuple[Row, ...]:
    """The rows of the targets that are fitted, for healthy people with these parameters."""
    people = People(tuple(values.items()))
    found = [row for number in _TARGETS for row in compare(TARGETS[number], people)]
    suppression = next(item for item in published() if (item.target, item.quantity) == (12, "suppression"))
    found.append(Row(suppression, healthy_suppression(people)))
    return tuple(row for row in found if (row.published.target, row.published.quantity) not in _UNMOVED)


def residual(row: Row) -> float:
    """How far the twin is from a published number, in quarters of the width of its band."""
    return (row.model - float(row.published.value or 0)) / ((row.published.high - row.published.low) / 4)


def fit(start: Mapping[str, float], *, steps: int = 30, seen: Callable[[dict[str, float], float], None]) -> Fit:
    """Least squares from `start`, in the logarithms of the values, within their ranges.

    What of a residual lies beyond 1.7 counts again, and heavily, so that a value outside its band costs
    more than several in the middle of theirs. `seen` is told every better point with its cost.
    """
    from scipy.optimize import least_squares

    names = tuple(start)
    low, high = (np.log([_range(name)[side] for name in names]) for side in (0, 1))
    best = [math.inf]

    def cost(logs: Floats) -> Floats:
        values = dict(zip(names, np.exp(logs).tolist(), strict=True))
        found = _steep(_residuals(rows(values)))
        if (total := float(found @ found)) < best[0]:
            best[0] = total
            seen(values, total)
        return found

    first = np.clip(np.log([start[name] for name in names]), low + 1e-9, high - 1e-9)
    found = least_squares(
        cost, first, bounds=(low, high), diff_step=1e-3, xtol=1e-5, ftol=1e-6, gtol=1e-6, max_nfev=steps
    )
    values = dict(zip(names, np.exp(found.x).tolist(), strict=True))
    return Fit(values, rows(values), jacobian(values))


def jacobian(values: Mapping[str, float], *, step: float = 2e-3) -> Floats:
    """Derivatives of the residuals by the logarithms of the values, by central differences."""
    columns = []
    for name, value in values.items():
        above, below = (_residuals(rows({**values, name: value * math.exp(side * step)})) for side in (1, -1))
        columns.append((above - below) / (2 * step))
    return np.stack(columns, axis=1)


def slope(found: Fit) -> Floats:
    """The step in the logarithms of the values that the linear problem would still take; zero at the optimum."""
    z = _residuals(found.rows)
    beyond = _STEEP * np.sign(z) * (np.abs(z) > _NEAR_EDGE)
    whole = np.concatenate([found.jacobian, found.jacobian * beyond[:, None]])
    return np.asarray(np.linalg.lstsq(whole, -_steep(z), rcond=None)[0])


def _residuals(found: Iterable[Row]) -> Floats:
    return np.asarray(np.clip(np.nan_to_num([residual(row) for row in found], nan=_WORST), -_WORST, _WORST))


def _steep(z: Floats) -> Floats:
    """The residuals, and once more what of them lies near or beyond the edge of a band, made heavy."""
    return np.concatenate([z, _STEEP * np.maximum(np.abs(z) - _NEAR_EDGE, 0)])


def _range(name: str) -> tuple[float, float]:
    declared = patient().parameters[name]
    low, high = ranges().get(name, (declared.low, declared.high))
    return max(low, declared.value / 10), min(high, declared.value * 10)
