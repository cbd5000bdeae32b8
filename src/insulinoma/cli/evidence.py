"""`insulinoma evidence`: treatments, outcomes, conflicts, and questions to the evidence base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from insulinoma.cli.options import CaseArgument, JsonOption, OutputOption
from insulinoma.cli.output import as_json, write
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from insulinoma.evidence.records import Outcome
    from insulinoma.evidence.treatments import TreatmentTable, TreatmentView

app = typer.Typer(
    name="evidence",
    help=f"What the literature says, with sources and conflicts; never a recommendation. {INTENDED_USE}",
    no_args_is_help=True,
    rich_markup_mode=None,
)

TreatmentOption = Annotated[
    str | None, typer.Option("--treatment", help="Only this treatment ('disease' for the prognosis).")
]


@app.command()
def treatments(case: CaseArgument = None, json: JsonOption = False, output: OutputOption = None) -> None:
    """Treatments side by side for a case: what was tried, what is reported, cautions its facts raise.

    Example: insulinoma evidence treatments my-patient.yaml
    """
    from insulinoma.record.load import load_case
    from insulinoma.report.literature import treatments_of

    show_treatments(treatments_of(load_case(case)), json=json, output=output)


def show_treatments(table: TreatmentTable, *, json: bool, output: OutputOption) -> None:
    """Writes a table of treatments, as JSON or as text."""
    write(as_json(table.as_dict()) if json else treatments_in_words(table), output)


@app.command()
def outcomes(treatment: TreatmentOption = None, json: JsonOption = False, output: OutputOption = None) -> None:
    """Reported outcomes with patients, population, year, source and certainty.

    Example: insulinoma evidence outcomes --treatment diazoxide
    """
    from insulinoma.evidence.records import DISEASE
    from insulinoma.evidence.tables import evidence
    from insulinoma.evidence.treatments import outcome_as_dict

    if treatment is not None:
        _check_treatment(treatment, [*(item.id for item in evidence().treatments), DISEASE])
    chosen = [item for item in evidence().outcomes if treatment in (None, item.treatment)]
    if json:
        result: dict[str, Any] = {"outcomes": [outcome_as_dict(item) for item in chosen]}
        write(as_json(result), output)
        return
    write("\n".join((*(outcome_in_words(item) for item in chosen), INTENDED_USE)), output)


@app.command()
def conflicts(json: JsonOption = False, output: OutputOption = None) -> None:
    """Where the sources disagree: both sides, definitions, patients, years, and what decides.

    Example: insulinoma evidence conflicts
    """
    from insulinoma.evidence import conflicts as room

    if json:
        write(as_json({"conflicts": [room.conflict_as_dict(item) for item in room.conflicts()]}), output)
        return
    shown = (room.conflict_in_words(item) for item in room.conflicts())
    write("\n\n".join((*shown, INTENDED_USE)), output)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question in plain words.")],
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Answers a question from the evidence base, with sources and conflicts, or says that it is not in it.

    Example: insulinoma evidence ask "are insulinomas malignant?"
    """
    from insulinoma.evidence.ask import ask as answer_of

    answer = answer_of(question)
    write(as_json(answer.as_dict()) if json else f"{answer.answer}\n{INTENDED_USE}", output)


def _check_treatment(name: str, known: list[str]) -> None:
    from insulinoma.errors import UsageError, did_you_mean

    if name not in known:
        raise UsageError(f"{name!r} is not a treatment of the evidence base. {did_you_mean(name, known)}".strip())


def treatments_in_words(table: TreatmentTable) -> str:
    """A table of treatments as text: what was tried first, then the rest, each in the fixed order."""
    from insulinoma.evidence.treatments import NOTICE

    blocks = [NOTICE]
    for heading, rows in (
        ("TRIED", table.tried),
        ("NOT TRIED" if table.tried else "TREATMENTS", table.not_tried),
    ):
        if rows:
            blocks.append("\n\n".join((heading, *(_view_in_words(row) for row in rows))))
    if table.unrecognized:
        blocks.append(f"Not in the evidence base: {', '.join(table.unrecognized)}.")
    return "\n\n".join((*blocks, INTENDED_USE))


def _view_in_words(row: TreatmentView) -> str:
    lines = [f"{row.treatment.label} ({row.treatment.group})"]
    if row.tried:
        lines.append(f"  in the record: {row.response or 'response not stated'}")
    lines.extend(f"  - {outcome_in_words(outcome)}" for outcome in row.outcomes)
    if not row.outcomes:
        lines.append("  - nothing reported in the evidence base")
    for item in row.cautions:
        because = f" (record: {', '.join(item.because)})" if item.because else ""
        lines.append(f"  ! {item.caution.text}{because} [{item.caution.id}, {item.caution.certainty}]")
    lines.extend(f"  guideline: {item.text}" for item in row.guidelines)
    if row.conflicts:
        lines.append(f"  conflicts: {', '.join(conflict.id for conflict in row.conflicts)}")
    return "\n".join(lines)


def outcome_in_words(outcome: Outcome) -> str:
    """An outcome as one line: statement, patients, population, year, source, certainty."""
    about = [
        f"n = {outcome.n}" if outcome.n is not None else "n not stated",
        outcome.population,
        str(outcome.as_of) if outcome.as_of else "year not stated",
        outcome.source,
        outcome.certainty,
    ]
    return f"{outcome.text} [{outcome.id}; {'; '.join(about)}]"
