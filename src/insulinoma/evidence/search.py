"""Full-text search over the entries: SQLite FTS5 in memory, BM25, and a measure of how much of a question is met.

Entries are indexed in the words of the lexicon (stems, synonyms under one name). A hit must meet a share of the
question, each word weighed by how rare it is; a word that the base does not know at all weighs most. So a question
on something else finds nothing, whatever common words it shares with the base.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
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
_OTHER_TREATMENT = 0.6


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
        columns = [[lexicon.words(text) for text in (item.text, item.detail, item.topics)] for item in self._items]
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
        hits = [self._hit(number, score, words) for number, score in self._bm25(words).items()]
        best = max((hit.coverage for hit in hits), default=0.0)
        if best < LEAST_COVERAGE:
            return []
        hits.sort(key=lambda hit: (-hit.score, hit.entry.id))
        return [hit for hit in hits if hit.score >= _WITHIN * hits[0].score][:most]

    def _hit(self, number: int, score: float, words: Sequence[Word]) -> Hit:
        coverage = self._coverage(words, self._presence[number])
        about = self._about[number]
        named = not about or any(word.name in about for word in words)
        return Hit(self._items[number], score * coverage * (1.0 if named else _OTHER_TREATMENT), coverage)

    def _bm25(self, words: Sequence[Word]) -> dict[int, float]:
        names = [word.name for word in words if word.name in self._idf]
        if not names:
            return {}
        query = " OR ".join(f'"{name}"' for name in names)
        weights = ", ".join(str(weight) for weight in _COLUMN_WEIGHTS)
        sql = f"SELECT rowid - 1, -bm25(entry, {weights}) FROM entry WHERE entry MATCH ?"  # noqa: S608
        return dict(self._database.execute(sql, (query,)))

    def _coverage(self, words: Sequence[Word], present: dict[str, float]) -> float:
        weights = [self._weight(word) for word in words]
        met = sum(weight * present.get(word.name, 0.0) for word, weight in zip(words, weights, strict=True))
        return met / sum(weights) if weights else 0.0

    def _weight(self, word: Word) -> float:
        weight = self._idf.get(word.name, self._unknown)
        return _LIGHT * min(weight, 1.0) if word.light else weight


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
