"""`insulinoma check`: validates a record, and holds it against its documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insulinoma.cli.options import CaseArgument, JsonOption, OutputOption
from insulinoma.cli.output import as_json, write
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from insulinoma.errors import Fault
    from insulinoma.record.documents import Verification
    from insulinoma.record.schema import CaseRecord
    from insulinoma.record.tree import NotRead

DocumentsOption = Annotated[
    Path | None,
    typer.Option("--documents", file_okay=False, exists=True, help="Folder of the source documents to verify against."),
]


def check(
    case: CaseArgument = None,
    documents: DocumentsOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Validate a record; with --documents, verify that each number stands where the record says.

    Example: insulinoma check my-patient.yaml --documents papers/
    """
    from insulinoma.record.checked import check_result
    from insulinoma.record.documents import verify
    from insulinoma.record.io.formats import not_read
    from insulinoma.record.load import read_case
    from insulinoma.record.validate import validate

    tree = read_case(case)
    record, faults = validate(tree)
    verification = verify(record, tree, documents) if record is not None and documents is not None else None
    unread = not_read(tree, record) if record is not None else tree.unread
    if verification is not None:
        faults = sorted([*faults, *verification.faults])
    if json:
        write(as_json(check_result(tree.file, record, faults, unread, verification)), output)
    else:
        write(_text(tree.file, record, faults, verification, unread), output)
    if faults:
        raise typer.Exit(1)


def _text(
    file: str,
    record: CaseRecord | None,
    faults: list[Fault],
    verification: Verification | None,
    unread: list[NotRead],
) -> str:
    from insulinoma.record.checked import fact_counts

    lines = [*(f"not read: {part}" for part in unread), *(str(fault) for fault in faults)]
    if faults:
        lines.append(f"{file}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}.")
    if record is not None:
        counts = ", ".join(f"{count} {section}" for section, count in fact_counts(record).items())
        lines.append(f"{file}: {'read' if faults else 'valid'}. {counts}.")
    if verification is not None:
        lines.append(
            f"Documents: {', '.join(verification.documents) or 'none read'}; "
            f"{verification.facts} facts held against them, {verification.numbers} numbers found at their lines."
        )
        lines += [f"Not read (no text file declared): {name}." for name in verification.unread]
    return "\n".join([*lines, INTENDED_USE])
