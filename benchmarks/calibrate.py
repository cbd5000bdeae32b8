"""Sampling, gradients and the search for the mode, beside numpyro's NUTS and JAX on the same posterior.

The posterior is that of `tests/calibrate/small_record.py`: 133 parameters, six facts, eleven days with the warm-up. JAX
computes it from the same traced equations with the steps of the batch engine, 4 minutes long, in 64 bits;
nothing is measured unless both agree on the log-likelihood at random points. Times are those of the processor,
compilation not counted. Draws of NUTS are counted by ArviZ, ours by their weights or by ArviZ, whichever is
fewer; the least of all parameters counts. Adaptation and the search for modes are in the time. A mode is the deepest
point alone; the directions that are informed there cost a lane a parameter more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.jax_posterior import JaxPosterior
from benchmarks.measure import Row, processor_seconds
from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.calibrate.sampling.diagnostics import effective_draws
from insulinoma.calibrate.sampling.draws import sample, starts
from insulinoma.calibrate.sampling.modes import find_modes, search
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.record.load import load_case
from tests.calibrate.small_record import short_stay

Floats = npt.NDArray[np.float64]
AGREED, POINTS = 0.01, 16
DRAWS, WARM_UP, KEPT = 1000, 200, 300
GOAL = 1.0


def rows() -> Iterator[Row]:
    """Seconds for 100 effective draws, for a gradient, and for a mode."""
    import jax

    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    problem = problem_of(short_stay())
    other = JaxPosterior(problem)
    first = _starts(problem)
    _agree(problem, other)
    (mode,) = find_modes(problem, first[:1])
    ours, theirs = _ours(problem, first), _nuts(other, mode.z)
    for name, seconds in theirs.items():
        yield Row(f"calibrate: 100 effective draws, {len(mode.z)} parameters", ours, name, seconds)
    yield from _gradients(problem, other, mode.z)
    yield Row("calibrate: mode of the short record", _mode_seconds(problem, first), "goal", GOAL)
    index = problem_of(load_case())
    yield Row("calibrate: mode of the index case", _mode_seconds(index, _starts(index)), "goal", GOAL)


def _starts(problem: Problem) -> Floats:
    """Where a calibration begins to search."""
    z = noise(0, 1, (64, len(problem.coordinates)))
    return starts(z, problem.score(z).total, count=2)


def _agree(problem: Problem, other: JaxPosterior) -> None:
    """Stops unless both ways give the same log-likelihood."""
    import jax

    z = noise(5, 1, (POINTS, len(problem.coordinates)))
    found = np.array([float(value) for value in map(jax.jit(other.log_likelihood), z)])
    error = float(np.abs(found - problem.score(z).total).max())
    if not error < AGREED:
        raise SystemExit(f"the two posteriors differ by {error:g} in the logarithm")


def _ours(problem: Problem, first: Floats) -> float:
    """Processor seconds for 100 effective draws by `sample`."""
    begin = time.process_time()
    found = sample(problem, first, seed=0, draws=DRAWS, enough=DRAWS)
    seconds = time.process_time() - begin
    return 100 * seconds / min(float(effective_draws(found.z).min()), float(found.effective.min()))


def _nuts(other: JaxPosterior, start: Floats) -> dict[str, float]:
    """Processor seconds of numpyro's sampler, from the mode, for 100 effective draws: in all, and once adapted."""
    import jax
    import numpyro
    from numpyro.infer import NUTS

    kernel = NUTS(potential_fn=lambda z: -other.log_posterior(z))
    state = kernel.init(jax.random.PRNGKey(0), WARM_UP, init_params=jax.numpy.asarray(start))
    step = jax.jit(lambda state: kernel.sample(state, (), {}))
    np.asarray(step(state).z)
    draws, gradients, begin = [], 0, time.process_time()
    for number in range(WARM_UP + KEPT):
        if number == WARM_UP:
            gradients, adapted = 0, time.process_time()
        state = step(state)
        gradients += int(state.num_steps)
        draws.append(np.asarray(state.z))
    end = time.process_time()
    effective = float(effective_draws(np.stack(draws[WARM_UP:])[None]).min())
    about = f"NUTS of numpyro {numpyro.__version__}, {gradients / KEPT:.0f} gradients a draw"
    return {about: 100 * (end - begin) / effective, "the same, once adapted": 100 * (end - adapted) / effective}


def _gradients(problem: Problem, other: JaxPosterior, z: Floats) -> Iterator[Row]:
    """A gradient by differences of lanes beside derivatives by JAX, at the same point."""
    import jax

    def by_jax(derive: Callable[..., Any]) -> Callable[[], Floats]:
        compiled = jax.jit(derive(other.log_posterior))
        return lambda: np.asarray(compiled(z))

    calls: dict[str, Callable[[], Any]] = {"ours": partial(_differences, problem, z)}
    calls |= {"JAX, reverse mode": by_jax(jax.grad), "JAX, forward mode": by_jax(jax.jacfwd)}
    seconds = processor_seconds(calls)
    mine = seconds.pop("ours")
    for name, theirs in seconds.items():
        yield Row("calibrate: one gradient", mine, name, theirs)


def _differences(problem: Problem, z: Floats, step: float = 0.1) -> Floats:
    """The gradient of the log-posterior by one-sided differences, all lanes in one batch."""
    lanes = np.concatenate([z[None], z + step * np.eye(len(z))])
    total = problem.score(lanes).total - 0.5 * (lanes**2).sum(axis=1)
    found: Floats = (total[1:] - total[0]) / step
    return found


def _mode_seconds(problem: Problem, first: Floats) -> float:
    return processor_seconds({"": lambda: search(problem, first[:1])}, runs=1)[""]
