"""`insulinoma model`: subjects and protocols, parameters with their sources, equations, export."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from insulinoma.cli.model_validate import validate
from insulinoma.cli.options import JsonOption, OutputOption
from insulinoma.cli.output import as_json, write
from insulinoma.intended_use import INTENDED_USE

app = typer.Typer(
    name="model",
    help=f"The model: what it holds, where its numbers come from, its equations. {INTENDED_USE}",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(validate)


class EquationForm(StrEnum):
    """The form in which equations are written."""

    LATEX = "latex"
    MARKDOWN = "markdown"


class ExportForm(StrEnum):
    """The format of an exported model."""

    SBML = "sbml"
    LATEX = "latex"


SubjectOption = Annotated[str, typer.Option("--subject", help="The subject whose model and values are meant.")]
PartOption = Annotated[str | None, typer.Option("--part", help="Only this part of the model, such as liver.")]
FormOption = Annotated[EquationForm, typer.Option("--as", help="LaTeX, or markdown with LaTeX in it.")]
ToOption = Annotated[ExportForm, typer.Option("--to", help="sbml (Level 3, with units) or latex.")]


@app.command("list")
def list_all(json: JsonOption = False, output: OutputOption = None) -> None:
    """Subjects, protocols, and the parts of the model with the number of states and parameters.

    Example: insulinoma model list
    """
    from insulinoma.simulate.catalog import catalog

    tables = catalog()
    if json:
        write(as_json(tables), output)
        return
    blocks = [
        "\n".join((title.upper(), *(f"  {row['name']:<24} {row['meaning']}" for row in rows)))
        for title, rows in tables.items()
    ]
    write("\n\n".join((*blocks, INTENDED_USE)), output)


@app.command()
def parameters(
    subject: SubjectOption = "muro-2014",
    part: PartOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Every parameter with value, unit, spread, meaning, reference and status; which are assumptions.

    Example: insulinoma model parameters --subject insulinoma --part liver
    """
    from insulinoma.simulate.catalog import parameter_table
    from insulinoma.simulate.subject import subject as named

    who = named(subject)
    _check_part(part, who.model.parts)
    rows = parameter_table(who, part)
    if json:
        write(as_json({"subject": who.name, "parameters": rows}), output)
        return
    assumed = sum(row["status"] == "assumption" for row in rows)
    lines = [_line(row) for row in rows]
    write("\n".join((*lines, f"{len(rows)} parameters, {assumed} of them assumptions.", INTENDED_USE)), output)


@app.command()
def equations(
    subject: SubjectOption = "muro-2014",
    part: PartOption = None,
    form: FormOption = EquationForm.MARKDOWN,
    output: OutputOption = None,
) -> None:
    """The equations as they are computed, part by part, as LaTeX or markdown.

    Example: insulinoma model equations --part insulin
    """
    from insulinoma.model.export.latex import latex, markdown
    from insulinoma.simulate.subject import subject as named

    parts = named(subject).model.parts
    _check_part(part, parts)
    chosen = {name: item for name, item in parts.items() if part in (None, name)}
    write(latex(chosen) if form is EquationForm.LATEX else markdown(chosen), output)


@app.command()
def export(to: ToOption = ExportForm.SBML, subject: SubjectOption = "muro-2014", output: OutputOption = None) -> None:
    """The model of a subject for other programs: SBML Level 3 with units, or LaTeX.

    Example: insulinoma model export --to sbml --subject healthy-woman -o model.xml
    """
    from insulinoma.simulate.subject import subject as named

    who = named(subject)
    if to is ExportForm.LATEX:
        from insulinoma.model.export.latex import latex

        write(latex(who.model.parts), output)
        return
    from insulinoma.model.export.sbml import sbml

    write(sbml(who.model, parameters=who.values, start=dict(who.begin)), output)


def _check_part(part: str | None, parts: Any) -> None:
    from insulinoma.errors import UnknownNameError, did_you_mean

    if part is not None and part not in parts:
        raise UnknownNameError(f"{part!r} is not a part of the model", ", ".join(parts), did_you_mean(part, parts))


def _line(row: dict[str, Any]) -> str:
    spread = f", sd_log {row['sd_log']:.2f}" if row["sd_log"] else ""
    share = f", in {100 * row['share']:.0f} % of people" if row["share"] is not None else ""
    source = f"{row['status']} {row['reference'] or ''}".strip()
    note = f"; {row['note']}" if row["note"] else ""
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    hand = f" by hand, typically {row['prior']:g}{unit}" if row["value"] != row["prior"] else ""
    head = f"{row['name']} = {row['value']:g}{unit}{hand}"
    return f"{head}{spread}{share}: {row['meaning']} [{source}{note}]"
