"""How numbers are read from a simulation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.solution import Solution

Floats = npt.NDArray[np.float64]
PMOL_PER_UU = 6.0


def times(found: Solution) -> Floats:
    """The saved times in minutes."""
    return np.asarray(found["time"].values, float)


def series(found: Solution, name: str) -> Floats:
    """A quantity at the saved times, in the unit of the model."""
    return np.asarray(found[name].values, float)


def at(found: Solution, name: str, minutes: float) -> float:
    """A quantity at a time, in the unit of the model."""
    return float(np.interp(minutes, times(found), series(found, name)))


def mean(found: Solution, name: str, start: float, stop: float) -> float:
    """The mean of a quantity over the saved times from start to stop, in the unit of the model."""
    moments = times(found)
    return float(series(found, name)[(moments >= start - 1e-9) & (moments <= stop + 1e-9)].mean())


def state(found: Solution, minutes: float | None = None) -> dict[str, float]:
    """All states at the last saved time, or at the saved time nearest to `minutes`."""
    index = -1 if minutes is None else int(np.argmin(np.abs(times(found) - minutes)))
    from insulinoma.model.patient import patient

    return {name: float(found[name].values[index]) for name in patient().states}


def microunits(picomoles_by_liter: float) -> float:
    """Insulin in uU/mL from pmol/L."""
    return picomoles_by_liter / PMOL_PER_UU
