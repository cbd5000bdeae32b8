"""Every claim of both source documents is there once, at its lines, in our own words; corrections too."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest

from insulinoma.data import read_text, resource
from insulinoma.evidence.records import Claim
from insulinoma.evidence.tables import evidence

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SEED_FACTS = SHARED / "science" / "seed_facts.csv"
EXPECTED = [f"S1-{number:03d}" for number in range(52, 83)] + [f"S2-{number:03d}" for number in range(1, 22)]
CLAIMS = {claim.id: claim for claim in evidence().claims}
CORRECTIONS = {item.id: item for item in evidence().corrections}
RUN = 7
WORDS = {"2": "two", "3": "three"}


def _facts() -> dict[str, dict[str, str]]:
    if not SEED_FACTS.exists():
        pytest.skip("the table of source facts (../shared/science/seed_facts.csv) is not here")
    with SEED_FACTS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _document(document: str) -> str:
    name = next(item.file for item in evidence().documents if item.id == document)
    path = SHARED / "seeds" / name
    if not path.exists():
        pytest.skip("the source documents (../shared/seeds) are not here")
    return path.read_text(encoding="utf-8")


def test_every_claim_is_there_exactly_once() -> None:
    assert [claim.id for claim in evidence().claims] == EXPECTED


@pytest.mark.parametrize("identifier", EXPECTED)
def test_lines_kind_and_document_agree_with_the_source_facts(identifier: str) -> None:
    fact, claim = _facts()[identifier], CLAIMS[identifier]
    document = next(item for item in evidence().documents if item.id == claim.document)
    assert claim.lines == fact["lines"]
    assert claim.kind == fact["kind"]
    assert document.file == fact["document"]
    assert document.sha256 == fact["sha256"]


@pytest.mark.parametrize("document", ["S1", "S2"])
def test_documents_are_those_that_were_read(document: str) -> None:
    item = next(item for item in evidence().documents if item.id == document)
    text = _document(document)
    assert hashlib.sha256(text.encode("utf-8")).hexdigest() == item.sha256


def _numbers(claim: Claim) -> list[str]:
    return [f"{number:g}" for number in (claim.value, claim.low, claim.high) if number is not None]


@pytest.mark.parametrize("claim", [item for item in evidence().claims if _numbers(item)], ids=lambda item: item.id)
def test_numbers_stand_at_their_lines(claim: Claim) -> None:
    first, _, last = claim.lines.partition("-")
    lines = _document(claim.document).split("\n")[int(first) - 1 : int(last or first)]
    text = " ".join(lines)
    assert all(re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", text) for number in _numbers(claim))
    assert all(number in claim.text or WORDS.get(number, "-") in claim.text for number in _numbers(claim))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.replace("-\n", "").lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


@pytest.mark.parametrize("document", ["S1", "S2"])
def test_no_sentence_of_a_source_is_copied(document: str) -> None:
    source = _runs(_document(document))
    for file in resource("evidence").iterdir():
        assert not _runs(read_text("evidence", file.name)) & source, file.name


def test_the_corrections_are_there_with_sources() -> None:
    assert set(CORRECTIONS) == {"X1", "X2", "X3", "X8", "X9", "X10", "X17", "X20"}
    assert all(item.source and item.claims for item in CORRECTIONS.values())


@pytest.mark.parametrize(
    ("correction", "claims", "status"),
    [
        ("X1", ["S1-056", "S2-001", "S2-006", "S2-012", "S2-014"], "disputed"),
        ("X2", ["S2-003"], "error"),
        ("X3", ["S2-004"], "imprecise"),
        ("X8", ["S1-057", "S1-058"], "error"),
        ("X9", ["S1-062"], "error"),
        ("X10", ["S1-061"], "disputed"),
        ("X20", ["S1-079"], "dated"),
    ],
)
def test_a_corrected_claim_names_its_correction(correction: str, claims: list[str], status: str) -> None:
    for identifier in claims:
        assert correction in CLAIMS[identifier].corrections
        assert CLAIMS[identifier].status == status
        assert identifier in CORRECTIONS[correction].claims


def test_claims_and_corrections_point_at_each_other() -> None:
    forth = {(claim.id, item) for claim in CLAIMS.values() for item in claim.corrections}
    back = {(claim, item.id) for item in CORRECTIONS.values() for claim in item.claims}
    assert forth == back
