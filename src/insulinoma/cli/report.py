"""`insulinoma report`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, SeedOption, UnitOption
from insulinoma.cli.output import as_json, progress, say, write
from insulinoma.errors import ComputationError

FolderOption = Annotated[Path, typer.Option("--output", "-o", file_okay=False, help="Folder to write into.")]


def report(
    case: CaseArgument = None,
    output: FolderOption = Path("report"),
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    no_twin: Annotated[bool, typer.Option("--no-twin", help="Leave the twin out: no calibration, no what-if.")] = False,
    posterior: Annotated[
        Path | None,
        typer.Option("--posterior", help="What 'calibrate -o' wrote; without it a quick calibration of fewer draws."),
    ] = None,
    seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:
    """Check, assess, plot, calibrate the twin and write the report: HTML, PDF, figures and their tables.

    Example: insulinoma report my-patient.yaml -o my-report
    """
    from insulinoma.record.load import load_case
    from insulinoma.report.build import ReportBuilder

    record = load_case(case)
    builder = ReportBuilder(record, output, glucose_unit.value, twin=not no_twin, seed=seed, posterior=posterior)
    for _, step in progress(list(builder.steps()), label=lambda step: step[0]):
        step()
    if json:
        write(
            as_json({"case": record.id, "folder": str(output), "files": [path.name for path in builder.files()]}), None
        )
    else:
        say(f"The report on {record.id} is in {output}/: open {output / 'report.html'} or {output / 'report.pdf'}.")
    if builder.contradictions:
        raise ComputationError(" ".join(builder.contradictions))
