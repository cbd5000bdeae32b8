"""The command line: `insulinoma COMMAND [CASE] [options]`.

Exit codes: 0 done; 1 the input has faults; 2 wrong usage; 3 a computation failed or did not converge.
Heavy libraries are imported inside the command that needs them.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from insulinoma.cli import evidence, model
from insulinoma.cli.app import app as web_app
from insulinoma.cli.assess import assess
from insulinoma.cli.calibrate import calibrate
from insulinoma.cli.cgm import cgm
from insulinoma.cli.check import check
from insulinoma.cli.convert import convert
from insulinoma.cli.new import new
from insulinoma.cli.plot import plot
from insulinoma.cli.report import report
from insulinoma.cli.schema import schema
from insulinoma.cli.simulate import simulate
from insulinoma.cli.trial import trial
from insulinoma.cli.what_if import what_if
from insulinoma.errors import ComputationError, InputError, InsulinomaError
from insulinoma.intended_use import INTENDED_USE

app = typer.Typer(
    name="insulinoma",
    help=f"From the record of a patient with an insulinoma to something that can be computed with. {INTENDED_USE}",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from insulinoma import __version__

        typer.echo(f"insulinoma {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Options of every command; typer calls this before the command."""


_COMMANDS = (report, new, check, convert, assess, plot, cgm, simulate, calibrate, what_if, trial, schema)
for _command in _COMMANDS:
    app.command()(_command)
app.command("app")(web_app)
app.add_typer(evidence.app)
app.add_typer(model.app)


def main(arguments: list[str] | None = None) -> None:
    """Runs a command and ends the process with its exit code; a user never sees a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(_exit_code(given))


def _exit_code(arguments: list[str]) -> int:
    try:
        result = app(args=arguments, standalone_mode=False)
    except InsulinomaError as error:
        if "--debug" in arguments:
            traceback.print_exc()
        sys.stderr.write(f"{error}\n")
        return _code_of(error)
    except typer.Abort:
        return 2
    except Exception as error:
        return _unexpected(error, debug="--debug" in arguments)
    return result if isinstance(result, int) else 0


def _code_of(error: InsulinomaError) -> int:
    if isinstance(error, InputError):
        return 1
    return 3 if isinstance(error, ComputationError) else 2


def _unexpected(error: Exception, *, debug: bool) -> int:
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return 2
    if debug:
        traceback.print_exc()
    sys.stderr.write(
        f"insulinoma met an error of its own ({type(error).__name__}: {error}). This is a bug: "
        "please report it with the output of the same command after 'insulinoma --debug'.\n"
    )
    return 3
