"""`insulinoma assess`: every published criterion on a record, with the facts behind each verdict."""

from __future__ import annotations

from typing import Annotated, Any

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
    from insulinoma.cli.assess_page import page
    from insulinoma.record.load import load_case

    rule = MarkerRule(fall_percent=marker_fall, rise_percent=marker_rise)
    result = assess_record(load_case(case), marker_rule=rule).to_json()
    show_glucose(result, glucose_unit.value)
    write(as_json(result) if json else page(result), output)


def show_glucose(result: dict[str, Any], unit: str) -> None:
    """Adds `shown` in the reader's unit beside every glucose that was reported in another unit."""
    from insulinoma.quantities import convert

    levels = result["hypoglycemia"]
    places = [
        result["criteria"]["whipple"]["low_glucose"],
        result["criteria"]["endocrine_society_2009"]["glucose"],
        result["criteria"]["endocrine_society_2009"]["glucagon_response"],
        *levels["levels"].values(),
        *levels["episodes"],
        result["toxicity"]["hypoglycemia"],
        *([levels["max_level_basis"]] if levels["max_level_basis"] else []),
    ]
    for place in places:
        if place["value"] is not None and place["unit"] not in (None, unit):
            shown = convert("glucose", place["value"], place["unit"], unit).value
            place["shown"] = {"value": round(shown, 1 if unit == "mg/dL" else 3), "unit": unit}
