"""The result of a calibration in the shape of `calibrate --json`, with a summary in sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.identifiability import Movement, correlations, movements
from insulinoma.calibrate.posterior import SCHEMA
from insulinoma.calibrate.predictive import Check, at_odds, checks, repeated
from insulinoma.calibrate.problem import Problem
from insulinoma.calibrate.sampling.draws import Draws
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Scores
from insulinoma.calibrate.worth import Worth, worths

Floats = npt.NDArray[np.float64]


def result_of(problem: Problem, found: Draws, course: Course, scores: Scores, seed: int) -> dict[str, Any]:
    """Diagnostics, parameters, facts, correlations and what to measure next; without time, seed and version."""
    z = found.z.reshape(-1, found.z.shape[-1])
    observations = problem.facts.observations
    names = problem.coordinates.names
    moved = movements(z, scores, tuple(item.fact for item in observations), found.effective)
    again = repeated(observations, scores.predicted, seed)
    odds = at_odds(observations, scores.predicted, scores.each)
    checked = checks(observations, scores.predicted, scores.each, again)
    pairs = correlations(z, names, np.array([item.moved for item in moved]))
    tests = worths(problem, z, course, seed)
    diagnostics = _diagnostics(found)
    return {
        "schema": SCHEMA,
        "case": problem.record.id,
        "subject": problem.who.name,
        "method": found.method,
        "why_this_method": found.why,
        "draws": len(z),
        "summary": summary(moved, names, checked, tests, diagnostics),
        "diagnostics": diagnostics,
        "parameters": _parameters(problem, z, moved, found),
        "facts": {check.fact: check.json() for check in checked},
        "at_odds": [{"between": [a, b], "probability": both} for a, b, both in odds],
        "not_used": problem.facts.unused,
        "assumed": [*problem.clock.assumed, *problem.given.assumed],
        "correlations": [{"between": [a, b], "correlation": value} for a, b, value in pairs],
        "worth_measuring": [
            {"test": item.test, "day": item.day, "information_nats": item.information, "why": item.why}
            for item in tests
        ],
    }


def contradictions(result: dict[str, Any]) -> list[str]:
    """A sentence for each fact that the model cannot bring together with the others."""
    found = [
        f"{' and '.join(pair['between'])} cannot both be right under the model: "
        f"given all other facts their joint probability is {pair['probability']:.2g}."
        for pair in result["at_odds"]
    ]
    for name, check in result["facts"].items():
        if check["verdict"] != "contradicted":
            continue
        low, high = check["predicted"]["interval_90"]
        span = f"{low:.3g} to {high:.3g} {check['unit']}".replace(" 1", "")
        if check["probability"] is not None:
            found.append(
                f"{name} ({check['says']}) does not fit the other facts and the model: "
                f"given all others its probability is {check['tail']:.2g}; predicted {span}."
            )
        else:
            found.append(
                f"{name} ({check['says']}) does not fit the other facts and the model: {check['observed']:.3g} "
                f"{check['unit']} was reported, and 90 % of repetitions would give {span}."
            )
    return found


def summary(
    moved: list[Movement], names: tuple[str, ...], checked: list[Check], tests: list[Worth], diagnostics: dict[str, Any]
) -> list[str]:
    """What the calibration found, in sentences; the first says how much is still the prior and what would change it."""
    count = sum(item.moved for item in moved)
    order = sorted(range(len(moved)), key=lambda index: -moved[index].distance)
    farthest = [names[index] for index in order[:6] if moved[index].moved]
    best = [f"{item.test} ({item.information:.1f} nats)" for item in tests[:3]]
    most = f"; measured, these would tell most: {', '.join(best)}" if best else ""
    lines = [
        f"{len(moved) - count} of {len(moved)} uncertain parameters stay at their prior{most}.",
        f"{count} moved" + (f", most of all {', '.join(farthest)}." if farthest else "."),
    ]
    numbers = [check for check in checked if check.probability is None]
    statements = [check for check in checked if check.probability is not None]
    inside = sum(check.verdict == "agrees" for check in numbers)
    likely = sum(check.verdict == "agrees" for check in statements)
    lines.append(
        f"{inside} of {len(numbers)} measured values lie inside their 90 % predictive interval; "
        f"{likely} of {len(statements)} statements have a posterior probability above 0.8."
    )
    for check in checked:
        if check.verdict == "doubtful":
            lines.append(_doubt(check, moved, names))
    lines += diagnostics["failed"]
    return lines


def _doubt(check: Check, moved: list[Movement], names: tuple[str, ...]) -> str:
    """That a fact is doubtful, and which parameters it would draw away from their prior."""
    what = f"probability {check.probability:.2f}" if check.probability is not None else "outside its 90 % interval"
    drawn = [name for name, item in zip(names, moved, strict=True) if check.fact in dict(item.by)]
    drawn.sort(key=lambda name: -dict(moved[names.index(name)].by)[check.fact])
    why = f"; it asks for {', '.join(drawn[:3])} farther from the prior than the other facts do" if drawn else ""
    return f"{check.fact} ({check.says}) is doubtful under the model: {what}{why}."


def _diagnostics(found: Draws) -> dict[str, Any]:
    judgment = found.judgment
    return {
        "r_hat_max": _finite(judgment.r_hat),
        "ess_min": judgment.effective,
        "pareto_k": _finite(judgment.pareto_k),
        "acceptance": found.acceptance,
        "divergences": 0,
        "modes": found.modes,
        "evaluations": found.evaluations,
        "log_evidence": found.log_evidence,
        "failed": judgment.failed,
    }


def _finite(value: float | None) -> float | None:
    """The number where there is one that JSON can hold."""
    return value if value is not None and np.isfinite(value) else None


def _parameters(problem: Problem, z: Floats, moved: list[Movement], found: Draws) -> dict[str, Any]:
    values = problem.coordinates.values(z)
    before = problem.coordinates.values(noise(0, 2, (2000, z.shape[1])))
    table = {}
    for index, (name, prior) in enumerate(problem.coordinates.priors.items()):
        table[name] = {
            "meaning": prior.meaning,
            "unit": prior.unit,
            "prior": _spread(before[name]),
            "posterior": _spread(values[name]),
            "moved_from_prior": moved[index].distance,
            "moved": moved[index].moved,
            "contraction": moved[index].contraction,
            "moved_by": [{"fact": fact, "size": size} for fact, size in moved[index].by] if moved[index].moved else [],
            "ess": float(found.effective[index]),
        }
    return table


def _spread(values: Floats) -> dict[str, Any]:
    low, median, high = np.percentile(values, [5, 50, 95])
    return {"mean": float(values.mean()), "median": float(median), "interval_90": [float(low), float(high)]}
