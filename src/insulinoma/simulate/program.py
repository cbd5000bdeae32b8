"""A model as one compiled program: all segments of a schedule, integrated one after another.

Each segment starts at an edge, applies the events of that moment and integrates with constant
inputs, so that no step crosses a jump. Adaptive steps, 64 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import diffrax
import jax
import optimistix
from jax import numpy as jnp

from insulinoma.model.compose import Model
from insulinoma.simulate.stopping import StopRule

jax.config.update("jax_enable_x64", True)

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
def program(model: Model, rules: tuple[StopRule, ...], solver: Solver) -> Callable[..., Course]:
    """The compiled program `(parameters, start, segments) -> Course` of a model."""
    body = _Body(model, rules, solver)
    return jax.jit(body.run)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class _Body:
    model: Model
    rules: tuple[StopRule, ...]
    solver: Solver

    def run(self, parameters: dict[str, Any], start: dict[str, Any], segments: Segments) -> Course:
        rest = {**self.model.at_rest(parameters), **start}
        fixed = {**parameters, **{name: rest[name] for name in self.model.constants}}
        y0 = jnp.stack([jnp.asarray(rest[name], float) for name in self.model.states])
        carry = (y0, jnp.asarray(RUNNING))

        def step(carry: Any, row: Segments) -> Any:
            y, status = carry
            going = row.used & (status == RUNNING)
            found = jax.lax.cond(going, self._segment, self._skipped, y, status, fixed, row)
            return (found[1][-1], found[3]), found

        _, (end, states, outputs, status, rule, steps) = jax.lax.scan(step, carry, segments)
        return Course(states, outputs, end, status, rule, steps, rest)

    def _known(self, y: Any, fixed: dict[str, Any], inputs: Any) -> dict[str, Any]:
        return {**fixed, **dict(zip(self.model.inputs, inputs, strict=True)), **dict(zip(self.model.states, y, strict=True))}

    def _field(self, t: Any, y: Any, args: Any) -> Any:
        rates, _ = self.model.evaluate(self._known(y, *args))
        return jnp.stack(list(rates.values()))

    def _everything(self, y: Any, args: Any) -> dict[str, Any]:
        known = self._known(y, *args)
        return {**known, **self.model.evaluate(known)[1]}

    def _outputs(self, y: Any, args: Any) -> Any:
        known = self._everything(y, args)
        return jnp.stack([jnp.asarray(known[name], float) for name in self.model.outputs]) if self.model.outputs else y[:0]

    def _distances(self, y: Any, args: Any) -> Any:
        known = self._everything(y, args)
        return [rule.distance(known) for rule in self.rules]

    def _happen(self, y: Any, args: Any, amounts: Any) -> Any:
        states = list(self.model.states)
        for name, amount in zip(self.model.events, amounts, strict=True):
            happens = ~jnp.isnan(amount)
            changed = self.model.happen(name, self._everything(y, args), jnp.where(happens, amount, 0.0))
            for state, value in changed.items():
                index = states.index(state)
                y = y.at[index].set(jnp.where(happens, value, y[index]))
        return y

    def _segment(self, y: Any, status: Any, fixed: dict[str, Any], row: Segments) -> Any:
        args = (fixed, row.inputs)
        y = self._happen(y, args, row.amounts)
        at_once = jnp.asarray([gap <= 0 for gap in self._distances(y, args)], bool)
        t1 = jnp.where(at_once.any(), row.t0, row.t1) if self.rules else row.t1
        found = self._integrate(y, args, row, t1)
        fired = at_once | jnp.asarray(found.event_mask, bool) if self.rules else at_once
        fine = (found.result == diffrax.RESULTS.successful) | (found.result == diffrax.RESULTS.event_occurred)
        ended = jnp.where(fired.any(), STOPPED, RUNNING) if self.rules else RUNNING
        saved, last = found.ys
        states = jnp.concatenate([saved, last])
        outputs = jax.vmap(lambda one: self._outputs(one, args))(states)
        rule = jnp.argmax(fired) if self.rules else jnp.asarray(0)
        return found.ts[1][0], states, outputs, jnp.where(fine, ended, FAILED), rule, found.stats["num_steps"]

    def _integrate(self, y: Any, args: Any, row: Segments, t1: Any) -> Any:
        event = None
        if self.rules:
            rules = [lambda t, y, args, r=rule, **_: r.distance(self._everything(y, args)) for rule in self.rules]
            event = diffrax.Event(rules, optimistix.Bisection(rtol=1e-10, atol=1e-10, flip="detect"))
        keep = diffrax.SaveAt(
            subs=[diffrax.SubSaveAt(ts=jnp.minimum(row.saves, t1)), diffrax.SubSaveAt(t1=True)]  # type: ignore[arg-type]
        )
        return diffrax.diffeqsolve(
            diffrax.ODETerm(self._field),
            _METHODS[self.solver.method](),
            row.t0,
            t1,
            None,
            y,
            args,
            saveat=keep,
            stepsize_controller=diffrax.PIDController(rtol=self.solver.rtol, atol=self.solver.atol, dtmin=1e-9),
            adjoint=diffrax.ForwardMode(),
            event=event,
            max_steps=self.solver.max_steps,
            throw=False,
        )

    def _skipped(self, y: Any, status: Any, fixed: dict[str, Any], row: Segments) -> Any:
        states = jnp.tile(y, (row.saves.shape[-1] + 1, 1))
        outputs = jnp.zeros((states.shape[0], len(self.model.outputs)))
        return row.t0, states, outputs, status, jnp.asarray(0), jnp.zeros((), int)
