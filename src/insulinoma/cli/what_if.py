"""`insulinoma what-if`: the same patient under another regimen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, OutputOption, SeedOption, UnitOption
from insulinoma.cli.output import as_json, say, write
from insulinoma.cli.twin_text import in_glucose_unit, what_if_text
from insulinoma.errors import UsageError
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from insulinoma.calibrate.posterior import Posterior

ScenarioOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", help="A YAML file or a name, such as no-embolization. May be repeated; all named ones if none."
    ),
]
PosteriorOption = Annotated[
    Path | None, typer.Option("--posterior", help="What 'calibrate -o' wrote; calibrated first where it is not given.")
]
DrawsOption = Annotated[int, typer.Option("--draws", min=20, max=20_000, help="How many posterior draws are run.")]
FiguresOption = Annotated[
    Path | None, typer.Option("--figures", file_okay=False, help="Folder for the figures, as SVG and PNG.")
]


def what_if(
    case: CaseArgument = None,
    scenario: ScenarioOption = None,
    posterior: PosteriorOption = None,
    draws: DrawsOption = 100,
    seed: SeedOption = 0,
    figures: FiguresOption = None,
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Runs scenarios on the same posterior draws: endpoints, paired differences, and what of them is prior.

    Example: insulinoma what-if --posterior muro.nc --scenario no-embolization --scenario embolize-on-day-5
    """
    if output is not None and output.suffix not in (".json", ".txt"):
        raise UsageError(f"{output.name!r} ends in no known format. Expected .json or .txt.")
    from insulinoma.what_if.scenario import named_scenarios
    from insulinoma.what_if.scenario import scenario as read
    from insulinoma.what_if.what_if import what_if as run

    chosen = [read(name) for name in scenario or named_scenarios()]
    calibrated = _posterior(case, posterior, seed)
    found = run(calibrated, chosen, draws=draws, shown=say)
    if figures is not None:
        from insulinoma.report.twin.figures import write_figures

        for path in write_figures(calibrated, found, figures, glucose_unit=glucose_unit.value):
            say(f"wrote {path}")
    result = in_glucose_unit(found.result, glucose_unit.value)
    if json or (output is not None and output.suffix == ".json"):
        write(as_json(result), output)
    else:
        write(f"{what_if_text(result)}\n{INTENDED_USE}", output)


def _posterior(case: Path | None, posterior: Path | None, seed: int) -> Posterior:
    from insulinoma.calibrate.calibrate import calibrate
    from insulinoma.calibrate.posterior import Posterior as Saved
    from insulinoma.record.load import load_case

    if posterior is None:
        return calibrate(load_case(case), seed=seed, shown=say)
    if case is not None:
        raise UsageError("A case and --posterior were both given; the posterior holds its case. Expected one of them.")
    return Saved.load(posterior)
