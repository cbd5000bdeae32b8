"""Calibration of the twin to one record: the whole way from facts to a posterior."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.observation import score
from insulinoma.calibrate.posterior import SCHEMA, Posterior
from insulinoma.calibrate.predictive import repeated
from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.calibrate.result import result_of
from insulinoma.calibrate.sampling.draws import CHAINS, Draws, Method, sample, starts
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Scores
from insulinoma.calibrate.tree import (
    daily_group,
    facts_group,
    observed_group,
    parameters_group,
    stats_group,
    tree_of,
)
from insulinoma.record.schema import CaseRecord

Floats = npt.NDArray[np.float64]
PRIOR_DRAWS = 192
# A round simulates about so many days: what fitting the emulator after it costs.
_ROUND_DAYS, _FEWEST, _MOST = 40_000, 256, 768


@dataclass(frozen=True)
class Predicted:
    """Coordinates (lanes, names), what they predict, and how well the facts fit."""

    z: Floats
    course: Course
    scores: Scores


def calibrate(
    record: CaseRecord,
    *,
    seed: int = 0,
    draws: int = 2000,
    method: Method = "auto",
    rounds: int = 18,
    shown: Callable[[str], None] | None = None,
) -> Posterior:
    """The posterior of the twin's parameters given all facts of a record.

    `draws` of equal weight, from four independent parts, as soon as as many are effective, after at most
    `rounds` rounds of importance sampling. The same seed gives the same posterior.
    ComputationError when the record holds nothing that the model predicts.
    """
    begin = time.perf_counter()
    problem = problem_of(record)
    tell = shown or (lambda text: None)
    names = len(problem.coordinates)
    tell(f"{len(problem.facts.observations)} facts, {names} uncertain parameters, {problem.days} days")
    prior = predicted(problem, noise(seed, 1, (PRIOR_DRAWS, names)))
    first = starts(prior.z, prior.scores.total, count=2)
    lanes = int(np.clip(_ROUND_DAYS / problem.days, _FEWEST, _MOST))
    found = sample(
        problem,
        first,
        seed=seed,
        draws=draws,
        method=method,
        enough=float(draws),
        rounds=rounds,
        lanes=lanes,
        shown=shown,
    )
    tell("predicting from the posterior")
    posterior = _posterior_predicted(problem, found)
    result = result_of(problem, found, posterior.course, posterior.scores, seed)
    result["seconds"] = round(time.perf_counter() - begin, 2)
    return _assembled(record, problem, prior, posterior, found, result, seed)


def recorded(record: CaseRecord) -> str:
    """A record as a posterior keeps it."""
    return record.model_dump_json(by_alias=True, exclude_none=True)


def predicted(problem: Problem, z: Floats) -> Predicted:
    """What the model predicts at coordinates (lanes, names), and how well the facts fit."""
    course = problem.course(z)
    return Predicted(z, course, score(problem.facts.observations, course))


def _posterior_predicted(problem: Problem, found: Draws) -> Predicted:
    """Predictions of all draws; a draw that stands more than once is simulated once."""
    flat = found.z.reshape(-1, found.z.shape[-1])
    distinct, back = np.unique(flat, axis=0, return_inverse=True)
    course = problem.course(distinct).rows(back.ravel())
    return Predicted(flat, course, score(problem.facts.observations, course))


def _assembled(
    record: CaseRecord,
    problem: Problem,
    prior: Predicted,
    posterior: Predicted,
    found: Draws,
    result: dict[str, object],
    seed: int,
) -> Posterior:
    from insulinoma import __version__

    observations = problem.facts.observations
    chained = prior.z[None]
    again = repeated(observations, posterior.scores.predicted, seed)
    before = repeated(observations, prior.scores.predicted, seed)
    groups = {
        "posterior": parameters_group(problem, found.z),
        "prior": parameters_group(problem, chained),
        "posterior_predictive": facts_group(observations, again, CHAINS),
        "prior_predictive": facts_group(observations, before, 1),
        "log_likelihood": facts_group(observations, posterior.scores.each, CHAINS),
        "observed_data": observed_group(observations),
        "predictions": daily_group(problem, posterior.course, CHAINS),
        "predictions_prior": daily_group(problem, prior.course, 1),
        "sample_stats": stats_group(problem, found.z, posterior.scores),
        "sample_stats_prior": stats_group(problem, chained, prior.scores),
    }
    references = sorted({item.ref for item in problem.coordinates.priors.values() if item.ref})
    attributes = {
        "schema": SCHEMA,
        "case": record.id,
        "record": recorded(record),
        "seed": str(seed),
        "version": __version__,
        "method": found.method,
        "regimen": json.dumps([_order(order) for order in problem.given.regimen.orders]),
        "references": json.dumps(references),
        "result": json.dumps({**result, "seed": seed, "version": __version__}, allow_nan=False),
    }
    return Posterior(tree_of(groups, attributes))


def _order(order: object) -> dict[str, object]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(order).items() if name != "place"}  # type: ignore[call-overload]
