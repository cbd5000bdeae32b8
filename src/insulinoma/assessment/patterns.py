"""The pattern table of the Endocrine Society 2009: which rows the measured entries still allow [Cryer2009]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from insulinoma.assessment.verdict import Verdict
from insulinoma.data import read_table

_SYMBOLS = {
    "symptoms": ("yes", "no"),
    "insulin": (">=", "<"),
    "c_peptide": (">=", "<"),
    "proinsulin": (">=", "<"),
    "beta_hydroxybutyrate": ("<=", ">"),
    "glucagon_response": (">=", "<"),
    "sulfonylurea_screen": ("negative", "positive"),
    "insulin_antibody": ("negative", "positive"),
}
COLUMNS = tuple(_SYMBOLS)


@dataclass(frozen=True)
class Pattern:
    """One row of the table: what it says in each column, and a note where sources conflict."""

    name: str
    cells: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class PatternMatch:
    """Rows that are still possible, and for each excluded row the columns that exclude it."""

    possible: tuple[str, ...]
    excluded: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]


@cache
def patterns() -> tuple[Pattern, ...]:
    """All rows, from `criteria/patterns.csv`."""
    rows = read_table("criteria", "patterns.csv")
    return tuple(Pattern(row["row"], tuple((column, row[column]) for column in COLUMNS), row["note"]) for row in rows)


def match_patterns(verdicts: Mapping[str, Verdict]) -> PatternMatch:
    """The rows that no decided entry contradicts; what is not measured or only inferred excludes nothing.

    >>> found = match_patterns({"insulin": Verdict.MET, "c_peptide": Verdict.NOT_MET})
    >>> found.possible
    ('exogenous insulin', 'insulin-receptor antibody')
    """
    seen = {column: _symbol(column, verdict) for column, verdict in verdicts.items() if verdict.decided}
    possible, excluded, notes = [], [], []
    for pattern in patterns():
        against = tuple(column for column, cell in pattern.cells if cell != "any" and seen.get(column, cell) != cell)
        if against:
            excluded.append((pattern.name, against))
            continue
        possible.append(pattern.name)
        if pattern.note:
            notes.append(f"{pattern.name}: {pattern.note}")
    return PatternMatch(tuple(possible), tuple(excluded), tuple(notes))


def _symbol(column: str, verdict: Verdict) -> str:
    met, not_met = _SYMBOLS[column]
    return met if verdict is Verdict.MET else not_met
