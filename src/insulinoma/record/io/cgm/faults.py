"""Faults of a CGM file, gathered so that all are told at once."""

from __future__ import annotations

from insulinoma.errors import Fault, InputError

MOST_FAULTS = 1000


class FaultList:
    """Faults of one file; after a thousand the rest are counted, not listed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._faults: list[Fault] = []
        self._more = 0

    def __len__(self) -> int:
        return len(self._faults) + self._more

    def add(self, line: int, path: str, kind: str, problem: str, expected: str, remedy: str = "") -> None:
        """Adds a fault; `line` is 1-based, 0 for the file as a whole."""
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(Fault(self.file, line, path, kind, problem, expected, remedy))
        else:
            self._more += 1

    def raise_if_any(self) -> None:
        """Raises InputError with every fault gathered so far."""
        if not self._faults:
            return
        if self._more:
            self._faults.append(
                Fault(self.file, 0, "", "more-faults", f"{self._more} more faults of these kinds follow", "", "")
            )
        raise InputError(self._faults)


def shown(text: str, *, most: int = 40) -> str:
    """A cell as it may be printed in a message: quoted, control characters escaped, cut to a length.

    >>> shown("4\\x00x")
    "'4\\\\x00x'"
    """
    return repr(text if len(text) <= most else text[: most - 1] + "…")
