"""Response of hormones and tumor markers: the direction, and the magnitude where numbers are given.

There is no single standard: the limits are the caller's choice and are shown with the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from insulinoma.assessment.thresholds import exact, reported_text
from insulinoma.assessment.verdict import Criterion, Verdict, all_of
from insulinoma.assessment.view import View, tie
from insulinoma.errors import UsageError
from insulinoma.quantities import convert
from insulinoma.record.schema import Measurement

MARKERS = (
    "insulin", "c_peptide", "proinsulin", "nse", "chromogranin_a", "ca19_9", "dupan_2", "span_1",
)  # fmt: skip
_DOWN_UP = {"decreased": "down", "increased": "up", "unchanged": "unchanged"}


@dataclass(frozen=True)
class MarkerRule:
    """Limits of a marker response in percent of the first value: the fall of a response, the rise of progression."""

    fall_percent: float = 50.0
    rise_percent: float = 25.0

    @property
    def text(self) -> str:
        """The limits in words.

        >>> MarkerRule().text
        'normal, or at least 50 % lower; progression at least 25 % higher'
        """
        return f"normal, or at least {self.fall_percent:g} % lower; progression at least {self.rise_percent:g} % higher"


@dataclass(frozen=True)
class MarkerResponse:
    """One marker after its first value: direction, change in percent where known, and the verdict."""

    marker: str
    verdict: Verdict
    direction: str | None
    change_percent: float | None
    response: str | None
    baseline: str | None
    later: str | None
    facts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The marker's response as plain data."""
        return {
            "verdict": self.verdict.value,
            "direction": self.direction,
            "change_percent": self.change_percent,
            "response": self.response,
            "baseline": self.baseline,
            "later": self.later,
            "facts": list(self.facts),
        }


@dataclass(frozen=True)
class BiochemicalResponse:
    """All markers together, and each one."""

    criterion: Criterion
    direction: str | None
    magnitude: str
    markers: tuple[MarkerResponse, ...]

    def to_json(self) -> dict[str, Any]:
        """The response as plain data."""
        return {
            **self.criterion.to_json(),
            "direction": self.direction,
            "magnitude": self.magnitude,
            "markers": {item.marker: item.to_json() for item in self.markers},
        }


def biochemical_response(view: View, *, rule: MarkerRule | None = None) -> BiochemicalResponse:
    """The response of every marker that has a first value and something said of it later."""
    limits = rule or MarkerRule()
    markers = tuple(found for name in MARKERS if (found := _marker(view, name, limits)) is not None)
    followed = [item for item in markers if item.later is not None]
    directions = {item.direction for item in followed if item.direction}
    direction = directions.pop() if len(directions) == 1 else "mixed" if directions else None
    known = [item.change_percent is not None or item.response == "CR" for item in followed]
    magnitude = "stated" if known and all(known) else "partly stated" if any(known) else "not stated"
    verdict = all_of(item.verdict for item in followed) if followed else Verdict.NOT_MEASURED
    unknown = tuple(f"value of {item.marker} after treatment" for item in markers if not item.verdict.decided)
    criterion = Criterion(
        verdict=verdict,
        rule="Each marker is judged against its first value; direction alone is not a response.",
        edition="no single standard; limits chosen by the caller",
        citation="Yao2011",
        threshold=limits.text,
        facts=tuple(fact for item in followed for fact in item.facts),
        missing=unknown,
        note="Trials of everolimus have called 30 % at week 4 an early response." if followed else None,
    )
    return BiochemicalResponse(criterion, direction, magnitude, markers)


def _marker(view: View, name: str, rule: MarkerRule) -> MarkerResponse | None:
    items = sorted(view.measured(name), key=lambda item: (view.span(item).earliest, view.span(item).latest, tie(item)))
    first = next((item for item in items if item.value is not None), None)
    if first is None:
        return None
    later = [item for item in items if item is not first and view.span(first).latest <= view.span(item).earliest]
    numbers = [item for item in later if item.value is not None]
    words = [item for item in later if item.direction or item.statement == "normal"]
    facts = view.labels((first, *numbers, *words))
    base = reported_text(first)
    if numbers:
        return _by_number(name, first, numbers, rule, base, facts)
    if not words:
        return MarkerResponse(name, Verdict.NOT_MEASURED, None, None, None, base, None, facts)
    normal = [item for item in words if item.statement == "normal"]
    if normal and first.flag == "elevated":
        return MarkerResponse(name, Verdict.MET, "down", None, "CR", base, "normal", facts)
    said = {_DOWN_UP[item.direction] for item in words if item.direction}
    direction = said.pop() if len(said) == 1 else "mixed" if said else None
    return MarkerResponse(name, Verdict.NOT_EVALUABLE, direction, None, None, base, reported_text(words[-1]), facts)


def _by_number(
    name: str, first: Measurement, later: list[Measurement], rule: MarkerRule, base: str, facts: tuple[str, ...]
) -> MarkerResponse:
    pairs = [_same_unit(first, item) for item in later]
    before, lowest = min(((one, two) for one, two in pairs), key=lambda pair: pair[1] / pair[0] if pair[0] else pair[1])
    if before == 0:
        text = reported_text(later[-1])
        return MarkerResponse(name, Verdict.NOT_EVALUABLE, None, None, None, base, text, facts)
    last_before, last = pairs[-1]
    best = (lowest - before) * 100 / before
    final = (last - last_before) * 100 / last_before
    shown = later[[two for _, two in pairs].index(lowest)]
    fallen = best <= -exact(rule.fall_percent) or _normalized(first, shown)
    response = (
        "CR" if _normalized(first, shown) else "PR" if fallen else "PD" if final >= exact(rule.rise_percent) else "SD"
    )
    direction = "down" if best < 0 else "up" if best > 0 else "unchanged"
    return MarkerResponse(
        name, Verdict.MET if fallen else Verdict.NOT_MET, direction, float(round(best, 2)), response, base,
        reported_text(shown), facts,
    )  # fmt: skip


def _same_unit(first: Measurement, later: Measurement) -> tuple[Decimal, Decimal]:
    one, two = exact(first.value or 0.0), exact(later.value or 0.0)
    if first.kind.unit(first.unit or "") == later.kind.unit(later.unit or ""):
        return one, two
    try:
        converted = convert(later.analyte, later.value or 0.0, later.unit or "", first.unit, factor=None)
    except UsageError:
        return Decimal(0), two
    return one, exact(converted.value)


def _normalized(first: Measurement, later: Measurement) -> bool:
    """Whether a value that was elevated came within the laboratory's own limit, or is called normal."""
    if first.flag != "elevated":
        return False
    if later.flag == "normal":
        return True
    upper = later.reference.upper if later.reference else None
    return upper is not None and later.value is not None and later.value <= upper
