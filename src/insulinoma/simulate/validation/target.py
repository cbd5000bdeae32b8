"""What a target is: published numbers with their bands, the protocol, and how a simulation is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from insulinoma.data import read_table
from insulinoma.simulate.validation.people import TYPICAL, People


@dataclass(frozen=True)
class Published:
    """A published number: mean, spread of its kind (SEM, SD, share, range), people, and the band that counts as met."""

    target: int
    quantity: str
    observation: str
    value: float | None
    spread: float | None
    kind: str
    n: str
    unit: str
    low: float
    high: float
    rule: str
    ref: str

    @property
    def text(self) -> str:
        """The number as published, such as `66.4 ± 2.9 SEM`."""
        if self.value is None:
            return self.rule
        spread = f" ± {self.spread:g} {self.kind}" if self.spread is not None else ""
        return f"{self.value:g}{spread}"

    @property
    def band(self) -> str:
        """The band as text; a side that has no limit is left out."""
        if self.low == -float("inf"):
            return f"< {self.high:g}"
        return f"> {self.low:g}" if self.high == float("inf") else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Target:
    """One target: the protocol in words, and the function that runs it and reads every quantity from the result."""

    number: int
    name: str
    protocol: str
    measure: Callable[[People], Mapping[str, float]]


@dataclass(frozen=True)
class Row:
    """One quantity of a target: what was published, and what the twin gives in the same unit."""

    published: Published
    model: float

    @property
    def inside(self) -> bool:
        """Whether the twin is within the band."""
        return self.published.low <= self.model <= self.published.high


@cache
def published() -> tuple[Published, ...]:
    """All published numbers, in the order of the table.

    >>> published()[0].rule
    '2 binomial SE'
    """
    return tuple(_published(row) for row in read_table("validation", "targets.csv"))


def compare(target: Target, people: People = TYPICAL) -> tuple[Row, ...]:
    """Runs a target and puts what the twin gives beside what was published."""
    found = target.measure(people)
    return tuple(Row(item, float(found[item.quantity])) for item in published() if item.target == target.number)


def _published(row: Mapping[str, str]) -> Published:
    def number(text: str) -> float | None:
        return float(text) if text else None

    words = {key: row[key] for key in ("quantity", "observation", "kind", "n", "unit", "rule", "ref")}
    return Published(
        target=int(row["target"]),
        value=number(row["value"]),
        spread=number(row["spread"]),
        low=float(row["low"] or "-inf"),
        high=float(row["high"] or "inf"),
        **words,
    )
