"""Questions: what must come back within the first results, what must not be answered, no dose for anybody.

`questions.csv` was written before the search was tuned, `questions_later.csv` afterwards to measure it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from insulinoma.citations import references
from insulinoma.evidence.ask import NO_ADVICE, NO_DOSING, NOT_IN_BASE, ask
from insulinoma.evidence.entries import entries
from insulinoma.evidence.scope import asks_for_a_dose
from insulinoma.evidence.search import index

FIRST_RESULTS = 10
HERE = Path(__file__).parent


def _questions(*kinds: str) -> list[tuple[str, str]]:
    rows = []
    for name in ("questions.csv", "questions_later.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            rows += [row for row in csv.DictReader(file) if row["kind"] in kinds]
    return [(row["question"], row["must"]) for row in rows]


ANSWERED = _questions("page", "relative", "student", "later")
UNKNOWN = [question for question, _ in _questions("none")]
DOSING = [question for question, _ in _questions("dosing")]


def test_the_question_set_is_large_enough() -> None:
    assert len(_questions("page")) >= 15
    assert len(_questions("relative", "student")) >= 30
    assert len(UNKNOWN) >= 15
    assert len(DOSING) >= 5


@pytest.mark.parametrize(("question", "must"), ANSWERED)
def test_what_must_come_back(question: str, must: str) -> None:
    answer = ask(question)
    got = {hit.id for hit in answer.hits[:FIRST_RESULTS]} | {conflict.id for conflict in answer.conflicts}
    for one_of in must.split(";"):
        assert got & set(one_of.split("/")), f"{one_of} not among {sorted(got)}"
    assert NO_ADVICE in answer.answer


@pytest.mark.parametrize(
    "must", sorted({name for _, must in ANSWERED for part in must.split(";") for name in part.split("/")})
)
def test_expected_ids_exist(must: str) -> None:
    assert must in entries()


@pytest.mark.parametrize("question", UNKNOWN)
def test_what_is_not_in_the_base(question: str) -> None:
    answer = ask(question)
    assert answer.answer == f"{NOT_IN_BASE}. {NO_ADVICE}"
    assert (answer.hits, answer.conflicts, answer.sources) == ((), (), [])


@pytest.mark.parametrize("question", DOSING)
def test_no_dose(question: str) -> None:
    answer = ask(question)
    assert NO_DOSING in answer.answer
    assert answer.answer.startswith(NOT_IN_BASE)
    assert answer.hits == ()


@pytest.mark.parametrize(
    "question", ["", "   ", "?", "\"'; DROP TABLE entry; --", "* OR NEAR(", "a" * 5000, "\x00", "插入"]
)
def test_odd_input_is_not_in_the_base(question: str) -> None:
    assert ask(question).answer.startswith(NOT_IN_BASE)


@pytest.mark.parametrize(
    "question",
    [
        "What happens to someone when glucose falls to 30 mg/dL?",
        "How many patients took diazoxide?",
        "Does the drug lower glucose?",
        "Should my mother have surgery?",
        "How often do insulinomas spread?",
        "Why was octreotide stopped?",
    ],
)
def test_a_question_on_facts_is_not_taken_for_one_on_a_dose(question: str) -> None:
    assert not asks_for_a_dose(question)
    assert ask(question).known


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Are insulinomas malignant?", "ARE INSULINOMAS MALIGNANT"),
        ("Does the tumor spread?", "does the tumour spread"),
        ("What causes hypoglycemia?", "What causes hypoglycaemia?"),
        ("Is diazoxide effective?", "Is Proglycem effective?"),
        ("Do insulinomas metastasize?", "Do insulinomas metastasise?"),
    ],
)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    assert [hit.id for hit in ask(one).hits] == [hit.id for hit in ask(other).hits]


def test_the_first_question_shows_every_definition() -> None:
    answer = ask("Are insulinomas malignant?")
    found = answer.as_dict()
    positions = " ".join(side["position"] for side in found["conflicts"][0]["sides"])
    assert found["conflicts"][0]["id"] == "C-01"
    assert all(number in positions for number in ("5.4 %", "fewer than 10 %", "about 10 %", "16.4 %", "yes"))
    assert "The sources disagree (C-01)" in answer.answer
    assert {"S2-001", "S2-012", "S2-014", "S1-056"} <= {claim["id"] for claim in found["claims"]}


def test_a_claim_in_error_never_comes_without_its_correction() -> None:
    for question in ("Does diazoxide block potassium channels?", "Are there insulinomas without insulin?"):
        for claim in ask(question).as_dict()["claims"]:
            if claim["status"] in ("error", "imprecise", "dated"):
                assert claim["corrections"]
    assert "Corrected (X8)" in ask("Does diazoxide block potassium channels?").answer


def test_every_hit_has_a_source_in_words() -> None:
    for question, _ in ANSWERED:
        for claim in ask(question).as_dict()["claims"]:
            assert claim["citation"]
            assert claim["source"] in references()
            assert (claim["document"] is None) == (claim["kind"] != "claim")


def test_json_shape() -> None:
    known, unknown = ask("Is it inherited?").as_dict(), ask("What is the capital of Peru?").as_dict()
    for answer in (known, unknown):
        assert {"question", "answer", "claims", "conflicts", "sources", "notice"} <= set(answer)
        json.dumps(answer, allow_nan=False)
    assert known["claims"]
    assert known["sources"]
    assert (unknown["claims"], unknown["conflicts"], unknown["sources"]) == ([], [], [])
    assert NOT_IN_BASE in unknown["answer"]


def test_no_other_subject_hides_a_word_of_the_base() -> None:
    lexicon = index().lexicon
    hidden = [entry.id for entry in entries().values() if entry.kind == "claim" and lexicon.other_subject(entry.text)]
    assert hidden == ["S2-020"]


def test_answers_do_not_depend_on_the_order_of_questions() -> None:
    first = ask("Can surgery cure it?").as_dict()
    ask("What is MEN1?")
    assert ask("Can surgery cure it?").as_dict() == first
