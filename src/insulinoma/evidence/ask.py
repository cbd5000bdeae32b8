"""Questions answered from the evidence base: the claims, their sources, the conflicts they belong to.

It quotes what the base holds and says when it holds nothing: no advice, no dose, no recommendation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from insulinoma.evidence.conflicts import UNDECIDED, conflict_as_dict, conflicts_of, members
from insulinoma.evidence.entries import Entry, entries
from insulinoma.evidence.records import Conflict
from insulinoma.evidence.scope import about_something_else, asks_for_a_dose
from insulinoma.evidence.search import index

NOT_IN_BASE = "not in the evidence base"
NO_ADVICE = (
    "This is no medical advice: it quotes published statements, recommends nothing and knows no person. "
    "Low blood glucose is an emergency: follow local care."
)
NO_DOSING = "No dosing advice is given here, nor on when to start, change or stop; ask the treating team"

MOST_HITS = 10
LONGEST_QUESTION = 500
"""Characters of a question that are read; the rest is left out."""
_SHOWN = 6
_FIRST = 4
_MANY = 3
_CONFLICTS_FROM = 5


@dataclass(frozen=True)
class Answer:
    """What the evidence base says to a question; `hits` is empty when it does not know."""

    question: str
    answer: str
    hits: tuple[Entry, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def known(self) -> bool:
        """Whether the base holds something on the question."""
        return bool(self.hits)

    @property
    def sources(self) -> list[str]:
        """The sources of the hits in words, each once."""
        return list(dict.fromkeys(hit.citation for hit in self.hits))

    def as_dict(self) -> dict[str, Any]:
        """The answer for JSON: question, answer, claims, conflicts, sources, notice."""
        return {
            "question": self.question,
            "answer": self.answer,
            "claims": [hit_as_dict(hit) for hit in self.hits],
            "conflicts": [conflict_as_dict(conflict) for conflict in self.conflicts],
            "sources": self.sources,
            "notice": NO_ADVICE,
        }


def ask(question: str) -> Answer:
    """Answers a question from the evidence base, or says that it is not in it.

    >>> ask("Are insulinomas malignant?").known
    True
    >>> ask("What will the weather be like?").answer.startswith("not in the evidence base")
    True
    """
    asked = question[:LONGEST_QUESTION]
    if asks_for_a_dose(asked):
        return Answer(question, f"{NOT_IN_BASE}: {NO_DOSING}. {NO_ADVICE}", (), ())
    found = [] if about_something_else(asked) else index().find(asked, most=3 * MOST_HITS)
    hits = [hit.entry for hit in found]
    if not hits:
        return Answer(question, f"{NOT_IN_BASE}. {NO_ADVICE}", (), ())
    conflicts = conflicts_of(hit.id for hit in hits[:_CONFLICTS_FROM])
    shown = _in_order(hits, conflicts)
    return Answer(question, _in_words(shown, conflicts), tuple(shown), tuple(conflicts))


def hit_as_dict(entry: Entry) -> dict[str, Any]:
    """An entry for JSON, with its source and with the corrections that belong to it."""
    return {
        "id": entry.id,
        "kind": entry.kind,
        "text": entry.text,
        "status": entry.status,
        "corrections": [{"id": item.id, "text": item.text} for item in _corrections(entry)],
        "document": entry.document or None,
        "lines": entry.lines or None,
        "source": entry.source,
        "place": entry.place,
        "citation": entry.citation,
        "certainty": entry.certainty,
        "n": entry.n,
        "population": entry.population or None,
        "definition": entry.definition or None,
        "as_of": entry.as_of,
    }


def _in_order(hits: list[Entry], conflicts: Iterable[Conflict]) -> list[Entry]:
    """The first hits, the sides of the conflicts that the question is on, the other hits, the other sides."""
    found = {hit.id for hit in hits}
    plain = [item for hit in hits if hit.kind != "conflict" for item in (hit, *_corrected(hit))][:MOST_HITS]
    top = {hit.id for hit in plain[:_SHOWN]}
    on_it = [item for item in conflicts if item.id in found or len(top & set(members(item))) >= _MANY]
    asked = [entries()[item] for conflict in on_it for item in members(conflict)]
    rest = [entries()[item] for conflict in conflicts for item in members(conflict)]
    asked.sort(key=lambda entry: entry.kind != "claim")
    return list(dict.fromkeys((*plain[:_FIRST], *asked, *plain, *rest)))


def _corrections(entry: Entry) -> list[Entry]:
    return [entries()[identifier] for identifier in entry.corrections]


def _corrected(entry: Entry) -> list[Entry]:
    """The claims that an entry corrects."""
    return [item for item in entries().values() if entry.kind == "correction" and entry.id in item.corrections]


def _correction_in_words(correction: Entry, said: Collection[str]) -> str:
    return f"  Corrected ({correction.id}){'' if correction.id in said else ': ' + correction.text}"


def _in_words(hits: list[Entry], conflicts: Iterable[Conflict]) -> str:
    lines, said = ["What the evidence base holds on this:"], set[str]()
    for hit in hits[:_SHOWN]:
        about = [f"n = {hit.n}"] if hit.n else []
        about += [hit.population] if hit.population else []
        about += [f"certainty: {hit.certainty}"] if hit.certainty != "read" else []
        lines.append(f"- {hit.text} [{'; '.join((hit.id, *about, hit.citation))}]")
        lines.extend(_correction_in_words(item, said) for item in _corrections(hit))
        said.update(hit.corrections)
    for conflict in conflicts:
        positions = "; ".join(side.position for side in conflict.sides)
        lines.append(f"The sources disagree ({conflict.id}): {conflict.question} {positions}.")
        lines.append(f"  {conflict.explanation} What decides: {conflict.decides or UNDECIDED}.")
    return "\n".join((*lines, NO_ADVICE))
