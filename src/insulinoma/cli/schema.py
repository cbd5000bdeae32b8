"""`insulinoma schema`: the JSON Schema of what a command prints with --json."""

from __future__ import annotations

from typing import Annotated

import typer

from insulinoma.cli.options import OutputOption
from insulinoma.cli.output import write


def schema(
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="A command with a fixed JSON shape, such as assess.")
    ],
    output: OutputOption = None,
) -> None:
    """Print the versioned JSON Schema of a command's --json output.

    Example: insulinoma schema assess
    """
    from insulinoma.data import read_text, resource
    from insulinoma.errors import UnknownNameError, did_you_mean

    ending = ".schema.json"
    names = sorted(
        entry.name.removesuffix(ending) for entry in resource("schemas").iterdir() if entry.name.endswith(ending)
    )
    if command not in names:
        raise UnknownNameError(f"{command!r} has no JSON Schema", ", ".join(names), did_you_mean(command, names))
    write(read_text("schemas", f"{command}{ending}"), output)
