"""Controlled names with codes: treatments, findings, sites, diagnoses, events.

One table a kind, under `data/vocabulary`; a name, its label and its synonyms all lead to the term.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from insulinoma.data import read_table
from insulinoma.errors import UnknownNameError, did_you_mean

Table = Literal["treatments", "findings", "sites", "diagnoses", "events"]


@dataclass(frozen=True)
class Term:
    """One row of a vocabulary table; `row` holds its codes and properties as printed in the table."""

    name: str
    label: str
    row: dict[str, str]

    def get(self, column: str) -> str:
        """The cell of a column, empty when the table says nothing."""
        return self.row.get(column, "")

    def items(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that holds a list."""
        return tuple(part for part in self.get(column).split("|") if part)


@cache
def terms(table: Table) -> dict[str, Term]:
    """All terms of a table by name."""
    rows = read_table("vocabulary", f"{table}.csv")
    return {row["name"]: Term(row["name"], row["label"], row) for row in rows}


@cache
def _names(table: Table) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for term in terms(table).values():
        for name in (term.name, term.label, *term.items("synonyms")):
            found.setdefault(_fold(name), term)
    return found


def _fold(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def term(table: Table, name: str) -> Term:
    """The term of a name, label or synonym; UnknownNameError with the three nearest names if there is none.

    >>> term("treatments", "TAE").name
    'embolization'
    """
    found = _names(table).get(_fold(name))
    if found is None:
        raise UnknownNameError(
            f"{name!r} is not in the vocabulary of {table}",
            f"a name of vocabulary/{table}.csv",
            did_you_mean(_fold(name), _names(table)),
        )
    return found
