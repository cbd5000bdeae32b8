"""`insulinoma new`: a commented record to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from insulinoma.cli.options import OutputOption
from insulinoma.cli.output import write


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The id of the record.")] = "my-patient",
    output: OutputOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write a commented record to fill in; it passes `check` as it stands.

    Example: insulinoma new smith-2026 -o smith-2026.yaml
    """
    from insulinoma.errors import UsageError
    from insulinoma.record.template import template

    target = output or Path(f"{name}.yaml")
    if target.exists() and not force:
        raise UsageError(f"{target} exists. Expected a new file name; '--force' replaces it.")
    write(template(name), target)
