"""`insulinoma plot`: the clinical course as SVG, PNG, HTML or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, OutputOption, UnitOption
from insulinoma.cli.output import as_json, say

DEFAULT = Path("clinical-course.svg")


def plot(
    case: CaseArgument = None,
    output: OutputOption = None,
    width: Annotated[int, typer.Option("--width", help="Width in millimeters: 85 (column) or 180 (page).")] = 180,
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    json: JsonOption = False,
) -> None:
    """Draw the clinical course on one page, with the table behind it.

    The ending of -o says what is written: .svg, .png, .html (interactive) or .csv (the table).

    Example: insulinoma plot my-case.yaml --width 85 -o course.png
    """
    from insulinoma.errors import UsageError
    from insulinoma.record.load import load_case
    from insulinoma.report.course import as_dict, course_table
    from insulinoma.report.course_figure import WIDTHS, plot_course

    if width not in WIDTHS:
        raise UsageError(f"--width {width} is not a layout. Expected 85 or 180 (millimeters).")
    record = load_case(case)
    if json:
        rows = course_table(record, glucose_unit=glucose_unit.value)
        typer.echo(
            as_json({"case": record.id, "glucose_unit": glucose_unit.value, "rows": [as_dict(row) for row in rows]})
        )
        if output is None:
            return
    target = plot_course(record, width_mm=width, glucose_unit=glucose_unit.value).save(output or DEFAULT)
    say(f"wrote {target}")
