"""A file as plain data, with the line on which each part of it stands and the faults met on the way."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from insulinoma.errors import Fault, InputError

Place = tuple[str | int, ...]

LARGEST_FILE = 16 * 1024 * 1024
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_DECIMAL = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass
class Tree:
    """The data of a file, the line of every path in it, and what could not be read.

    Where a record lies in several files, `files` names the one that holds each part.
    """

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def line(self, path: Place) -> int:
        """The line of a path, or of the nearest part above it that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 0

    def fault(self, path: Place, kind: str, problem: str, expected: str, remedy: str = "") -> Fault:
        """A fault at a path of this file."""
        file = self.files.get(str(path[0]), self.file) if path else self.file
        return Fault(file, self.line(path), dotted(path), kind, problem, expected, remedy)


def dotted(path: Place) -> str:
    """A path as a person writes it: `measurements[3].unit`.

    >>> dotted(("measurements", 3, "unit"))
    'measurements[3].unit'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def scalar(text: str) -> Any:
    """The value of an unquoted text by the YAML 1.2 core rules; dates and 'no' stay texts.

    >>> [scalar(text) for text in ("54", "6.3", "true", "no", "2014-03-05", "1e999")]
    [54, 6.3, True, 'no', '2014-03-05', '1e999']
    """
    if text in _WORDS:
        return _WORDS[text]
    if len(text) < 400 and _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


def read_bytes(path: Path) -> bytes:
    """The content of an input file; InputError when it is missing or larger than 16 MiB."""
    file = path.name
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            expected = f"at most {LARGEST_FILE // 1024**2} MiB"
            raise InputError(
                [
                    Fault(
                        file,
                        0,
                        "",
                        "too large",
                        f"the file has {size / 1024**2:.0f} MiB",
                        expected,
                        "Split it, one file a patient.",
                    )
                ]
            )
        return path.read_bytes()
    except OSError as error:
        problem = f"it cannot be read ({error.strerror})"
        raise InputError(
            [Fault(file, 0, "", "unreadable", problem, "a readable file", f"Looked at {path}.")]
        ) from error


def decode(content: bytes, file: str) -> str:
    """The text of a UTF-8 file, its byte-order mark and carriage returns set aside; InputError otherwise."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            [Fault(file, line, "", "encoding", "the text is not UTF-8", "UTF-8", "Save the file as UTF-8.")]
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
