"""Options that commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class GlucoseUnit(StrEnum):
    """The unit in which glucose is shown."""

    MG_DL = "mg/dL"
    MMOL_L = "mmol/L"


CaseArgument = Annotated[
    Path | None, typer.Argument(metavar="CASE", help="A case file; the shipped index case by default.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable result on stdout, nothing else there.")]
UnitOption = Annotated[GlucoseUnit, typer.Option("--glucose-unit", help="Unit in which glucose is shown.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of all random numbers.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the result.")]
