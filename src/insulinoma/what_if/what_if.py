"""Scenarios on the draws of one posterior: the same patients, another regimen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.therapy import needed, twin_model
from insulinoma.calibrate.posterior import Posterior
from insulinoma.calibrate.problem import WARM_UP, Problem
from insulinoma.errors import ComputationError
from insulinoma.model.compose import Model
from insulinoma.model.tumor import SITES
from insulinoma.simulate.regimen import Regimen
from insulinoma.what_if.compare import Table, endpoint_result, orderings
from insulinoma.what_if.endpoints import ENDPOINTS, at_landmark, days_to_recurrence, of_course
from insulinoma.what_if.scenario import Scenario

Floats = npt.NDArray[np.float64]
SCHEMA = "insulinoma-what-if/1"
AS_DONE = Scenario("as-done", "What was done, by the record and what is assumed for it.")
LANDMARK = 28


@dataclass(frozen=True)
class Outcome:
    """One scenario: its course (record days), and its endpoints by draw."""

    scenario: Scenario
    course: Course
    endpoints: dict[str, Floats]


@dataclass(frozen=True)
class Comparison:
    """All scenarios of one posterior, what was done first, with the result in the shape of `what-if --json`."""

    outcomes: tuple[Outcome, ...]
    result: dict[str, Any]


def what_if(
    posterior: Posterior, scenarios: Sequence[Scenario], *, draws: int = 100, shown: Callable[[str], None] | None = None
) -> Comparison:
    """What was done and each scenario on the same draws, evenly taken from the posterior.

    UsageError where a scenario does not fit the record; ComputationError where no draw can be computed.
    """
    begin = time.perf_counter()
    tell = shown or (lambda text: None)
    run = _Run(posterior, draws)
    outcomes: list[Outcome] = []
    for item in (AS_DONE, *scenarios):
        tell(f"{item.name}: {item.meaning}")
        outcomes.append(run.outcome(item, outcomes[0].course if outcomes else None))
    result = _result(posterior, run, outcomes)
    result["seconds"] = round(time.perf_counter() - begin, 2)
    return Comparison(tuple(outcomes), result)


class _Run:
    """The draws of a posterior with the one model that all scenarios need."""

    def __init__(self, posterior: Posterior, draws: int) -> None:
        self.problem: Problem = posterior.problem
        every = posterior.z
        self.z = every[np.linspace(0, len(every) - 1, min(draws, len(every))).round().astype(int)]
        self.seed = posterior.seed
        procedures = self.problem.given.procedures
        self.first_procedure = procedures[0] if procedures else None
        last = int(self.problem.clock.end) - 1
        self.landmark = min(int(np.floor(self.first_procedure or 0.0)) + LANDMARK, last)

    def outcome(self, scenario: Scenario, done: Course | None) -> Outcome:
        """A scenario on all draws; `done` is the course of what was done."""
        problem = self.problem
        end = problem.clock.end
        common = scenario.regimen(problem.given.regimen, warm_up=WARM_UP, end=end)
        regimen: Regimen | list[Regimen] = common
        every = common
        if scenario.at_recurrence and done is not None:
            days = self._recurrences(done)
            regimen = [scenario.with_recurrence(common, day, warm_up=WARM_UP) for day in days]
            every = common + Regimen(scenario.at_recurrence)
        model = self._model(every)
        assumed = scenario.assumed(model)
        parameters = self._parameters(model, assumed)
        course = problem.course(self.z, regimen=regimen, model=model, changes=parameters, follow=tuple(model.states))
        endpoints = of_course(course, self.first_procedure)
        if not np.isfinite(endpoints["tumor_volume"]).any():
            raise ComputationError(f"No draw could be computed under {scenario.name!r}.")
        state = {name: course.each_day(name, self.landmark, self.landmark + 1)[:, 0] for name in model.states}
        endpoints |= at_landmark(model, parameters, state)
        return Outcome(scenario, course, endpoints)

    def _recurrences(self, done: Course) -> list[float | None]:
        """The record day after hypoglycemia came back under what was done, by draw."""
        if self.first_procedure is None:
            return [None] * done.lanes
        after = days_to_recurrence(done, self.first_procedure)
        days = np.floor(self.first_procedure) + after + 1
        return [float(day) if day < self.problem.clock.end - 1 else None for day in days]

    def _model(self, regimen: Regimen) -> Model:
        drugs = tuple({*self.problem.given.treatments, *needed(regimen)})
        sites = tuple(site for site in SITES if site in self.problem.model.parts)
        return twin_model(sites, tuple(sorted(drugs)))

    def _parameters(self, model: Model, assumed: dict[str, float]) -> dict[str, Any]:
        found = {**self.problem.parameters(self.z), **self.problem.drawn_for(model, len(self.z), self.seed), **assumed}
        return {
            name: np.broadcast_to(value, (len(self.z),)) for name, value in found.items() if name in model.parameters
        }


def _result(posterior: Posterior, run: _Run, outcomes: list[Outcome]) -> dict[str, Any]:
    parameters = posterior.result["parameters"]
    contraction = np.array([parameters[name]["contraction"] for name in run.problem.coordinates.names])
    table: Table = {item.scenario.name: item.endpoints for item in outcomes}
    done = outcomes[0].endpoints
    scenarios = {}
    for item in outcomes:
        baseline = item is outcomes[0]
        endpoints = {
            name: endpoint_result(
                item.endpoints[name], None if baseline else done[name], run.z, contraction, about.unit
            )
            for name, about in ENDPOINTS.items()
            if name in item.endpoints
        }
        shares = [part["share_of_prior"] for part in endpoints.values() if part.get("share_of_prior") is not None]
        scenarios[item.scenario.name] = {
            "meaning": item.scenario.meaning,
            "assumes": dict(item.scenario.assume or {}),
            "share_of_prior": float(np.median(shares)) if shares else None,
            "endpoints": endpoints,
        }
    return {
        "schema": SCHEMA,
        "case": run.problem.record.id,
        "baseline": AS_DONE.name,
        "draws": len(run.z),
        "seed": run.seed,
        "landmark_day": run.landmark,
        "endpoints": {name: about.meaning for name, about in ENDPOINTS.items()},
        "scenarios": scenarios,
        "orderings": orderings(table),
        "moved_from_prior": {name: item["moved_from_prior"] for name, item in parameters.items()},
    }
