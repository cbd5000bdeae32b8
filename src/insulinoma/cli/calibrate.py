"""`insulinoma calibrate`: the twin of one patient, from all facts of the record."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, OutputOption, SeedOption, UnitOption
from insulinoma.cli.output import as_json, say, write
from insulinoma.cli.twin_text import calibration_text, in_glucose_unit
from insulinoma.errors import ComputationError, UsageError
from insulinoma.intended_use import INTENDED_USE


class MethodName(StrEnum):
    """How draws are made."""

    AUTO = "auto"
    IMPORTANCE = "importance"
    TEMPERING = "tempering"


DrawsOption = Annotated[
    int, typer.Option("--draws", min=80, max=20_000, help="How many draws of equal weight, in four independent parts.")
]
MethodOption = Annotated[
    MethodName,
    typer.Option("--method", help="Importance sampling around the modes, tempering, or what diagnostics allow."),
]


def calibrate(
    case: CaseArgument = None,
    draws: DrawsOption = 2000,
    method: MethodOption = MethodName.AUTO,
    seed: SeedOption = 0,
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Infers the patient's parameters from all facts of the record, with their uncertainty.

    With -o: .nc writes the posterior for what-if and report, .json and .txt what would be printed.

    Example: insulinoma calibrate -o muro.nc
    """
    if output is not None and output.suffix not in (".nc", ".json", ".txt"):
        raise UsageError(f"{output.name!r} ends in no known format. Expected .nc, .json or .txt.")
    from insulinoma.calibrate.calibrate import calibrate as run
    from insulinoma.calibrate.result import contradictions
    from insulinoma.record.load import load_case

    posterior = run(load_case(case), seed=seed, draws=draws, method=method.value, shown=say)
    if output is not None and output.suffix == ".nc":
        posterior.save(output)
        say(f"wrote {output}")
    result: dict[str, Any] = in_glucose_unit(posterior.result, glucose_unit.value)
    target = output if output is not None and output.suffix != ".nc" else None
    if json or (target is not None and target.suffix == ".json"):
        write(as_json(result), target)
    else:
        write(f"{calibration_text(result)}\n{INTENDED_USE}", target)
    if found := contradictions(result):
        raise ComputationError(" ".join(found))
