"""A population of virtual patients, all at once: draws of the parameters, and fixed steps over numpy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from insulinoma.model.compose import Model

Floats = npt.NDArray[np.float64]
Given = tuple[float, str, float]


@dataclass(frozen=True)
class Population:
    """`n` patients of a model; parameters in `changes` replace values and spreads of the typical ones."""

    model: Model
    parameters: dict[str, Floats]
    n: int

    def run(
        self, given: Sequence[Given], end: float, step: float, inputs: Mapping[str, float] | None = None
    ) -> dict[str, Floats]:
        """States and outputs by name, time by patient; times in minutes, `given` is (time, event, amount)."""
        model = self.model
        rest = model.at_rest(self.parameters)
        fixed = {**self.parameters, **{name: rest[name] for name in model.constants}, **model.input_values()}
        fixed |= dict(inputs or {})
        y = {name: np.broadcast_to(np.asarray(rest[name], float), (self.n,)) for name in model.states}
        saved: list[dict[str, Floats]] = []
        times = np.arange(0.0, end + step / 2, step)
        for now in times:
            for when, event, amount in given:
                if now - step / 2 <= when < now + step / 2:
                    y |= model.happen(event, {**fixed, **y, **model.evaluate({**fixed, **y})[1]}, amount)
            k1, outputs = model.evaluate({**fixed, **y})
            saved.append({name: np.broadcast_to(value, (self.n,)) for name, value in {**y, **outputs}.items()})
            k2, _ = model.evaluate({**fixed, **{s: y[s] + step / 2 * k1[s] for s in y}})
            k3, _ = model.evaluate({**fixed, **{s: y[s] + step / 2 * k2[s] for s in y}})
            k4, _ = model.evaluate({**fixed, **{s: y[s] + step * k3[s] for s in y}})
            y = {s: y[s] + step / 6 * (k1[s] + 2 * k2[s] + 2 * k3[s] + k4[s]) for s in y}
        return {"time": times, **{name: np.stack([row[name] for row in saved]) for name in saved[0]}}


def draw(
    model: Model,
    n: int,
    changes: Mapping[str, float | tuple[float, float]] | None = None,
    *,
    seed: int = 1,
    wide: float = 1,
) -> Population:
    """Log-normal draws within the bounds, traits by their share; a change is a value, or a value and `sd_log`."""
    random = np.random.default_rng(seed)
    parameters: dict[str, Any] = {}
    for name, item in model.parameters.items():
        change = (changes or {}).get(name, (item.value, item.log_spread))
        value, spread = change if isinstance(change, tuple) else (change, 0.0)
        if item.share is not None:
            share = item.share if name not in (changes or {}) else value
            parameters[name] = (random.random(n) < share).astype(float)
        else:
            z = random.standard_normal(n) * wide
            parameters[name] = np.clip(value * np.exp(spread * z), item.low, item.high)
    return Population(model, parameters, n)


@pytest.fixture(scope="session")
def people() -> Any:
    """The function that draws a population."""
    return draw


@pytest.fixture(scope="session")
def typical() -> Any:
    """The function that runs one typical patient: model, what is given, end and step in minutes, changes."""

    def run(
        model: Model,
        given: Sequence[Given],
        end: float,
        step: float,
        changes: Mapping[str, float] | None = None,
        inputs: Mapping[str, float] | None = None,
    ) -> dict[str, Floats]:
        traits = {name: 1.0 for name, item in model.parameters.items() if item.share is not None}
        found = draw(model, 1, {**traits, **(changes or {})}, wide=0).run(given, end, step, inputs)
        return {name: values if name == "time" else values[:, 0] for name, values in found.items()}

    return run
