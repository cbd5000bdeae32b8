"""Full-text search over the entries: SQLite FTS5 in memory, BM25, and how much of a question is met.

Entries are indexed in the words of the lexicon (stems, synonyms under one name). A hit must meet a share of
the question, each word weighed by how rare it is; a word that the base does not know at all weighs most. So
a question on something else finds nothing, whatever common words it shares with the base.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from insulinoma.evidence.entries import Entry, entries
from insulinoma.evidence.words import Lexicon, Word

LEAST_COVERAGE = 0.5
"""The least share of a question that the best hit must meet, else the answer is not in the base."""

_COLUMN_WEIGHTS = (4.0, 1.0, 2.0)
_DETAIL_SHARE = 0.6
_UNKNOWN_FACTOR = 1.3
_WITHIN = 0.3
_LIGHT = 0.25
_LIGHT_RANK = 0.5
_OTHER_TREATMENT = 0.6
_OTHER_DISEASE = 0.7
_ANY_TREATMENT = "treatment"
_HOME = "insulinoma"
_KINDS = {"claim": 1.15, "definition": 1.15, "mechanism": 1.15}
_DEFINING = {"definition": 1.6, "treatment": 1.3}
_ASKS_WHAT = re.compile(r"\W*(?:what(?: is|'s| are| does)|who is|define|explain|meaning of)\b", re.IGNORECASE)
_NO_NUMBER_OF_PATIENTS = 0.9
_CERTAINTY = {"general high": 0.95, "general medium": 0.9, "general low": 0.8}
_OF_PATIENTS = ("outcome", "caution")
_OF_ONE_SOURCE = 3


@dataclass(frozen=True)
class Hit:
    """An entry that was found, its score (higher is better) and the share of the question that it meets."""

    entry: Entry
    score: float
    coverage: float


class Index:
    """The entries, indexed."""

    def __init__(self, items: Iterable[Entry], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._items = list(items)
        lexicon.stems(" ".join(f"{item.text} {item.detail} {item.topics} {item.about}" for item in self._items))
        columns = [
            [lexicon.words(text, parts=True) for text in (item.text, item.detail, item.topics)] for item in self._items
        ]
        self._presence = [_presence(texts) for texts in columns]
        self._about = [{word.name for word in lexicon.words(item.about) if not word.light} for item in self._items]
        counts = Counter(name for present in self._presence for name in present)
        total = len(self._items)
        self._idf = {name: math.log(1 + (total - n + 0.5) / (n + 0.5)) for name, n in counts.items()}
        self._unknown = _UNKNOWN_FACTOR * math.log(1 + (total + 0.5) / 0.5)
        self._database = _database(columns)

    def question_words(self, question: str) -> list[Word]:
        """The distinct words of a question, misspellings of known words corrected."""
        known = [
            word if word.name in self._idf else self.lexicon.corrected(word, self._idf)
            for word in self.lexicon.words(question)
        ]
        return list(dict.fromkeys(known))

    def find(self, question: str, *, most: int) -> list[Hit]:
        """The best hits of a question, best first; none when no entry meets enough of it."""
        words = self.question_words(question)
        kinds = _KINDS | _DEFINING if _ASKS_WHAT.match(question) else _KINDS
        hits = [self._hit(number, score, words, kinds) for number, score in self._scores(words).items()]
        best = max((hit.coverage for hit in hits), default=0.0)
        if best < LEAST_COVERAGE:
            return []
        hits.sort(key=lambda hit: (-hit.score, hit.entry.id))
        return _varied(hit for hit in hits if hit.score >= _WITHIN * hits[0].score)[:most]

    def _hit(self, number: int, score: float, words: Sequence[Word], kinds: dict[str, float]) -> Hit:
        item, present = self._items[number], self._presence[number]
        coverage = self._coverage(words, present)
        about = self._about[number]
        if about and not any(word.name in about or word.name == _ANY_TREATMENT for word in words):
            score *= _OTHER_TREATMENT
        if _HOME not in present and item.kind in _OF_PATIENTS:
            score *= _OTHER_DISEASE
        if item.kind == "outcome" and item.n is None:
            score *= _NO_NUMBER_OF_PATIENTS
        score *= kinds.get(item.kind, 1.0) * _CERTAINTY.get(item.certainty, 1.0)
        return Hit(item, score * coverage, coverage)

    def _scores(self, words: Sequence[Word]) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        weights = ", ".join(str(weight) for weight in _COLUMN_WEIGHTS)
        sql = f"SELECT rowid - 1, -bm25(entry, {weights}) FROM entry WHERE entry MATCH ?"  # noqa: S608
        for word in words:
            for number, score in self._database.execute(sql, (f'"{word.name}"',)):
                scores[number] += score * (_LIGHT_RANK if word.light else 1.0)
        return scores

    def _coverage(self, words: Sequence[Word], present: dict[str, float]) -> float:
        weights = [self._weight(word) for word in words]
        met = sum(weight * present.get(word.name, 0.0) for word, weight in zip(words, weights, strict=True))
        return met / sum(weights) if weights else 0.0

    def _weight(self, word: Word) -> float:
        weight = self._idf.get(word.name, self._unknown)
        return _LIGHT * min(weight, 1.0) if word.light else weight


def _varied(hits: Iterable[Hit]) -> list[Hit]:
    """The hits in order, those beyond the third outcome of one source moved to the end."""
    first: list[Hit] = []
    later: list[Hit] = []
    seen: Counter[str] = Counter()
    for hit in hits:
        seen[hit.entry.source] += hit.entry.kind == "outcome"
        beyond = hit.entry.kind == "outcome" and seen[hit.entry.source] > _OF_ONE_SOURCE
        (later if beyond else first).append(hit)
    return first + later


def _presence(texts: Sequence[Sequence[Word]]) -> dict[str, float]:
    head, detail, topics = texts
    present = {word.name: _DETAIL_SHARE for word in detail}
    return present | {word.name: 1.0 for word in (*head, *topics)}


def _database(columns: Sequence[Sequence[Sequence[Word]]]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute(
        "CREATE VIRTUAL TABLE entry USING fts5(text, detail, topics, tokenize=\"unicode61 tokenchars '_'\")"
    )
    rows = (
        (number, *(" ".join(word.name for word in text) for text in texts))
        for number, texts in enumerate(columns, start=1)
    )
    database.executemany("INSERT INTO entry(rowid, text, detail, topics) VALUES (?, ?, ?, ?)", rows)
    return database


@cache
def index() -> Index:
    """The index of the shipped evidence base."""
    return Index(entries().values(), Lexicon())
