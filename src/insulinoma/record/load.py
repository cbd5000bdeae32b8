"""Reads a record from a file, the shipped cases among them; all faults of a file at once."""

from __future__ import annotations

from pathlib import Path

from insulinoma.data import resource
from insulinoma.errors import UsageError, did_you_mean
from insulinoma.record.io.csv import read_csv
from insulinoma.record.io.yaml import parse_yaml, read_yaml
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import Tree
from insulinoma.record.validate import build_record

INDEX_CASE = "muro-2014"


def shipped_cases() -> list[str]:
    """Names of the records that ship with the program."""
    cases = resource("cases").iterdir()
    return sorted(entry.name.removesuffix(".yaml") for entry in cases if entry.name.endswith(".yaml"))


def load_case(case: Path | str | None = None) -> CaseRecord:
    """The record of a YAML file, a folder of CSV tables or a shipped case (the index case unless told).

    Raises InputError with all faults, UsageError when there is no such case.

    >>> load_case().id
    'muro-2014'
    """
    return build_record(read_case(case))


def read_case(case: Path | str | None = None) -> Tree:
    """The tree of a YAML file, a folder of CSV tables or a shipped case, for checking it."""
    name = str(case) if case is not None else INDEX_CASE
    if Path(name).is_dir():
        return read_csv(Path(name))
    if Path(name).exists():
        return read_yaml(Path(name))
    if name in shipped_cases():
        return parse_yaml(resource("cases", f"{name}.yaml").read_text(encoding="utf-8"), f"{name}.yaml")
    raise UsageError(f"There is no file and no shipped case {name!r}. {did_you_mean(name, shipped_cases())}".strip())
