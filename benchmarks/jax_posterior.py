"""The posterior of a short record as a function that JAX differentiates.

The equations come from the trace of the kernel, the steps are those of the batch engine at a fixed length,
the facts and their likelihoods those of the problem. The states of each hour are kept for the way back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.jax_equations import JaxEquations
from insulinoma.calibrate.facts.likelihood import Inside, Measured
from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.facts.quantity import AtTime, OfDays
from insulinoma.calibrate.problem import WARM_UP, Problem
from insulinoma.simulate.batch.steps import STAGES
from insulinoma.simulate.batch.trace import measured, trace
from insulinoma.simulate.schedule import schedule

Floats = npt.NDArray[np.float64]
STEP, HOUR, DAY = 4.0, 60.0, 1440.0
MEAL = "absorption.meal"


@dataclass(frozen=True)
class JaxPosterior:
    """The log-likelihood of a problem with meals alone, its facts read at whole hours or over whole days."""

    problem: Problem

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What is kept at the end of each hour."""
        facts = [item.quantity.name for item in self.problem.facts.observations if isinstance(item.quantity, AtTime)]
        return tuple(dict.fromkeys(facts))

    @cached_property
    def equations(self) -> JaxEquations:
        problem, analytes = self.problem, measured(self.problem.model)
        follow = [name for name in self.names if name not in analytes]
        moved = frozenset(name for name, _ in problem.who.begin)
        return JaxEquations(trace(problem.model, orders=[MEAL], observed=follow, whole={}, moved=moved))

    @cached_property
    def meals(self) -> Floats:
        """What is eaten at the beginning of each hour."""
        plan = schedule(self.problem.model, self.problem.given.regimen, self.problem.days * DAY)
        hours, at = plan.edges[:-1] / HOUR, list(self.problem.model.events).index(MEAL)
        others = np.delete(plan.amounts, at, axis=1)
        if (hours % 1).any() or np.isfinite(others).any() or (plan.inputs != plan.inputs[0]).any():
            raise SystemExit("the course has more than meals at whole hours")
        found = np.zeros(24 * self.problem.days)
        found[hours.astype(int)] = np.nan_to_num(plan.amounts[:, at])
        return found

    def log_likelihood(self, z: Any) -> Any:
        """The joint log-likelihood of all facts at coordinates (names,)."""
        import jax.numpy as jnp

        hourly, lowest = self._course(z)
        samples: dict[str, list[Any]] = {}
        for item in self.problem.facts.observations:
            logs = jnp.log(self._predicted(item, hourly, lowest))
            samples.setdefault(item.sample, []).append(_log_density(item.likelihood, logs))
        together = [sum(densities[1:], densities[0]) for densities in samples.values()]
        return sum(_log_mean(part) for part in together)

    def log_posterior(self, z: Any) -> Any:
        """Its sum with the logarithm of the standard normal prior, but for a constant."""
        return self.log_likelihood(z) - 0.5 * (z**2).sum()

    def _parameters(self, z: Any) -> dict[str, Any]:
        import jax.numpy as jnp

        problem = self.problem
        found: dict[str, Any] = {**dict(problem.who.parameters), **problem.fixed}
        for column, (name, prior) in enumerate(problem.coordinates.priors.items()):
            found[name] = jnp.clip(prior.value * jnp.exp(prior.log_spread * z[column]), prior.low, prior.high)
        return problem.model.parameter_values({name: found[name] for name in found if name in problem.model.parameters})

    def _course(self, z: Any) -> tuple[Any, Any]:
        """What is followed at the end of each hour (hours, names), and the lowest glucose of each (hours,)."""
        import jax
        import jax.numpy as jnp

        parameters, equations = self._parameters(z), self.equations
        known = {**parameters, **self.problem.model.at_rest(parameters), **dict(self.problem.who.begin)}
        y = jnp.stack([jnp.asarray(known[name], float) for name in equations.rows.states])
        p = equations.patient(known)
        table = jnp.array([stage[:2] for stage in STAGES])
        # What is inside a stage is computed again on the way back: half the time of keeping it.
        rates = jax.checkpoint(equations.rates)

        def stage(carry: Any, row: Any) -> Any:
            y, slope = carry
            slope = row[0] * slope + STEP * rates(y, p)
            return (y + row[1] * slope, slope), None

        def step(carry: Any, _: Any) -> Any:
            y, low = carry
            y = jax.lax.scan(stage, (y, jnp.zeros_like(y)), table)[0][0]
            return (y, jnp.minimum(low, equations.observed(["glucose"], y, p)[0])), None

        @jax.checkpoint
        def hour(y: Any, amount: Any) -> tuple[Any, Any]:
            y = jnp.where(amount > 0, equations.after(MEAL, y, p, amount), y)
            y, low = jax.lax.scan(step, (y, jnp.inf), None, length=round(HOUR / STEP))[0]
            return y, (jnp.stack(equations.observed(self.names, y, p)), low)

        found: tuple[Any, Any] = jax.lax.scan(hour, y, self.meals)[1]
        return found

    def _predicted(self, item: Observation, hourly: Any, lowest: Any) -> Any:
        """The readings of a fact."""
        quantity = item.quantity
        if isinstance(quantity, AtTime):
            at_moment = quantity.times
            days = [day if at_moment else math.floor(day) + 1 for day in quantity.readings]
            hours = [round(24 * (day + WARM_UP)) - 1 for day in days]
            return hourly[np.array(hours), self.names.index(quantity.name)]
        if isinstance(quantity, OfDays) and quantity.name == "glucose_min" and quantity.rank == 1:
            first, last = (round(24 * (day + WARM_UP)) for day in (quantity.first, quantity.last))
            return lowest[first:last].min()[None]
        raise SystemExit(f"{item.fact}: a {type(quantity).__name__} is not written for JAX")


def _log_density(likelihood: Measured | Inside, logs: Any) -> Any:
    import jax.numpy as jnp
    from jax.scipy.special import ndtr

    if isinstance(likelihood, Measured):
        scaled = (logs - math.log(likelihood.value)) / likelihood.sd
        return -0.5 * scaled**2 - math.log(likelihood.sd * math.sqrt(2 * math.pi))
    low = math.log(likelihood.low) if likelihood.low > 0 else -math.inf
    high = math.log(likelihood.high)
    right = ndtr((high - logs) / likelihood.sd) - ndtr((low - logs) / likelihood.sd)
    right = 1 - right if likelihood.denied else right
    return jnp.log(likelihood.reliability * right + (1 - likelihood.reliability) * (1 - right) + 1e-300)


def _log_mean(values: Any) -> Any:
    import jax.numpy as jnp
    from jax.scipy.special import logsumexp

    return logsumexp(values) - jnp.log(values.shape[0])
