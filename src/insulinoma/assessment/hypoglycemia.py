"""Levels of hypoglycemia, episodes as the record tells them, and intervals stated to be free [IHSG2017].

CGM episodes are judged elsewhere, from series; here each glucose value stands for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.occasions import SEVERE, glucose_from_lowest, occasion
from insulinoma.assessment.thresholds import compare, number_text, reported_text, threshold
from insulinoma.assessment.verdict import Criterion, Verdict
from insulinoma.assessment.view import Days, View, tie
from insulinoma.record.schema import Finding, Measurement

_HYPOGLYCEMIC_BY_NAME = ("hypoglycemic_coma", "hypoglycemic_seizure")
_RULES = {
    1: "Glucose below the alert value and not below that of level 2.",
    2: "Glucose low enough to be serious and clinically important.",
    3: "Severe cognitive impairment that needs another person's help, at any glucose.",
}


@dataclass(frozen=True)
class Episode:
    """A low glucose or a stated hypoglycemia: when, which level if known, and the facts."""

    days: Days
    level: int | None
    value: float | None
    unit: str | None
    reported: str
    facts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The episode as plain data."""
        return {
            **self.days.to_json(),
            "level": self.level,
            "value": self.value,
            "unit": self.unit,
            "reported": self.reported,
            "facts": list(self.facts),
        }


@dataclass(frozen=True)
class FreeInterval:
    """A window that the source states to be free of hypoglycemia; `against` are facts that deny it."""

    days: Days
    verdict: Verdict
    facts: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def length(self) -> float | None:
        """Length in days, None when an end is open."""
        if self.days.first is None or self.days.last is None:
            return None
        return self.days.last - self.days.first + 1

    def to_json(self) -> dict[str, Any]:
        """The interval as plain data."""
        length = self.length
        return {
            **self.days.to_json(),
            "days": int(length) if length is not None and length.is_integer() else length,
            "verdict": self.verdict.value,
            "facts": list(self.facts),
            "against": list(self.against),
        }


@dataclass(frozen=True)
class Hypoglycemia:
    """The verdict on each level, the highest level and the free intervals."""

    levels: tuple[Criterion, Criterion, Criterion]
    free_intervals: tuple[FreeInterval, ...]

    @property
    def max_level(self) -> int | None:
        """The highest level that is met or inferred, None when none is."""
        reached = [
            level
            for level, criterion in enumerate(self.levels, start=1)
            if criterion.verdict in (Verdict.MET, Verdict.INFERRED)
        ]
        return max(reached, default=None)

    def to_json(self) -> dict[str, Any]:
        """The levels, episodes and intervals as plain data."""
        top = self.max_level
        return {
            "max_level": top,
            "max_level_basis": self.levels[top - 1].to_json() if top is not None else None,
            "levels": {f"level_{level}": item.to_json() for level, item in enumerate(self.levels, start=1)},
            "free_intervals": [interval.to_json() for interval in self.free_intervals],
        }


def hypoglycemia(view: View) -> Hypoglycemia:
    """Levels and free intervals of a record."""
    values, low = glucose_from_lowest(view), _low(view)
    levels = (_level_1(view, values), _level_2(view, values), _level_3(view, low))
    return Hypoglycemia(levels, _free_intervals(view, low))


def _level_1(view: View, values: tuple[Measurement, ...]) -> Criterion:
    judged = [(item, compare(item, "level_1").verdict, compare(item, "level_2").verdict) for item in values]
    for item, below_70, below_54 in judged:
        if below_70 is Verdict.MET and below_54 is Verdict.NOT_MET:
            return _criterion(view, 1, Verdict.MET, item)
    return _without(view, 1, [(item, below_70) for item, below_70, below_54 in judged if below_54 is not Verdict.MET])


def _level_2(view: View, values: tuple[Measurement, ...]) -> Criterion:
    judged = [(item, compare(item, "level_2").verdict) for item in values]
    for item, verdict in judged:
        if verdict is Verdict.MET:
            return _criterion(view, 2, verdict, item)
    return _without(view, 2, judged)


def _without(view: View, level: int, judged: list[tuple[Measurement, Verdict]]) -> Criterion:
    """The verdict where no value reaches a level: unknown if any is unknown, else not met."""
    for item, verdict in judged:
        if verdict is not Verdict.NOT_MET:
            return _criterion(view, level, Verdict.NOT_EVALUABLE, item, missing=("the glucose behind the bound",))
    if judged:
        return _criterion(view, level, Verdict.NOT_MET, judged[0][0])
    if view.numbers("glucose"):
        return _criterion(view, level, Verdict.NOT_MET, None)
    return _criterion(view, level, Verdict.NOT_MEASURED, None, missing=("plasma glucose",))


def _level_3(view: View, low: list[Measurement]) -> Criterion:
    severe_ones = [
        (item, found)
        for item in low
        if (found := occasion(view, item)) is not None and not found.symptoms.isdisjoint(SEVERE)
    ]
    for firmness in (Verdict.MET, Verdict.INFERRED):
        for item, found in severe_ones:
            if found.tie is firmness:
                return _criterion(view, 3, firmness, item, facts=view.labels((item, *found.facts)))
    named = view.found(*_HYPOGLYCEMIC_BY_NAME)
    if named:
        return _criterion(view, 3, Verdict.MET, None, facts=view.labels(named), reported="stated")
    severe = view.found(*SEVERE)
    if severe and (low or view.found("hypoglycemia")):
        note = "A severe symptom and hypoglycemia are both recorded; nothing ties them to one moment."
        missing = ("the glucose at the severe symptom",)
        return _criterion(view, 3, Verdict.INFERRED, None, facts=view.labels(severe), missing=missing, note=note)
    if severe:
        missing = ("the glucose at the severe symptom",)
        return _criterion(view, 3, Verdict.NOT_EVALUABLE, None, facts=view.labels(severe), missing=missing)
    denied = view.found("assistance_needed", present=False)
    if denied:
        return _criterion(view, 3, Verdict.NOT_MET, None, facts=view.labels(denied))
    return _criterion(view, 3, Verdict.NOT_MEASURED, None, missing=("whether another person's help was needed",))


def episodes(view: View) -> tuple[Episode, ...]:
    """Every low glucose and every stated hypoglycemia of a record, in the order of their time."""
    told: list[Measurement | Finding] = [*_low(view), *view.found("hypoglycemia", *_HYPOGLYCEMIC_BY_NAME)]
    told.sort(key=lambda item: (view.span(item).earliest, view.span(item).latest, tie(item)))
    return tuple(_measured(view, item) if isinstance(item, Measurement) else _stated(view, item) for item in told)


def _low(view: View) -> list[Measurement]:
    return [item for item in glucose_from_lowest(view) if compare(item, "level_1").verdict is Verdict.MET]


def level_of(view: View, item: Measurement) -> int | None:
    """The level of one glucose value with what the record ties to it; None when it is not low or not decidable.

    Level 3 needs a severe symptom at the same occasion.
    """
    if compare(item, "level_1").verdict is not Verdict.MET:
        return None
    found = occasion(view, item)
    if found is not None and found.tie is Verdict.MET and found.symptoms & set(SEVERE):
        return 3
    return {Verdict.MET: 2, Verdict.NOT_MET: 1}.get(compare(item, "level_2").verdict)


def _measured(view: View, item: Measurement) -> Episode:
    found = occasion(view, item)
    facts = view.labels((item, *(found.facts if found else ())))
    return Episode(view.days(item.when), level_of(view, item), item.value, item.unit, reported_text(item), facts)


def _stated(view: View, item: Finding) -> Episode:
    count = number_text(item.count) if isinstance(item.count, int) else item.count
    words = f"{count} episodes stated" if count else "stated"
    level = 3 if item.finding in _HYPOGLYCEMIC_BY_NAME else None
    return Episode(view.days(item.when), level, None, None, words, view.labels((item,)))


def _free_intervals(view: View, low: list[Measurement]) -> tuple[FreeInterval, ...]:
    intervals = []
    episodes = [*low, *view.found("hypoglycemia")]
    for item in view.found("hypoglycemia", present=False):
        if item.when.kind != "window":
            continue
        span = view.span(item)
        against = [
            other
            for other in episodes
            if view.span(other).bounded
            and span.earliest <= view.span(other).earliest
            and view.span(other).latest <= span.latest
        ]
        verdict = Verdict.NOT_MET if against else Verdict.MET
        intervals.append(FreeInterval(view.days(item.when), verdict, view.labels((item,)), view.labels(against)))
    return tuple(sorted(intervals, key=lambda item: (item.days.first is None, item.days.first or 0, item.days.text)))


def _criterion(view: View, level: int, verdict: Verdict, item: Measurement | None, **parts: Any) -> Criterion:
    limit = threshold(f"level_{level}").text if level < 3 else "no glucose limit"
    if level == 1:
        limit = f"{limit} and not {threshold('level_2').text}"
    given: dict[str, Any] = {"facts": view.labels((item,)), **parts}
    if item is not None:
        given = {"value": item.value, "unit": item.unit, "reported": reported_text(item), **given}
    return Criterion(
        verdict=verdict,
        rule=_RULES[level],
        edition="IHSG 2017; level 1 strictly below 70 mg/dL as ADA uses it now (IHSG printed at or below)",
        citation="IHSG2017",
        threshold=limit,
        **given,
    )
