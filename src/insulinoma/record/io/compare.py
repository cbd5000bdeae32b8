"""What of a foreign file did not reach the record: the file held against the same record written out again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

Path = tuple[str, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every scalar of JSON data with the names on the way to it; places in lists do not count."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, _comparable(value)


def left_over(given: Any, written: Any, *, ignored: tuple[str, ...] = ()) -> list[str]:
    """The paths of `given` whose values are not in `written`, in the order of the file.

    >>> left_over({"a": 1, "b": [{"c": "x"}]}, {"a": 1, "b": [{"c": "y"}]})
    ['b.c']
    """
    there = Counter(leaves(written))
    missing: dict[str, None] = {}
    for path, value in leaves(given):
        if there[path, value]:
            there[path, value] -= 1
        elif path and path[0] not in ignored and path[-1] not in ignored:
            missing[".".join(path)] = None
    return list(missing)


def _comparable(value: Any) -> Any:
    return ("bool", value) if isinstance(value, bool) else value
