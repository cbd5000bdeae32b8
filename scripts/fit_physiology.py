"""Fits the parameters of the body to the published observations of healthy people, and writes what came out.

    python scripts/fit_physiology.py                  starts from the shipped values
    python scripts/fit_physiology.py --perturb 0.1    starts up to 10 % beside them
    python scripts/fit_physiology.py --check          no fit: residuals, errors and correlations of the shipped values

The best point is kept in `state.json` of the output folder; a fit that was stopped goes on from there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from csv import writer
from pathlib import Path

import numpy as np

from insulinoma.model.patient import patient
from insulinoma.simulate.validation.fit import FREE, Fit, fit, jacobian, residual, rows

FOLDER = Path(__file__).parents[1] / "docs" / "explanation" / "fit"


def main() -> None:
    """Fits or checks, and writes three tables: parameters, residuals, correlation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=FOLDER)
    parser.add_argument("--steps", type=int, default=30, help="largest number of steps")
    parser.add_argument("--perturb", type=float, default=0.0, help="relative distance of the start")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    shipped = {name: patient().parameters[name].value for name in FREE}
    if chosen.check:
        found = Fit(shipped, rows(shipped), jacobian(shipped))
    else:
        found = _fitted(chosen.output / "state.json", _start(shipped, chosen.perturb), chosen.steps)
    write(found, shipped, chosen.output)


def _start(shipped: dict[str, float], distance: float) -> dict[str, float]:
    noise = np.random.default_rng(1).uniform(-1, 1, len(shipped))
    return {name: value * (1 + distance * z) for (name, value), z in zip(shipped.items(), noise, strict=True)}


def _fitted(state: Path, start: dict[str, float], steps: int) -> Fit:
    if state.exists():
        start = json.loads(state.read_text("utf-8"))

    def seen(values: dict[str, float], cost: float) -> None:
        state.write_text(json.dumps(values, indent=1) + "\n", "utf-8")
        sys.stderr.write(f"cost {cost:.3f}\n")

    found = fit(start, steps=steps, seen=seen)
    state.unlink()
    return found


def write(found: Fit, shipped: dict[str, float], folder: Path) -> None:
    """Writes `parameters.csv`, `residuals.csv` and `correlation.csv`."""
    errors, matrix, names = found.relative_errors, found.correlation, list(found.values)
    parameters = [
        [name, f"{value:.5g}", patient().parameters[name].unit, f"{shipped[name]:.5g}", f"{errors[name]:.2g}"]
        for name, value in found.values.items()
    ]
    _table(folder / "parameters.csv", ["parameter", "value", "unit", "shipped", "relative_standard_error"], parameters)
    residuals = [
        [
            item.target,
            item.quantity,
            item.observation,
            item.value,
            f"{row.model:.5g}",
            item.unit,
            f"{residual(row):.2f}",
        ]
        for row in found.rows
        for item in [row.published]
    ]
    header = ["target", "quantity", "observation", "published", "model", "unit", "residual"]
    _table(folder / "residuals.csv", header, residuals)
    correlation = [[name, *(f"{value:.2f}" for value in line)] for name, line in zip(names, matrix, strict=True)]
    _table(folder / "correlation.csv", ["parameter", *names], correlation)
    total = sum(residual(row) ** 2 for row in found.rows)
    sys.stdout.write(f"sum of squares {total:.1f} of {len(found.rows)} residuals, {len(names)} parameters\n")


def _table(path: Path, header: list[str], lines: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer(stream, lineterminator="\n").writerows([header, *lines])


if __name__ == "__main__":
    main()
