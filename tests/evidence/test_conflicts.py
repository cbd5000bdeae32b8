"""Conflicts: both sides, with definition, number of patients and date."""

from __future__ import annotations

import json

import pytest

from insulinoma.evidence.conflicts import (
    UNDECIDED,
    conflict_as_dict,
    conflict_in_words,
    conflicts,
    conflicts_of,
    members,
)
from insulinoma.evidence.entries import entries

CONFLICTS = {conflict.id: conflict for conflict in conflicts()}


@pytest.mark.parametrize("conflict", conflicts(), ids=lambda item: item.id)
def test_a_conflict_is_complete(conflict) -> None:
    assert len(conflict.sides) >= 2
    assert conflict.question.endswith("?")
    assert conflict.explanation
    assert all(side.position and side.evidence for side in conflict.sides)
    assert set(members(conflict)) <= set(entries())
    json.dumps(conflict_as_dict(conflict), allow_nan=False)


@pytest.mark.parametrize(
    ("identifier", "must"),
    [
        ("C-01", {"S1-056", "S2-001", "S2-006", "S2-012", "S2-014", "P-05"}),
        ("C-02", {"S1-061", "P-31", "P-32", "P-34"}),
        ("C-03", {"S1-059", "O-DZX-07", "O-DZX-09"}),
        ("C-04", {"S1-066", "S1-074", "O-TAE-08"}),
        ("C-05", {"O-OCT-01", "S1-061", "O-OCT-10"}),
        ("C-06", {"O-TAE-11", "O-TAE-20"}),
        ("C-07", {"O-TAR-01", "O-TAE-23"}),
        ("C-08", {"O-STZ-01", "O-STZ-04"}),
        ("C-09", {"O-EP-01", "O-EP-10", "O-EP-13"}),
        ("C-10", {"O-EP-08", "O-EP-09"}),
    ],
)
def test_the_sides_rest_on_the_right_rows(identifier: str, must: set[str]) -> None:
    assert must <= set(members(CONFLICTS[identifier]))


def test_each_share_of_malignancy_has_its_own_definition() -> None:
    sides = CONFLICTS["C-01"].sides
    assert [side.position for side in sides if side.definition == "metastasis or invasion"] == ["16.4 % (51 of 311)"]
    assert [side.n for side in sides if side.n] == [224, 311]


def test_numbers_of_a_side_are_those_of_its_rows() -> None:
    for conflict in conflicts():
        for side in conflict.sides:
            years = {entries()[item].as_of for item in side.evidence if entries()[item].as_of}
            assert not years or side.as_of in years, (conflict.id, side.side)


def test_conflicts_of_a_claim_and_of_itself() -> None:
    assert [item.id for item in conflicts_of(["S1-061"])] == ["C-02", "C-05"]
    assert [item.id for item in conflicts_of(["C-09", "C-09"])] == ["C-09"]
    assert conflicts_of(["S2-007"]) == []


def test_in_words_says_what_decides_or_that_nothing_does() -> None:
    assert f"What decides: {UNDECIDED}." in conflict_in_words(CONFLICTS["C-03"])
    text = conflict_in_words(CONFLICTS["C-04"])
    assert "n = 4" in text
    assert "2017" in text
    assert "symptom relief is not survival" in text
