"""What a format cannot hold: told beside every export, never dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Loss:
    """A part of a record for which a format has no place of its own.

    `kept` names the extension or sidecar from which this program reads it back, and is empty when it
    is lost; then `written` is what stands in its place, None for nothing.
    """

    path: tuple[str | int, ...]
    what: str
    kept: str = ""
    written: Any = None


@dataclass(frozen=True)
class Export:
    """A record in a foreign format: the plain JSON data, and what the format itself does not hold."""

    data: dict[str, Any]
    losses: tuple[Loss, ...]

    @property
    def lost(self) -> tuple[Loss, ...]:
        """What nothing in the file keeps."""
        return tuple(loss for loss in self.losses if not loss.kept)


def after_losses(data: dict[str, Any], losses: Iterable[Loss]) -> dict[str, Any]:
    """The plain data of a record as it comes back from a format: what is lost replaced or left out."""
    kept: dict[str, Any] = _without(data, {loss.path: loss.written for loss in losses if not loss.kept}, ())
    return kept


def summary(losses: Iterable[Loss]) -> list[str]:
    """Sentences for people: every loss by name, what is kept counted by its field.

    >>> summary([Loss(("claims", 0, "claim"), "a claim", "Basic"), Loss(("title",), "a no-break space")])
    ['lost: title: a no-break space', 'kept only in Basic: claim (1)']
    """
    from insulinoma.record.tree import dotted

    listed = list(losses)
    told = [f"lost: {dotted(loss.path)}: {loss.what}" for loss in listed if not loss.kept]
    places: dict[str, Counter[str]] = {}
    for loss in listed:
        if loss.kept:
            places.setdefault(loss.kept, Counter())[_field(loss.path)] += 1
    for place, counts in places.items():
        fields = ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))
        told.append(f"kept only in {place}: {fields}")
    return told


def _field(path: tuple[str | int, ...]) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _without(value: Any, lost: dict[tuple[str | int, ...], Any], path: tuple[str | int, ...]) -> Any:
    if path in lost:
        return lost[path]
    if isinstance(value, dict):
        kept = {key: _without(item, lost, (*path, key)) for key, item in value.items()}
        return {key: item for key, item in kept.items() if (*path, key) not in lost or item is not None}
    if isinstance(value, list):
        return [_without(item, lost, (*path, index)) for index, item in enumerate(value)]
    return value
