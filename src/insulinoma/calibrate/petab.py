"""PEtab, version 1: the measured values of a calibration problem as its tables, and the likelihood of such tables.

PEtab has numbers with noise and no statements, bounds, directions or unknown times. What it cannot hold is
listed; a value of unknown time stands at the middle of its window.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from insulinoma.calibrate.facts.likelihood import Measured
from insulinoma.calibrate.facts.quantity import AtTime
from insulinoma.calibrate.problem import WARM_UP, Problem
from insulinoma.errors import Fault, InputError, UsageError
from insulinoma.simulate.schedule import changes, schedule

_SERIES = {"glucose": "glucose.G", "insulin": "insulin.I", "c_peptide": "c_peptide.C_1"}
_CONDITION = "record"


def petab_files(problem: Problem) -> tuple[dict[str, str], dict[str, str]]:
    """The files of a problem by name, and by fact or unknown of the orders why PEtab cannot hold it."""
    from insulinoma.model.export.sbml import sbml

    lost = {}
    observables, measurements = [], []
    for item in problem.facts.observations:
        if not (isinstance(item.likelihood, Measured) and isinstance(item.quantity, AtTime)):
            lost[item.fact] = "PEtab has no statement, bound, direction or extreme of a day"
            continue
        name = _identifier(item.fact)
        series = _SERIES.get(item.quantity.name, item.quantity.name)
        middle = 1440.0 * (float(np.mean(item.quantity.readings)) + WARM_UP)
        observables.append([name, item.says, _identifier(series), "log", f"{item.likelihood.sd:.9g}", "normal"])
        measurements.append([name, _CONDITION, f"{middle:.6f}", repr(item.likelihood.value)])
    unknown = [name for name in problem.coordinates.names if name not in problem.model.parameters]
    lost |= dict.fromkeys(unknown, "PEtab has no uncertain order: it stands as assumed")
    plan = schedule(problem.model, problem.given.regimen, 1440.0 * problem.days)
    values = {name: float(value) for name, value in problem.who.parameters} | dict(problem.fixed)
    model = sbml(problem.model, parameters=values, start=dict(problem.who.begin), changes=changes(problem.model, plan))
    files = {
        "model.xml": model,
        "parameters.tsv": _table(_PARAMETERS, _parameters(problem)),
        "observables.tsv": _table(_OBSERVABLES, observables),
        "measurements.tsv": _table(_MEASUREMENTS, measurements),
        "conditions.tsv": _table(("conditionId",), [[_CONDITION]]),
        "problem.yaml": yaml.safe_dump(_PROBLEM, sort_keys=False),
    }
    return files, lost


_PARAMETERS = (
    "parameterId", "parameterName", "parameterScale", "lowerBound", "upperBound", "nominalValue", "estimate",
    "objectivePriorType", "objectivePriorParameters",
)  # fmt: skip
_OBSERVABLES = (
    "observableId", "observableName", "observableFormula", "observableTransformation", "noiseFormula",
    "noiseDistribution",
)  # fmt: skip
_MEASUREMENTS = ("observableId", "simulationConditionId", "time", "measurement")
_PROBLEM = {
    "format_version": 1,
    "parameter_file": "parameters.tsv",
    "problems": [
        {
            "sbml_files": ["model.xml"],
            "observable_files": ["observables.tsv"],
            "measurement_files": ["measurements.tsv"],
            "condition_files": ["conditions.tsv"],
        }
    ],
}


def _parameters(problem: Problem) -> Iterable[list[str]]:
    """Log-normal parameters within bounds; a trait has no prior in PEtab and is held at the likelier value."""
    for name, prior in problem.coordinates.priors.items():
        if name not in problem.model.parameters:
            continue
        if prior.share is not None:
            likelier = "1" if prior.share >= 0.5 else "0"
            yield [_identifier(name), prior.meaning, "lin", "0", "1", likelier, "0", "", ""]
            continue
        spread = math.exp(4 * prior.log_spread)
        low = max(prior.low, prior.value / spread)
        high = min(prior.high, prior.value * spread)
        about = f"{math.log(prior.value):.9g};{prior.log_spread:.9g}"
        numbers = [f"{number:.9g}" for number in (low, high, prior.value)]
        yield [_identifier(name), prior.meaning, "log", *numbers, "1", "logNormal", about]


def _identifier(name: str) -> str:
    return name.replace(".", "__").replace("-", "_")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def petab_likelihood(problem: Path, simulations: Path) -> tuple[float, float]:
    """Chi-square and log-likelihood of a PEtab problem (its YAML file) for a table of simulated values.

    Normal noise on a linear or logarithmic scale. InputError where a noise formula is not a number, a sum of
    numbers or a parameter.
    """
    files = yaml.safe_load(problem.read_text(encoding="utf-8"))
    part = files["problems"][0]
    nominal = _nominal(problem.parent / files["parameter_file"])
    observables = {
        row["observableId"]: row for name in part["observable_files"] for row in _rows(problem.parent / name)
    }
    measured = [row for name in part["measurement_files"] for row in _rows(problem.parent / name)]
    simulated = _rows(simulations)
    if len(measured) != len(simulated):
        raise UsageError(f"{simulations.name} has {len(simulated)} rows for {len(measured)} measurements.")
    chi2, total = 0.0, 0.0
    for row, seen in zip(measured, simulated, strict=True):
        observable = observables[row["observableId"]]
        sd = _noise(observable, row, nominal, problem.name)
        residual, density = _density(
            observable.get("observableTransformation") or "lin",
            float(row["measurement"]),
            float(seen["simulation"]),
            sd,
        )
        chi2, total = chi2 + residual**2, total + density
    return chi2, total


def _density(scale: str, value: float, predicted: float, sd: float) -> tuple[float, float]:
    """Residual and log density of a value, on the scale of the value itself."""
    if scale == "lin":
        residual = (predicted - value) / sd
        return residual, -0.5 * residual**2 - math.log(sd * math.sqrt(2 * math.pi))
    factor = math.log(10) if scale == "log10" else 1.0
    likelihood = Measured(value, sd * factor)
    logs = np.array([math.log(predicted)])
    return float(likelihood.residual(logs)[0]), float(likelihood.log_density(logs)[0]) - math.log(value)


def _noise(observable: Mapping[str, str], row: Mapping[str, str], nominal: Mapping[str, float], file: str) -> float:
    given = dict(nominal)
    for index, text in enumerate(filter(None, (row.get("noiseParameters") or "").split(";")), 1):
        given[f"noiseParameter{index}_{observable['observableId']}"] = given[text] if text in given else float(text)
    total = 0.0
    for term in observable["noiseFormula"].split("+"):
        name = term.strip()
        try:
            total += given[name] if name in given else float(name)
        except ValueError:
            problem = f"the noise formula {observable['noiseFormula']!r} cannot be read"
            raise InputError([Fault(file, 0, "noiseFormula", "noise", problem, "numbers and parameters")]) from None
    return total


def _nominal(path: Path) -> dict[str, float]:
    return {row["parameterId"]: float(row["nominalValue"]) for row in _rows(path) if row.get("nominalValue")}


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
