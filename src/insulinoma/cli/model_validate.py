"""`insulinoma model validate`: the twin beside what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insulinoma.cli.options import JsonOption
from insulinoma.cli.output import as_json, progress, say, write

if TYPE_CHECKING:
    from insulinoma.simulate.validation.target import Row

TargetOption = Annotated[
    list[int] | None, typer.Option("--target", help="Number of a target, 1 to 20. May be repeated; all by default.")
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for the table (CSV, Markdown) and the page of plots (PNG)."),
]


def validate(target: TargetOption = None, json: JsonOption = False, output: FolderOption = None) -> None:
    """Run published experiments with the twin, and compare: clamps, meals, fasts, drugs.

    Every target is the protocol that was done on people; virtual patients are drawn by fixed seeds.

    Example: insulinoma model validate --target 2 --target 7
    """
    from insulinoma.report.validation_table import validation_json, validation_text
    from insulinoma.simulate.validation.targets import TARGETS, run_target

    chosen = sorted(set(target)) if target else list(TARGETS)
    rows = [row for number in progress(chosen, label=lambda number: f"target {number}") for row in run_target(number)]
    if output is not None:
        _write(output, rows)
    write(as_json(validation_json(rows)) if json else validation_text(rows), None)


def _write(folder: Path, rows: list[Row]) -> None:
    from csv import writer

    from insulinoma.report.validation_figure import write_validation_figure
    from insulinoma.report.validation_table import as_columns, as_markdown

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "validation.csv").open("w", encoding="utf-8", newline="") as lines:
        writer(lines, lineterminator="\n").writerows(as_columns(rows))
    (folder / "validation.md").write_text(as_markdown(rows), encoding="utf-8")
    write_validation_figure(rows, folder / "validation.png")
    for name in ("validation.csv", "validation.md", "validation.png"):
        say(f"wrote {folder / name}")
