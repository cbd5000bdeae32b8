"""The exception tree and the fault, the one way in which bad input is told to a person.

InsulinomaError
├── InputError          the input has faults; carries all of them (exit code 1)
├── UsageError          the call itself is wrong (exit code 2)
│   └── UnknownNameError     a name that leads nowhere: what it is not, what was expected, what is near
└── ComputationError    a computation failed or did not converge (exit code 3)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of an input: where it stands, what is wrong, what was expected, what to do.

    `line` is 1-based and 0 when the fault belongs to the file as a whole. `kind` is a stable
    name for programs; the other fields are sentences for people.
    """

    file: str
    line: int
    path: str
    kind: str
    problem: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        head = f"{where} {self.path}: {self.problem}" if self.path else f"{where}: {self.problem}"
        parts = [f"{head}.", f"Expected {self.expected}." if self.expected else "", self.remedy]
        return " ".join(part for part in parts if part)


class InsulinomaError(Exception):
    """Base of all errors that this package raises on purpose."""


class InputError(InsulinomaError):
    """The input has faults; `faults` holds every one of them, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(InsulinomaError):
    """The call is wrong: an unknown option value, a missing file, a missing extra."""


class UnknownNameError(UsageError):
    """A name that is not in its table, told in the same parts as a fault."""

    def __init__(self, problem: str, expected: str, remedy: str = "") -> None:
        self.problem, self.expected, self.remedy = problem, expected, remedy
        super().__init__(" ".join(part for part in (f"{problem}.", f"Expected {expected}.", remedy) if part))


class ComputationError(InsulinomaError):
    """A computation failed or did not converge."""


def nearest(name: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """The valid names closest to a mistyped one, best first.

    >>> nearest("diazoxid", ["diazoxide", "octreotide", "dextrose"])
    ['diazoxide']
    """
    by_fold = {candidate.casefold(): candidate for candidate in names}
    found = get_close_matches(name.casefold(), by_fold, n=most, cutoff=0.5)
    return [by_fold[fold] for fold in found]


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the nearest valid names, or nothing when none is near."""
    found = nearest(name, names)
    return f"Did you mean {' or '.join(repr(item) for item in found)}?" if found else ""
