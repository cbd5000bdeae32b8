"""Where the sources disagree: both sides with definition, number of patients and year, and what decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from insulinoma.evidence.entries import entries
from insulinoma.evidence.records import Conflict, Side
from insulinoma.evidence.tables import evidence

UNDECIDED = "nothing decides"
"""What is said of a conflict that nothing decides."""


def conflicts() -> tuple[Conflict, ...]:
    """All conflicts of the shipped base.

    >>> conflicts()[0].question
    'Is insulinoma malignant, and how often?'
    """
    return evidence().conflicts


def conflicts_of(identifiers: Iterable[str]) -> list[Conflict]:
    """The conflicts that hold any of these ids (or are one of them), in the order of the ids given.

    >>> [conflict.id for conflict in conflicts_of(["S1-058"])]
    ['C-13']
    """
    found: dict[str, Conflict] = {}
    for identifier in identifiers:
        for conflict in conflicts():
            if identifier == conflict.id or identifier in members(conflict):
                found.setdefault(conflict.id, conflict)
    return list(found.values())


def members(conflict: Conflict) -> list[str]:
    """The ids of all sides of a conflict, each once."""
    return list(dict.fromkeys(identifier for side in conflict.sides for identifier in side.evidence))


def conflict_as_dict(conflict: Conflict) -> dict[str, Any]:
    """A conflict for JSON: question, sides, explanation, what decides."""
    return {
        "id": conflict.id,
        "question": conflict.question,
        "sides": [_side(side) for side in conflict.sides],
        "explanation": conflict.explanation,
        "decides": conflict.decides or None,
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "position": side.position,
        "definition": side.definition or None,
        "n": side.n,
        "as_of": side.as_of,
        "evidence": [
            {"id": identifier, "text": entries()[identifier].text, "citation": entries()[identifier].citation}
            for identifier in side.evidence
        ],
    }


def conflict_in_words(conflict: Conflict) -> str:
    """A conflict as text for people."""
    lines = [f"{conflict.id}  {conflict.question}"]
    for side in conflict.sides:
        about = [
            f"definition: {side.definition or 'not stated'}",
            f"n = {side.n}" if side.n is not None else "n not stated",
            str(side.as_of) if side.as_of else "year not stated",
        ]
        lines.append(f"  - {side.position} ({', '.join(about)}) [{', '.join(side.evidence)}]")
    lines.append(f"  Why: {conflict.explanation}")
    lines.append(f"  What decides: {conflict.decides or UNDECIDED}.")
    return "\n".join(lines)
