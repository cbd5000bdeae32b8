"""`insulinoma assess`: every published criterion on a record, with the facts behind each verdict."""

from __future__ import annotations

from typing import Annotated

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, OutputOption, UnitOption
from insulinoma.cli.output import as_json, write

FallOption = Annotated[
    float, typer.Option("--marker-fall", min=1, max=100, help="Fall of a marker in percent that is a response.")
]
RiseOption = Annotated[
    float, typer.Option("--marker-rise", min=1, help="Rise of a marker in percent that is progression.")
]


def assess(
    case: CaseArgument = None,
    json: JsonOption = False,
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    marker_fall: FallOption = 50,
    marker_rise: RiseOption = 25,
    output: OutputOption = None,
) -> None:
    """Judge a record by published criteria: met, not met, not measured, inferred or not evaluable.

    Values are compared in the unit in which they were reported; --glucose-unit only adds how they are shown.

    Example: insulinoma assess my-patient.yaml --glucose-unit mmol/L
    """
    from insulinoma.assessment.assess import assess as assess_record
    from insulinoma.assessment.biochemical import MarkerRule
    from insulinoma.assessment.shown import show_glucose
    from insulinoma.cli.assess_page import page
    from insulinoma.record.load import load_case

    rule = MarkerRule(fall_percent=marker_fall, rise_percent=marker_rise)
    result = assess_record(load_case(case), marker_rule=rule).to_json()
    show_glucose(result, glucose_unit.value)
    write(as_json(result) if json else page(result), output)
