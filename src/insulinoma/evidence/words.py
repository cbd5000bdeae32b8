"""Words as the search sees them: stemmed, with synonyms under one name, everyday words dropped.

The stems are those of the porter tokenizer of SQLite FTS5, so that index and question agree.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from insulinoma.data import read_table, read_text

_TOKEN = re.compile(r"\d+\.\d+|[a-z0-9]+")
_SPELLINGS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"(?<=[a-z])aem", "em"),
        (r"oedem", "edem"),
        (r"oesoph", "esoph"),
        (r"tumour", "tumor"),
        (r"(?<=[a-z]{3})is(e|es|ed|ing|ation|ations)\b", r"iz\1"),
        (r"(?<=[a-z]{3})our(s|ed|ing|able|ably)?\b", r"or\1"),
        (r"centre\b", "center"),
    )
)
_LONGEST_WORD = 30


@dataclass(frozen=True)
class Word:
    """One word or phrase of a text: the name it is found under, and whether it is light (weighs little)."""

    name: str
    light: bool


class Lexicon:
    """The synonyms, the everyday words and the stemmer."""

    def __init__(self) -> None:
        self._stems: dict[str, str] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
        self.stems(read_text("evidence", "synonyms.csv"))
        for row in read_table("evidence", "synonyms.csv"):
            word = Word(row["name"], row["weight"] == "light")
            for phrase in (row["name"], *row["words"].split(";")):
                self._learn(phrase, word)
        for known in self._phrases.values():
            known.sort(key=lambda item: -len(item[0]))
        self._everyday = set(self.stems(read_text("evidence", "everyday_words.txt")))
        others = [phrase for row in read_table("evidence", "other_subjects.csv") for phrase in row["words"].split(";")]
        self._others = [tuple(self.stems(phrase)) for phrase in others]

    def _learn(self, phrase: str, word: Word) -> None:
        stems = tuple(self.stems(phrase))
        self._phrases.setdefault(stems[0], []).append((stems, word))

    def stems(self, text: str) -> list[str]:
        """The porter stems of a text, in order."""
        tokens = tokens_of(text)
        unseen = sorted(set(tokens) - set(self._stems))
        if unseen:
            self._stems.update(_porter(unseen))
        return [self._stems[token] for token in tokens]

    def words(self, text: str, *, parts: bool = False) -> list[Word]:
        """The words of a text that carry meaning: synonyms under one name, everyday words left out.

        With `parts` the words of a phrase are given beside its name, so that either finds it.
        """
        stems = self.stems(text)
        found, at = [], 0
        while at < len(stems):
            length, word = self._longest(stems, at)
            if word is not None:
                found.append(word)
            if word is None or (parts and length > 1):
                found.extend(self._plain(stems[at : at + length]))
            at += length
        return found

    def _plain(self, stems: Sequence[str]) -> list[Word]:
        kept = (stem for stem in stems if stem not in self._everyday and not (len(stem) == 1 and stem.isalpha()))
        return [Word(stem, stem.isdigit()) for stem in kept]

    def _longest(self, stems: Sequence[str], at: int) -> tuple[int, Word | None]:
        for phrase, word in self._phrases.get(stems[at], ()):
            if tuple(stems[at : at + len(phrase)]) == phrase:
                return len(phrase), word
        return 1, None

    def corrected(self, word: Word, vocabulary: Iterable[str]) -> Word:
        """The word, or the one of the synonyms or the vocabulary that it is most likely a misspelling of."""
        listed = {first: item for first, items in self._phrases.items() for phrase, item in items if len(phrase) == 1}
        for names, least, cutoff in (
            (listed, 5, 0.8),
            ({name: Word(name, False) for name in vocabulary}, 7, 0.85),
        ):
            alike = [name for name in names if len(name) >= least and name[0] == word.name[0]]
            fits = least <= len(word.name) <= _LONGEST_WORD
            found = get_close_matches(word.name, alike, n=1, cutoff=cutoff) if fits else []
            if found:
                return names[found[0]]
        return word

    def other_subject(self, text: str) -> bool:
        """Whether the text names a disease or organ that the evidence base is not about."""
        stems = self.stems(text)
        return any(
            tuple(stems[at : at + len(phrase)]) == phrase
            for phrase in self._others
            for at in range(len(stems) - len(phrase) + 1)
        )


def tokens_of(text: str) -> list[str]:
    """The words and numbers of a text, lower case, in American spelling, without possessive s.

    >>> tokens_of("The tumour's glycaemia: 5.4 %")
    ['the', 'tumor', 'glycemia', '5d4']
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    plain = re.sub(r"'s\b|'", "", plain)
    for pattern, to in _SPELLINGS:
        plain = pattern.sub(to, plain)
    return [token.replace(".", "d") for token in _TOKEN.findall(plain)]


def _porter(tokens: Sequence[str]) -> dict[str, str]:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE text USING fts5(word, tokenize='porter unicode61')")
        connection.execute("CREATE VIRTUAL TABLE stem USING fts5vocab('text', 'instance')")
        rows = list(enumerate(tokens, start=1))
        connection.executemany("INSERT INTO text(rowid, word) VALUES (?, ?)", rows)
        stems = dict(connection.execute("SELECT doc, term FROM stem"))
    finally:
        connection.close()
    return {token: stems.get(number, token) for number, token in rows}
