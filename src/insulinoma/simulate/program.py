"""A model as one compiled program: all segments of a schedule, integrated one after another.

Each segment starts at an edge, applies the events of that moment and integrates with constant
inputs, so that no step crosses a jump. Adaptive steps, 64 bits.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal, NamedTuple

# Checks that call back from a compiled program keep it out of the cache; a run that fails says so by its result.
os.environ.setdefault("EQX_ON_ERROR", "nan")

import diffrax
import jax
import optimistix
from jax import numpy as jnp

from insulinoma.model.compose import Model
from insulinoma.simulate.cache import cache_directory
from insulinoma.simulate.stopping import StopRule

# One kernel for the whole loop of steps; otherwise the CPU back end dispatches a hundred a stage (18 times slower).
_ONE_KERNEL = "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=1000000"
if _ONE_KERNEL not in os.environ.get("XLA_FLAGS", ""):
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {_ONE_KERNEL}".strip()
jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
jax.config.update("jax_compilation_cache_dir", str(cache_directory("programs")))  # type: ignore[no-untyped-call]

_ROOT: Any = optimistix.Bisection(rtol=1e-10, atol=1e-10, flip="detect")  # type: ignore[call-arg]
RUNNING, STOPPED, FAILED = 0, 1, 2
_METHODS = {"dopri8": diffrax.Dopri8, "tsit5": diffrax.Tsit5, "kvaerno5": diffrax.Kvaerno5}


@dataclass(frozen=True)
class Solver:
    """The reference solver: method, relative and absolute tolerance, steps allowed between two edges."""

    method: Literal["tsit5", "dopri8", "kvaerno5"] = "tsit5"
    rtol: float = 1e-8
    atol: float = 1e-9
    max_steps: int = 200_000


class Segments(NamedTuple):
    """The rows of a schedule, as arrays: edges, inputs, amounts of events, times to save."""

    t0: Any
    t1: Any
    inputs: Any
    amounts: Any
    saves: Any
    used: Any


class Course(NamedTuple):
    """What the program returns, by segment: states at the saved times and, last, at its end; all outputs."""

    states: Any
    outputs: Any
    end: Any
    status: Any
    rule: Any
    steps: Any
    rest: Any


@lru_cache(maxsize=32)
def program(model: Model, rules: tuple[StopRule, ...], method: str, max_steps: int) -> Callable[..., Course]:
    """The compiled program `(parameters, start, segments, (rtol, atol)) -> Course` of a model.

    `start` holds all states and constants, NaN where they follow from the parameters.
    """
    return jax.jit(_Body(model, rules, method, max_steps).run)


@dataclass(frozen=True)
class _Body:
    model: Model
    rules: tuple[StopRule, ...]
    method: str
    max_steps: int

    def run(self, parameters: dict[str, Any], start: dict[str, Any], segments: Segments, tolerance: Any) -> Course:
        found = self.model.at_rest(parameters)
        rest = {name: jnp.where(jnp.isnan(start[name]), value, start[name]) for name, value in found.items()}
        fixed = {**parameters, **{name: rest[name] for name in self.model.constants}}
        y0 = jnp.stack([jnp.asarray(rest[name], float) for name in self.model.states])
        carry = (y0, jnp.asarray(RUNNING))

        def step(carry: Any, row: Segments) -> Any:
            y, status = carry
            going = row.used & (status == RUNNING)
            found = jax.lax.cond(going, self._segment, self._skipped, y, status, fixed, row, tolerance)
            return (found[1][-1], found[3]), found

        _, (end, states, outputs, status, rule, steps) = jax.lax.scan(step, carry, segments)
        return Course(states, outputs, end, status, rule, steps, rest)

    def _known(self, y: Any, fixed: dict[str, Any], inputs: Any) -> dict[str, Any]:
        return {
            **fixed,
            **dict(zip(self.model.inputs, inputs, strict=True)),
            **dict(zip(self.model.states, y, strict=True)),
        }

    # Traced once and not at every place where the solver asks for it.
    @partial(jax.jit, static_argnums=0, inline=True)
    def _field(self, t: Any, y: Any, args: Any) -> Any:
        rates, _ = self.model.evaluate(self._known(y, *args))
        return jnp.stack(list(rates.values()))

    @partial(jax.jit, static_argnums=0, inline=True)
    def _everything(self, y: Any, args: Any) -> dict[str, Any]:
        known = self._known(y, *args)
        return {**known, **self.model.evaluate(known)[1]}

    def _outputs(self, y: Any, args: Any) -> Any:
        known = self._everything(y, args)
        return (
            jnp.stack([jnp.asarray(known[name], float) for name in self.model.outputs]) if self.model.outputs else y[:0]
        )

    def _gaps(self, y: Any, args: Any) -> Any:
        """How far each rule is from being met; zero or below where it is."""
        known = self._everything(y, args)
        return jnp.stack([rule.distance(known) for rule in self.rules]) if self.rules else jnp.ones(1)

    def _happen(self, y: Any, args: Any, amounts: Any) -> Any:
        known = self._everything(y, args)
        for name, amount in zip(self.model.events, amounts, strict=True):
            happens = ~jnp.isnan(amount)
            changed = self.model.happen(name, known, jnp.where(happens, amount, 0.0))
            known |= {state: jnp.where(happens, value, known[state]) for state, value in changed.items()}
        return jnp.stack([known[state] for state in self.model.states])

    def _segment(self, y: Any, status: Any, fixed: dict[str, Any], row: Segments, tolerance: Any) -> Any:
        args = (fixed, row.inputs)
        y = self._happen(y, args, row.amounts)
        at_once = (self._gaps(y, args) <= 0).any()
        found = self._integrate(y, args, row, jnp.where(at_once, row.t0, row.t1), tolerance)
        stopped = at_once | (found.result == diffrax.RESULTS.event_occurred)
        fine = stopped | (found.result == diffrax.RESULTS.successful)
        status = jnp.where(fine, jnp.where(stopped, STOPPED, RUNNING), FAILED)
        states = jnp.concatenate(found.ys)
        outputs = jax.vmap(lambda one: self._outputs(one, args))(states)
        rule = jnp.argmin(self._gaps(states[-1], args))
        return found.ts[1][0], states, outputs, status, rule, found.stats["num_steps"]

    def _integrate(self, y: Any, args: Any, row: Segments, t1: Any, tolerance: Any) -> Any:
        event = diffrax.Event(lambda t, y, args, **_: self._gaps(y, args).min(), _ROOT) if self.rules else None
        saves = jnp.minimum(row.saves, t1)
        keep = diffrax.SaveAt(subs=[diffrax.SubSaveAt(ts=saves), diffrax.SubSaveAt(t1=True)])
        return diffrax.diffeqsolve(
            diffrax.ODETerm(self._field),
            _METHODS[self.method](),
            row.t0,
            t1,
            None,
            y,
            args,
            saveat=keep,
            stepsize_controller=diffrax.PIDController(rtol=tolerance[0], atol=tolerance[1], dtmin=1e-9),
            adjoint=diffrax.ForwardMode(),
            event=event,
            max_steps=self.max_steps,
            throw=False,
        )

    def _skipped(self, y: Any, status: Any, fixed: dict[str, Any], row: Segments, tolerance: Any) -> Any:
        states = jnp.tile(y, (row.saves.shape[-1] + 1, 1))
        outputs = jnp.zeros((states.shape[0], len(self.model.outputs)))
        return row.t0, states, outputs, status, jnp.asarray(0), jnp.zeros((), int)
