"""`insulinoma check`: validates a record, and holds it against its documents."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insulinoma.cli.options import CaseArgument, JsonOption, OutputOption
from insulinoma.cli.output import as_json, write
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from insulinoma.errors import Fault
    from insulinoma.record.documents import Verification
    from insulinoma.record.schema import CaseRecord

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
    from insulinoma.record.documents import verify
    from insulinoma.record.load import read_case
    from insulinoma.record.validate import validate

    tree = read_case(case)
    record, faults = validate(tree)
    verification = verify(record, tree, documents) if record is not None and documents is not None else None
    if verification is not None:
        faults = sorted([*faults, *verification.faults])
    if json:
        write(as_json(_result(tree.file, record, faults, verification)), output)
    else:
        write(_text(tree.file, record, faults, verification), output)
    if faults:
        raise typer.Exit(1)


def _result(
    file: str, record: CaseRecord | None, faults: list[Fault], verification: Verification | None
) -> dict[str, Any]:
    result: dict[str, Any] = {"file": file, "valid": not faults, "faults": [asdict(fault) for fault in faults]}
    if record is not None:
        result["record"] = {"id": record.id, "facts": _counts(record)}
    if verification is not None:
        result["documents"] = {
            "read": verification.documents,
            "not_read": verification.unread,
            "facts_verified": verification.facts,
            "numbers_found": verification.numbers,
        }
    return result


def _counts(record: CaseRecord) -> dict[str, int]:
    from insulinoma.record.schema import SECTIONS

    return {section: len(getattr(record, section)) for section in SECTIONS}


def _text(file: str, record: CaseRecord | None, faults: list[Fault], verification: Verification | None) -> str:
    lines = [str(fault) for fault in faults]
    if faults:
        lines.append(f"{file}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}.")
    if record is not None:
        counts = ", ".join(f"{count} {section}" for section, count in _counts(record).items())
        lines.append(f"{file}: {'read' if faults else 'valid'}. {counts}.")
    if verification is not None:
        lines.append(
            f"Documents: {', '.join(verification.documents) or 'none read'}; "
            f"{verification.facts} facts held against them, {verification.numbers} numbers found at their lines."
        )
        lines += [f"Not read (no text file declared): {name}." for name in verification.unread]
    return "\n".join([*lines, INTENDED_USE])
