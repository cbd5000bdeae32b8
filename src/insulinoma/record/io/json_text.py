"""JSON text as a tree with lines: strict, bounded in depth and size, and no value that is not JSON."""

from __future__ import annotations

import json
import json.decoder
import math
import re
from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.tree import Place, Tree

DEEPEST = 60
MOST_VALUES = 2_000_000
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<decimal>\.[0-9]+)?(?P<power>[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def parse_json(text: str, file: str) -> Tree:
    """The tree of a JSON text; one fault where it is not JSON, faults where a name stands twice.

    >>> parse_json('{"a": [1, 2.5]}', "x.json").data
    {'a': [1, 2.5]}
    """
    tree = Tree(file)
    reader = _Reader(text, tree)
    try:
        tree.data = reader.document()
    except _StopReadingError as stop:
        tree.data = None
        tree.faults.append(Fault(file, reader.line_of(stop.position), "", stop.kind, stop.problem, stop.expected))
    return tree


class _StopReadingError(Exception):
    """Reading ends here: what follows cannot be told apart."""

    def __init__(self, position: int, kind: str, problem: str, expected: str) -> None:
        self.position, self.kind, self.problem, self.expected = position, kind, problem, expected
        super().__init__(problem)


class _Reader:
    """One pass over a text."""

    def __init__(self, text: str, tree: Tree) -> None:
        self.text, self.tree = text, tree
        self.values, self._counted, self._line = 0, 0, 1

    def line_of(self, position: int) -> int:
        """The line of a position, which never goes back."""
        if position > self._counted:
            self._line += self.text.count("\n", self._counted, position)
            self._counted = position
        return self._line

    def document(self) -> Any:
        """The one value of the text."""
        value, end = self._value(self._skip(0), ())
        end = self._skip(end)
        if end < len(self.text):
            raise self._syntax(end, "there is text after the end")
        return value

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def _syntax(self, position: int, problem: str) -> _StopReadingError:
        cut = position >= len(self.text)
        return _StopReadingError(
            position, "syntax", "not JSON: it ends too early" if cut else f"not JSON: {problem}", "JSON"
        )

    def _value(self, position: int, path: Place) -> tuple[Any, int]:
        self.values += 1
        if self.values > MOST_VALUES or len(path) > DEEPEST:
            problem, expected = "it holds too much or too deep", f"at most {MOST_VALUES} values, {DEEPEST} levels deep"
            raise _StopReadingError(position, "nesting", problem, expected)
        self.tree.lines[path] = self.line_of(position)
        start = self.text[position : position + 1]
        if start == "{":
            return self._object(position + 1, path)
        if start == "[":
            return self._array(position + 1, path)
        if start == '"':
            return self._string(position, path)
        return self._scalar(position, path)

    def _object(self, position: int, path: Place) -> tuple[dict[str, Any], int]:
        built: dict[str, Any] = {}
        position = self._skip(position)
        while self.text[position : position + 1] != "}":
            if built:
                position = self._skip(self._expect(position, ","))
            if self.text[position : position + 1] != '"':
                raise self._syntax(position, "a name in quotes is missing")
            at = position
            key, position = self._string(position, path)
            position = self._skip(self._expect(self._skip(position), ":"))
            here = (*path, key)
            if key in built:
                self.tree.lines[here] = self.line_of(at)
                fault = self.tree.fault(here, "duplicate key", f"{key!r} stands twice", "each name once")
                self.tree.faults.append(fault)
            built[key], position = self._value(position, here)
            position = self._skip(position)
        return built, position + 1

    def _array(self, position: int, path: Place) -> tuple[list[Any], int]:
        built: list[Any] = []
        position = self._skip(position)
        while self.text[position : position + 1] != "]":
            if built:
                position = self._skip(self._expect(position, ","))
            value, position = self._value(position, (*path, len(built)))
            built.append(value)
            position = self._skip(position)
        return built, position + 1

    def _expect(self, position: int, sign: str) -> int:
        if self.text[position : position + 1] != sign:
            raise self._syntax(position, f"{sign!r} is missing")
        return position + 1

    def _string(self, position: int, path: Place) -> tuple[str, int]:
        try:
            value, end = json.decoder.scanstring(self.text, position + 1, True)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            raise self._syntax(error.pos, error.msg) from error
        found = _FORBIDDEN.search(value)
        if found:
            problem = f"the character U+{ord(found[0]):04X} cannot be in a text"
            self.tree.lines.setdefault(path, self.line_of(position))
            self.tree.faults.append(self.tree.fault(path, "control character", problem, "printable text"))
        return value, end

    def _scalar(self, position: int, path: Place) -> tuple[Any, int]:
        for word, value in _WORDS.items():
            if self.text.startswith(word, position):
                return value, position + len(word)
        found = _NUMBER.match(self.text, position)
        if found is None:
            raise self._syntax(position, "a value is missing")
        text = found[0]
        if len(text) < 300:
            number = float(text) if found["decimal"] or found["power"] else int(text)
            if math.isfinite(number):
                return number, found.end()
        problem = f"the number {text[:20]} is beyond what can be held"
        self.tree.faults.append(self.tree.fault(path, "number", problem, "a number such as 5.4"))
        return None, found.end()
