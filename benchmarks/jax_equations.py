"""The traced equations of a model on JAX arrays: the same expressions that a kernel is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from insulinoma.simulate.batch.expression import Expression, in_order
from insulinoma.simulate.batch.layout import Layout, computed, layout
from insulinoma.simulate.batch.trace import Trace


@dataclass(frozen=True)
class JaxEquations:
    """What a trace computes, from states `y` in the order of the kernel and the patient's own numbers `p`."""

    traced: Trace

    @cached_property
    def rows(self) -> Layout:
        return layout(self.traced)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.rows.states)}

    def patient(self, known: Mapping[str, Any]) -> Any:
        """The patient's own numbers from parameters, constants and states that do not move."""
        import jax.numpy as jnp

        return jnp.stack([jnp.asarray(value, float) for value in self._values(self.rows.patient, known, {}, float)])

    def rates(self, y: Any, p: Any) -> Any:
        """The rate of every state."""
        import jax.numpy as jnp

        return jnp.stack(self._moving(self.traced.rates.values(), y, p))

    def observed(self, names: Iterable[str], y: Any, p: Any) -> list[Any]:
        """What is measured or followed, by name."""
        every = {**self.traced.observed, **self.traced.measures}
        return self._moving([every[name] for name in names], y, p)

    def after(self, event: str, y: Any, p: Any, amount: Any) -> Any:
        """The states after an event."""
        import jax.numpy as jnp

        changed = self.traced.events[event]
        found = jnp.stack(self._moving(changed.values(), y, p, amount))
        return y.at[np.array([self._place[name] for name in changed])].set(found)

    def _moving(self, wanted: Iterable[Expression], y: Any, p: Any, amount: Any = None) -> list[Any]:
        symbols = {name: y[row] for name, row in self._place.items()} | {"amount": amount}
        own = {item.number: p[row] for row, item in enumerate(self.rows.patient)}
        return self._values(list(wanted), symbols, own, y.dtype)

    def _values(
        self, wanted: list[Expression], symbols: Mapping[str, Any], own: dict[int, Any], kind: Any
    ) -> list[Any]:
        import jax.numpy as jnp

        functions: dict[str, Callable[..., Any]] = {
            "add": jnp.add, "subtract": jnp.subtract, "multiply": jnp.multiply, "negative": jnp.negative,
            "reciprocal": jnp.reciprocal, "power": jnp.power, "exp2": jnp.exp2, "log2": jnp.log2, "sqrt": jnp.sqrt,
        }  # fmt: skip
        found = dict(own)
        for item in computed(wanted) if own else in_order(wanted):
            if item.number in found:
                continue
            if item.op == "symbol":
                found[item.number] = symbols[item.value]
            elif item.op == "constant":
                found[item.number] = jnp.asarray(item.value, kind)
            else:
                found[item.number] = functions[item.op](*(found[arg.number] for arg in item.args))
        return [found[item.number] for item in wanted]
