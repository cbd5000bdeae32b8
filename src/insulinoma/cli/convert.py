"""`insulinoma convert`: a record from one format to another, with what is lost on the way."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from insulinoma.cli.options import CaseArgument, JsonOption, OutputOption
from insulinoma.cli.output import as_json, say, write
from insulinoma.errors import UsageError
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from insulinoma.record.io.formats import FormatName
    from insulinoma.record.io.losses import Export, Loss
    from insulinoma.record.schema import CaseRecord
    from insulinoma.record.tree import NotRead


class Format(StrEnum):
    """A format in which a record is read and written."""

    YAML = "yaml"
    CSV = "csv"
    FHIR = "fhir"
    PHENOPACKET = "phenopacket"


class Target(StrEnum):
    """What a record can be written as: a record in another format, or the calibration problem that it poses."""

    YAML = "yaml"
    CSV = "csv"
    FHIR = "fhir"
    PHENOPACKET = "phenopacket"
    PETAB = "petab"


ToOption = Annotated[
    Target, typer.Option("--to", help="The format to write; petab is the calibration problem of the record.")
]
FromOption = Annotated[
    Format | None, typer.Option("--from", help="The format of CASE; recognized by its content unless given.")
]


def convert(
    case: CaseArgument = None,
    to: ToOption = Target.FHIR,
    source: FromOption = None,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Convert a record between YAML, CSV, FHIR R4 and Phenopacket v2; what is lost is told on stderr.

    CSV and PEtab are folders of tables and need -o.

    Example: insulinoma convert my-patient.yaml --to fhir -o my-patient.json
    """
    from insulinoma.record.io.formats import as_text, export, not_read
    from insulinoma.record.load import read_case
    from insulinoma.record.validate import build_record

    tree = read_case(case, form=source.value if source is not None else None)
    record = build_record(tree)
    if to is Target.PETAB:
        _write_petab(record, output, json=json)
        return
    unread = not_read(tree, record)
    exported = export(record, cast("FormatName", to.value))
    text = None if to is Target.CSV else as_text(exported, cast("FormatName", to.value))
    written = _write_tables(exported, output) if text is None else str(output) if output is not None else None
    if json:
        write(as_json(_result(written, exported, unread)), None)
    else:
        _tell(exported, unread)
    if text is not None and (output is not None or not json):
        write(text, output)


def _write_petab(record: CaseRecord, output: Path | None, *, json: bool) -> None:
    """The calibration problem as a folder of PEtab files; facts that PEtab cannot hold are losses."""
    from insulinoma.calibrate.petab import petab_files
    from insulinoma.calibrate.problem import problem_of

    if output is None or (output.exists() and not output.is_dir()):
        raise UsageError("PEtab is a folder of files. Expected '-o FOLDER'.")
    files, lost = petab_files(problem_of(record))
    output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (output / name).write_text(text, encoding="utf-8")
    say(f"wrote {len(files)} files into {output}")
    if json:
        losses = [{"path": fact, "what": why, "kept": None} for fact, why in lost.items()]
        result = {"schema": "insulinoma-convert/1", "output": str(output), "losses": losses, "not_read": []}
        write(as_json(result), None)
        return
    for fact, why in lost.items():
        say(f"lost: {fact} ({why})")
    say(INTENDED_USE)


def _write_tables(exported: Export, output: Path | None) -> str:
    from insulinoma.record.io.csv import write_csv

    if output is None:
        raise UsageError("CSV is a folder of tables. Expected '-o FOLDER'.")
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file. Expected the name of a folder.")
    files = write_csv(exported.data, output)
    say(f"wrote {len(files)} tables into {output}")
    return str(output)


def _result(written: str | None, exported: Export, unread: list[NotRead]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "schema": "insulinoma-convert/1",
        "output": written if written is not None else exported.data,
        "losses": [_loss(loss) for loss in exported.losses],
        "not_read": [asdict(part) for part in unread],
    }


def _loss(loss: Loss) -> dict[str, Any]:
    from insulinoma.record.tree import dotted

    return {"path": dotted(loss.path), "what": loss.what, "kept": loss.kept or None}


def _tell(exported: Export, unread: list[NotRead]) -> None:
    from insulinoma.record.io.losses import summary

    for part in unread:
        say(f"not read: {part}")
    for line in summary(exported.losses):
        say(line)
    say(INTENDED_USE)
