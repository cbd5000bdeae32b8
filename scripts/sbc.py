"""Simulation-based calibration: truths drawn from the prior, records drawn from the truths, posteriors of the records.

    python -m scripts.sbc --kind index --patients 200 [--workers 2]
    python -m scripts.sbc --summary

Each patient is one file in build/sbc, so that a run that was stopped goes on where it was. The summary writes
docs/explanation/sbc.csv and docs/images/sbc.png. The sampler is the one of `calibrate`; a course of three or ten weeks
and fewer effective draws are what makes hundreds of posteriors affordable.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.problem import Problem, problem_of
from insulinoma.calibrate.sampling.draws import sample, starts
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.synthetic import with_facts_of
from insulinoma.errors import ComputationError
from scripts.sbc_quantities import quantities
from scripts.sbc_records import KINDS, synthetic_record

Floats = npt.NDArray[np.float64]
FOLDER = Path(__file__).resolve().parents[1] / "build" / "sbc"
ROUNDS, STARTS = 12, 192
# A record of a hundred numbers needs a better emulator than one of twenty facts, and more draws for narrow intervals.
LANES, ENOUGH, DRAWS = {"index": 192, "rich": 1024}, {"index": 120.0, "rich": 600.0}, {"index": 400, "rich": 1000}
LEVELS = (50, 80, 95)


@cache
def template(kind: str) -> Problem:
    """The problem of a kind of record, its facts placeholders."""
    return problem_of(synthetic_record(kind))


def patient(kind: str, number: int) -> dict[str, Any]:
    """Truth, posterior and diagnostics of one synthetic patient of a kind."""
    problem = template(kind)
    begin = time.perf_counter(), time.process_time()
    names = len(problem.coordinates)
    truth, seen = _drawn(problem, number)
    z = noise(number, 1, (STARTS, names))
    first = starts(z, seen.score(z).total, count=2)
    found = sample(seen, first, seed=number, draws=DRAWS[kind], enough=ENOUGH[kind], rounds=ROUNDS, lanes=LANES[kind])
    return {
        "patient": number,
        "method": found.method,
        "why": found.why,
        "pareto_k": found.pareto_k,
        "evaluations": found.evaluations,
        "ess_min": float(found.effective.min()),
        "quantities": _compared(seen, truth, found.z.reshape(-1, names)),
        "ranks": ((found.z.reshape(-1, names) < truth).mean(axis=0)).round(4).tolist(),
        "seconds": time.perf_counter() - begin[0],
        "core_seconds": time.process_time() - begin[1],
    }


def _drawn(problem: Problem, number: int) -> tuple[Floats, Problem]:
    """The truth of a patient and the problem with the facts drawn from it; the next truth where it has no course."""
    for stream in range(100, 120):
        truth = noise(number, stream, (len(problem.coordinates),))
        try:
            return truth, with_facts_of(problem, truth, seed=number)
        except ComputationError:
            continue
    raise ComputationError(f"Patient {number}: no truth has a course.")


def _compared(seen: Problem, truth: Floats, z: Floats) -> dict[str, dict[str, Any]]:
    """Where the truth lies among draws (lanes, names) by each quantity, and by the likelihood of what was seen."""
    known, drawn = quantities(seen, truth[None]), quantities(seen, z)
    before = quantities(seen, noise(0, 2, (2000, len(truth))))
    table = {
        name: {**_placed(float(known[name][0]), values), "prior_median": float(np.median(before[name]))}
        for name, values in drawn.items()
    }
    table["log_likelihood"] = _placed(float(seen.score(truth[None]).total[0]), seen.score(z).total)
    return table


def _placed(truth: float, values: Floats) -> dict[str, Any]:
    inside = {
        str(level): bool(np.percentile(values, 50 - level / 2) <= truth <= np.percentile(values, 50 + level / 2))
        for level in LEVELS
    }
    return {
        "truth": truth,
        "median": float(np.median(values)),
        "rank": float(np.mean(values < truth)),
        "inside": inside,
    }


def run_one(kind: str, folder: Path, number: int) -> str:
    """Computes one patient unless its file is there; what was done, in words."""
    path = folder / f"{kind}-{number:04d}.json"
    if path.is_file():
        return f"{path.name} is there"
    result = patient(kind, number)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(result), encoding="utf-8")
    part.replace(path)
    return f"{path.name}: {result['core_seconds']:.0f} core-s, {result['ess_min']:.0f} effective draws: {result['why']}"


def main() -> None:
    """Computes patients, or summarizes those that were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, default="index")
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--summary", action="store_true")
    given = parser.parse_args()
    if given.summary:
        from scripts.sbc_summary import summarize

        summarize(given.folder)
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    run = partial(run_one, given.kind, given.folder)
    if given.workers == 1:
        for line in map(run, range(given.patients)):
            print(line, flush=True)
        return
    with ProcessPoolExecutor(given.workers) as pool:
        for line in pool.map(run, range(given.patients)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
