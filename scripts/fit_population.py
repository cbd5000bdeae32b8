"""Fits the benign population to the published fasts, hormones and responses, and freezes it in its file.

    python scripts/fit_population.py             goes on from the frozen numbers; writes file and tables
    python scripts/fit_population.py --afresh    begins at the tables of the subject
    python scripts/fit_population.py --check     no fit: what the population gives as it is frozen

It takes minutes; the best point so far is told as it goes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from csv import writer
from pathlib import Path
from typing import Any

from insulinoma.cohort.calibration import KNOBS, fit, moved, number, observations, observed, residuals, steps_of
from insulinoma.cohort.population import Correlation, Population, Spread
from insulinoma.cohort.population_file import read_population
from insulinoma.simulate.batch import simulate_batch

ROOT = Path(__file__).parents[1]
FILE = ROOT / "src" / "insulinoma" / "data" / "populations" / "benign-insulinoma.yaml"
TABLES = ROOT / "docs" / "explanation" / "fit"
FITTED, JUDGED = 5, 2026
FROZEN = "# Frozen by scripts/fit_population.py; every number here is one of its knobs.\n"


def main() -> None:
    """Fits or checks, and writes the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=512, help="virtual patients before admission")
    parser.add_argument("--steps", type=int, default=8, help="largest number of steps")
    parser.add_argument("--afresh", action="store_true")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    population = read_population("benign-insulinoma")
    if not chosen.check:
        start = None if chosen.afresh else steps_of(population)
        found = fit(
            population,
            chosen.candidates,
            seed=FITTED,
            engine=simulate_batch,
            steps=chosen.steps,
            start=start,
            seen=tell,
        )
        population = rounded(moved(population, found.tolist()))
        freeze(population)
        write_knobs(population)
    write_observations(population, chosen.candidates)


def write_knobs(population: Population) -> None:
    """Writes what the fit moved: from where, to where, by how many of its prior standard deviations."""
    tables = moved(population, [0.0] * len(KNOBS))
    header = ["parameter", "what", "table", "fitted", "steps", "prior", "sources"]
    lines = [
        [knob.parameter, knob.what, f"{number(tables, knob):.3g}", f"{number(population, knob):.3g}", f"{step:.2f}",
         f"{knob.prior:g}", knob.refs]
        for knob, step in zip(KNOBS, steps_of(population), strict=True)
    ]  # fmt: skip
    _table(TABLES / "population-knobs.csv", header, lines)


def tell(steps: Sequence[float], total: float) -> None:
    """A line for each better point."""
    sys.stderr.write(f"{total:8.2f}  {' '.join(f'{step:+.2f}' for step in steps)}\n")


def rounded(population: Population) -> Population:
    """The population with the fitted numbers as its file states them, in three digits."""

    def short(item: Any, *names: str) -> Any:
        return item.model_copy(update={name: float(f"{getattr(item, name):.3g}") for name in names})

    return population.model_copy(
        update={
            "parameters": tuple(short(item, "median", "spread") for item in population.parameters),
            "correlations": tuple(short(item, "value") for item in population.correlations),
        }
    )


def freeze(population: Population) -> None:
    """Writes the fitted parts into the population file, in the place of those that it had."""
    kept, skipping = [], False
    for line in FILE.read_text("utf-8").splitlines(keepends=True):
        if line == FROZEN:
            continue
        if not line.startswith(("-", " ")):
            skipping = line.startswith(("parameters:", "correlations:"))
        if not skipping:
            kept.append(line)
    at = next(index for index, line in enumerate(kept) if line.startswith("run_in:"))
    parts = ["parameters:\n", *map(spread_line, population.parameters)]
    parts += ["correlations:\n", *map(correlation_line, population.correlations)]
    FILE.write_text("".join([*kept[:at], FROZEN, *parts, *kept[at:]]), "utf-8")


def spread_line(item: Spread) -> str:
    """A parameter as a line of the file; bounds only where there are any."""
    bounds = {name: getattr(item, name) for name in ("low", "high") if abs(getattr(item, name)) != float("inf")}
    shape = {"median": item.median} if item.scale == "share" else {"median": item.median, "spread": item.spread}
    fields = {**shape, **({"scale": item.scale} if item.scale != "log" else {}), **bounds}
    words = ", ".join(f"{name}: {value:g}" if isinstance(value, float) else f"{name}: {value}" for name, value in
                      fields.items())  # fmt: skip
    return f'- {{name: {item.name}, {words}, unit: "{item.unit}", source: "{item.source}"}}\n'


def correlation_line(item: Correlation) -> str:
    """A correlation as a line of the file."""
    return f'- {{between: [{", ".join(item.between)}], value: {item.value:g}, source: "{item.source}"}}\n'


def write_observations(population: Population, size: int) -> None:
    """Writes what was published beside the population, with the patients of the fit and with others."""
    fitted, judged = (observed(population, size, seed=seed, engine=simulate_batch) for seed in (FITTED, JUDGED))
    away = residuals(judged)
    header = ["observation", "published", "standard_error", "unit", "fitted", "other_patients", "errors_away", "ref"]
    lines = [
        [item.name, f"{item.value:g}", f"{item.error:.3g}", item.unit, f"{fitted[item.name]:.3g}",
         f"{judged[item.name]:.3g}", f"{away[item.name]:.2f}", item.ref]
        for item in observations().values()
    ]  # fmt: skip
    _table(TABLES / "population.csv", header, lines)
    for line in lines:
        sys.stdout.write("  ".join(f"{cell:>18}" for cell in line) + "\n")
    others = {name: round(value, 1) for name, value in judged.items() if name not in observations()}
    total = sum(value**2 for value in away.values())
    sys.stdout.write(f"not fitted: {others}\nsum of squares {total:.1f} of {len(lines)}, {len(KNOBS)} knobs\n")


def _table(path: Path, header: list[str], lines: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer(stream, lineterminator="\n").writerows([header, *lines])


if __name__ == "__main__":
    main()
