"""Repairs of damaged text: what extraction from a printed page does to numbers and units.

Percent signs arrive as the katakana letter U+FF75, micro as one of two characters, units broken over
lines, words hyphenated at line ends, and sentences cut in two by figure captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_CHARACTERS = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u3000": " ", "\u00a0": " ", "\u2212": "-", "\u2013": "-"})
_PERCENT = re.compile(r"(?<=\d)\s*\uff75")
_BROKEN_UNIT = re.compile(r"(?<=[A-Za-z])/\s*\n\s*(?=[A-Za-z])")
_CAPTION = re.compile(r"^\s*(?:Fig\.|Figure|Table)\s*\d", re.IGNORECASE)
_WORDS = {
    1: ("one", "next", "single"), 2: ("two", "second"), 3: ("three", "third"), 4: ("four",), 5: ("five",), 6: ("six",),
    7: ("seven",), 8: ("eight",), 9: ("nine",), 10: ("ten",), 11: ("eleven",), 12: ("twelve",),
}  # fmt: skip


def repair(text: str) -> str:
    """Text with one micro sign, real percent signs, plain spaces, and units joined over line ends.

    >>> repair("Ki-67 was 27\uff75, glucose 54mg/\\ndL, insulin 67.5\u00b5U/mL")
    'Ki-67 was 27%, glucose 54mg/dL, insulin 67.5uU/mL'
    """
    return _BROKEN_UNIT.sub("/", _PERCENT.sub("%", text.translate(_CHARACTERS)))


def passages(text: str) -> Iterator[str]:
    """Ways to read a passage as running text: as it stands, without captions, hyphens joined or kept."""
    for body in (text, _without_captions(text)):
        joined = re.sub(r"(?<=\w)-\s*\n\s*", "", body)
        kept = re.sub(r"(?<=\w)-\s*\n\s*", "-", body)
        yield from (" ".join(variant.split()) for variant in (joined, kept))


def _without_captions(text: str) -> str:
    kept, inside = [], False
    for line in text.split("\n"):
        inside = bool(line.strip()) and (inside or bool(_CAPTION.match(line)))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def number_pattern(value: float) -> re.Pattern[str]:
    """A pattern for a number as printed: point or comma, thousands, or a word for a small integer.

    >>> bool(number_pattern(54).search("54mg")), bool(number_pattern(54).search("154"))
    (True, False)
    """
    plain = format(Decimal(repr(value)).normalize(), "f")
    whole, _, decimals = plain.partition(".")
    grouped = f"{int(whole):,}"
    wholes = "|".join(re.escape(form) for form in dict.fromkeys((whole, grouped)))
    tail = rf"[.,]{decimals}0*" if decimals else r"(?:\.0+)?"
    words = "|".join(_WORDS.get(int(value), ())) if value == int(value) else ""
    digits = rf"(?<!\d)(?<!\d[.,])(?:{wholes}){tail}(?![.,]?\d)"
    return re.compile(rf"{digits}|\b(?:{words})\b" if words else digits, re.IGNORECASE)


def has_unit(passage: str, spellings: tuple[str, ...]) -> bool:
    """Whether a repaired passage holds one of the spellings of a unit, in any case of its letters."""
    squeezed = re.sub(r"\s*/\s*", "/", passage).casefold()
    return any(spelling.casefold() in squeezed for spelling in spellings)
