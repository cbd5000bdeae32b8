"""Verdicts, and the criterion that carries one with all that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What can be said of a criterion; unknown is never taken for no."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_MEASURED = "not_measured"
    INFERRED = "inferred"
    NOT_EVALUABLE = "not_evaluable"

    @property
    def decided(self) -> bool:
        """Whether the facts themselves decide: met or not met."""
        return self in (Verdict.MET, Verdict.NOT_MET)


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One verdict with the value, the threshold as printed, the facts, the rule and its source.

    `value` and `unit` are as reported; `reported` is the same in words, with its bound or statement.
    `facts` are ids of record facts, or their places where they have none; `missing` says what would be
    needed to decide; `citation` is a key of `references.bib`.
    """

    verdict: Verdict
    rule: str
    edition: str
    citation: str
    value: float | None = None
    unit: str | None = None
    reported: str | None = None
    threshold: str | None = None
    facts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The criterion as plain data."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


def plain(value: Any) -> Any:
    """A value as JSON data: tuples as lists, verdicts as texts, whole numbers without a fraction.

    >>> plain((Verdict.MET, 13.0))
    ['met', 13]
    """
    if isinstance(value, StrEnum):
        return value.value
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a rule that needs every one of its parts.

    One part not met decides; otherwise an unknown part leaves the whole unknown.

    >>> all_of([Verdict.MET, Verdict.INFERRED]).value
    'inferred'
    >>> all_of([Verdict.NOT_MEASURED, Verdict.NOT_MET]).value
    'not_met'
    """
    return _strongest(
        verdicts,
        (Verdict.NOT_MET, Verdict.NOT_MEASURED, Verdict.NOT_EVALUABLE, Verdict.INFERRED, Verdict.MET),
    )


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a rule that needs one of its parts.

    It is not met only when every part is known not to be met.

    >>> any_of([Verdict.NOT_MET, Verdict.NOT_MEASURED]).value
    'not_measured'
    """
    return _strongest(
        verdicts,
        (Verdict.MET, Verdict.INFERRED, Verdict.NOT_MEASURED, Verdict.NOT_EVALUABLE, Verdict.NOT_MET),
    )


def _strongest(verdicts: Iterable[Verdict], order: tuple[Verdict, ...]) -> Verdict:
    present = set(verdicts)
    return next((verdict for verdict in order if verdict in present), Verdict.NOT_MEASURED)
