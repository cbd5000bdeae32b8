"""`insulinoma cgm`: metrics, episodes and figure of continuous glucose."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insulinoma.cli.options import GlucoseUnit, JsonOption, OutputOption, UnitOption
from insulinoma.cli.output import as_json, say, write
from insulinoma.errors import Fault, InputError, UsageError
from insulinoma.intended_use import INTENDED_USE
from insulinoma.quantities import join_or

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insulinoma.assessment.glucose.metrics import GlycemicMetrics
    from insulinoma.record.io.cgm import CgmOptions

TABLES, TEXTS = (".csv", ".parquet"), (".json", ".txt")

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Exports of a sensor, or CSV with time,glucose_mg_dl.")
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", help="dexcom, libreview, carelink, nightscout or plain; recognized if left out."),
]
ReadUnitOption = Annotated[
    str | None, typer.Option("--unit", help="Unit of the file, mg/dL or mmol/L, where its header names none.")
]
StartDateOption = Annotated[
    datetime | None,
    typer.Option("--start-date", formats=["%Y-%m-%d"], help="Date of the first row of a file with times of day alone."),
]
DayFirstOption = Annotated[
    bool | None,
    typer.Option("--day-first/--month-first", help="Order in dates such as 03/04/2024; inferred if it can be."),
]
TimezoneOption = Annotated[
    str | None, typer.Option("--timezone", help="Time zone of the clock, such as Europe/Berlin, for daylight saving.")
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave flagged readings out: warm-up, compression. May be repeated."),
]
InclusiveOption = Annotated[
    bool, typer.Option("--inclusive", help="Count values equal to 54 or 70 mg/dL as low (strictly below otherwise).")
]


def cgm(
    files: FilesArgument,
    file_format: FormatOption = None,
    unit: ReadUnitOption = None,
    start_date: StartDateOption = None,
    day_first: DayFirstOption = None,
    timezone: TimezoneOption = None,
    exclude: ExcludeOption = None,
    inclusive: InclusiveOption = False,
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Metrics, episodes of hypoglycemia and figure of continuous glucose, from a sensor or simulated.

    With -o: .png, .svg or .pdf writes the figure and the tables behind it, .csv or .parquet a table with one
    row a series, .json and .txt what would be printed.

    Example: insulinoma cgm export.csv -o profile.png
    """
    from insulinoma.record.io.cgm import CgmOptions

    day = start_date.date() if start_date else None
    options = CgmOptions(vendor=file_format, unit=unit, start_date=day, day_first=day_first, timezone=timezone)
    every = _assessed(files, options, tuple(exclude or ()), inclusive=inclusive)
    ending = output.suffix.lower() if output is not None else ""
    if output is not None and ending in TABLES and not json:
        _write_table(every, output)
        return
    found = list(every)
    if output is not None and ending in TABLES:
        _write_table(found, output)
    elif output is not None and ending not in TEXTS:
        _write_figure(found, output)
    target = output if ending in TEXTS else None
    if json or ending == ".json":
        write(as_json(_result(found)), target)
    else:
        write(_text(found, glucose_unit.value), target)


def _assessed(
    files: list[Path], options: CgmOptions, exclude: tuple[str, ...], *, inclusive: bool
) -> Iterator[GlycemicMetrics]:
    """The metrics of each person of each file; the faults of all files are raised together at the end."""
    from insulinoma.assessment.glucose.metrics import glycemic_metrics
    from insulinoma.assessment.glucose.series import GlucoseSeries
    from insulinoma.record.io.cgm import read_cgm_persons

    faults: list[Fault] = []
    for file in files:
        try:
            persons = read_cgm_persons(file, options)
        except InputError as error:
            faults += error.faults
            continue
        for readings in persons if not faults else ():
            yield glycemic_metrics(GlucoseSeries.from_readings(readings).without(exclude), inclusive=inclusive)
    if faults:
        raise InputError(faults)


def _write_table(every: Iterable[GlycemicMetrics], target: Path) -> None:
    from insulinoma.report.glucose.tables import as_csv, metrics_row, write_parquet

    rows = [metrics_row(metrics) for metrics in every]
    if target.suffix.lower() == ".csv":
        write(as_csv(rows), target)
    else:
        write_parquet(rows, target)
        say(f"wrote {target}")


def _write_figure(found: list[GlycemicMetrics], target: Path) -> None:
    from insulinoma.report.glucose.profile import ENDINGS, write_agp

    if target.suffix.lower() not in ENDINGS:
        known = join_or([*ENDINGS, *TABLES, *TEXTS])
        raise UsageError(f"{target.suffix!r} is not a format of the result. Expected {known}.")
    if len(found) > 1:
        raise UsageError(f"A figure shows one series and {len(found)} were given. Expected one file, or -o NAME.csv.")
    for path in write_agp(found[0], target):
        say(f"wrote {path}")


def _result(found: list[GlycemicMetrics]) -> dict[str, Any]:
    if len(found) == 1:
        return found[0].as_json()
    every = [metrics.as_json() for metrics in found]
    meant = {one["unit_reported"]: one.pop("definitions") for one in every}
    return {"series": every, "definitions": meant}


def _text(found: list[GlycemicMetrics], unit: str) -> str:
    from insulinoma.report.glucose.text import comparison_text, series_text

    text = series_text(found[0], unit) if len(found) == 1 else comparison_text(found, unit)
    return f"{text}\n\n{INTENDED_USE}"
