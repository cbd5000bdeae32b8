"""The modes of a posterior: Levenberg-Marquardt from several starts, derivatives by differences of lanes.

All lanes of all starts are evaluated together. The prior is standard normal, so that the Hessian at a
mode is I + J'J, with J the Jacobian of the residuals; only the directions in which J'J is not small
are informed by the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.sampling.target import Target, objective

Floats = npt.NDArray[np.float64]
_STEP = 0.1
_DAMPING = (0.0, 0.3, 3.0, 30.0)
_INFORMED = 0.05
_SENSITIVE = 0.02


@dataclass(frozen=True)
class Mode:
    """A mode: where it is, how deep, and the directions (names, rank) that the data inform there.

    In these directions the posterior is about normal, with `mean` (rank) and `covariance`; across
    them it is the prior.
    """

    z: Floats
    objective: float
    basis: Floats
    mean: Floats
    covariance: Floats


def find_modes(target: Target, starts: Floats, *, iterations: int = 6, most_active: int = 36) -> list[Mode]:
    """The distinct modes reached from starts (lanes, names), the deepest first, with all directions informed there."""
    return _with_all_directions(target, search(target, starts, iterations=iterations, most_active=most_active))


def search(target: Target, starts: Floats, *, iterations: int = 6, most_active: int = 36) -> list[Mode]:
    """The distinct modes reached from starts (lanes, names), with the informed directions of the most active alone.

    The search takes every statement as right, so that it is led to parameters that agree with all.
    """
    z = starts.copy()
    active = _sensitive(target, z[:1], most_active)
    idle = target.smooth.copy()
    idle[active] = False
    z[:, idle] = 0.0
    state = target.score(z)
    depth = _depth(z, state.residuals)
    damping, going = np.full(len(z), 1.0), np.ones(len(z), bool)
    jacobians = np.zeros((len(z), state.residuals.shape[1], len(active)))
    for _ in range(iterations):
        rows = np.flatnonzero(going)
        jacobians[rows] = _jacobian(target, z[rows], active, state.residuals[rows])
        tried = _proposals(z[rows], state.residuals[rows], jacobians[rows], active, damping[rows])
        flat = tried.reshape(-1, z.shape[1])
        scores = target.score(flat)
        found = _depth(flat, scores.residuals).reshape(len(rows), -1)
        for place, row in enumerate(rows.tolist()):
            best = int(np.argmin(found[place]))
            gain = depth[row] - found[place, best]
            if gain > 0:
                z[row], depth[row] = tried[place, best], found[place, best]
                state.put(row, scores, place * len(_DAMPING) + best)
            damping[row] *= 0.5 if best < 2 and gain > 0 else 4.0
            going[row] = gain > 0.02 or (gain <= 0 and damping[row] < 100)
        if not going.any():
            break
    total = state.total
    depth = objective(z, total)
    order = np.argsort(depth)
    modes = [_mode(z[row], float(depth[row]), jacobians[row], active) for row in order]
    return _distinct(modes)


def _with_all_directions(target: Target, modes: list[Mode]) -> list[Mode]:
    """The modes with the directions in which all smooth coordinates, not the most active alone, are informed."""
    z = np.stack([mode.z for mode in modes])
    smooth = np.flatnonzero(target.smooth)
    jacobians = _jacobian(target, z, smooth)
    return [_mode(mode.z, mode.objective, jacobians[row], smooth) for row, mode in enumerate(modes)]


def _depth(z: Floats, residuals: Floats) -> Floats:
    """What the search makes small: half the squares of coordinates and residuals."""
    found: Floats = 0.5 * ((z**2).sum(axis=1) + (residuals**2).sum(axis=1))
    return found


def _sensitive(target: Target, z: Floats, most: int) -> npt.NDArray[np.int_]:
    """The coordinates along which any residual moves, those that move them most first."""
    smooth = np.flatnonzero(target.smooth)
    jacobian = _jacobian(target, z, smooth)[0]
    power = (jacobian**2).sum(axis=0)
    order = np.argsort(-power)[:most]
    return np.sort(smooth[order[power[order] > _SENSITIVE]])


def _jacobian(target: Target, z: Floats, active: npt.NDArray[np.int_], here: Floats | None = None) -> Floats:
    """Derivatives of the residuals, (starts, facts, active), by one-sided differences, all lanes at once.

    `here` are the residuals (starts, facts) at z, where they are known.
    """
    lanes = np.repeat(z, len(active), axis=0).reshape(len(z), len(active), z.shape[1])
    # Toward the prior, where the model is safe.
    steps = np.where(z[:, active] > 0, -_STEP, _STEP)
    lanes[:, np.arange(len(active)), active] += steps
    known = z[:0] if here is not None else z
    found = target.score(np.concatenate([known, lanes.reshape(-1, z.shape[1])])).residuals
    base = found[: len(z)] if here is None else here
    change = found[len(known) :].reshape(len(z), len(active), -1) - base[:, None, :]
    slope = np.swapaxes(change / steps[:, :, None], 1, 2)
    return np.where(np.abs(slope) < 1e3, slope, 0.0)


def _proposals(
    z: Floats, residuals: Floats, jacobians: Floats, active: npt.NDArray[np.int_], damping: Floats
) -> Floats:
    """Steps of several lengths from every start, (starts, dampings, names)."""
    tried = np.repeat(z[:, None, :], len(_DAMPING), axis=1)
    for row, (here, residual, jacobian) in enumerate(zip(z[:, active], residuals, jacobians, strict=True)):
        gradient = here + jacobian.T @ residual
        hessian = np.eye(len(active)) + jacobian.T @ jacobian
        for column, factor in enumerate(_DAMPING):
            step = -np.linalg.solve(hessian + factor * damping[row] * np.eye(len(active)), gradient)
            length = float(np.linalg.norm(step))
            tried[row, column, active] += step * min(1.0, 4.0 / max(length, 1e-12))
    return tried


def _mode(z: Floats, depth: float, jacobian: Floats, active: npt.NDArray[np.int_]) -> Mode:
    values, vectors = np.linalg.eigh(jacobian.T @ jacobian)
    informed = values > _INFORMED
    basis = np.zeros((len(z), int(informed.sum())))
    basis[active] = vectors[:, informed]
    return Mode(z, depth, basis, basis.T @ z, np.diag(1 / (1 + values[informed])))


def _distinct(modes: list[Mode]) -> list[Mode]:
    """The modes without those that another, deeper one already covers."""
    kept: list[Mode] = []
    for mode in modes:
        if mode.objective > modes[0].objective + 12:
            continue
        if all(_distance(mode, other) > 3.0 for other in kept):
            kept.append(mode)
    return kept


def _distance(mode: Mode, other: Mode) -> float:
    """How many standard deviations a mode lies from another, in the other's informed directions."""
    shift = other.basis.T @ mode.z - other.mean
    return float(np.sqrt(shift @ np.linalg.solve(other.covariance, shift)))
