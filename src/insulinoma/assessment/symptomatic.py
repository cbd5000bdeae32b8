"""Response of hypoglycemia to each treatment, and freedom from it, as the record states them.

A drug stopped for an allergic reaction has no evaluable response, whatever is said of it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.hypoglycemia import FreeInterval, Hypoglycemia
from insulinoma.assessment.verdict import Criterion, Verdict, any_of
from insulinoma.assessment.view import View, tie
from insulinoma.record.schema import Treatment
from insulinoma.record.vocabulary import term

_NOT_AGAINST_HYPOGLYCEMIA = ("diagnostic", "insulin", "sulfonylurea", "alpha-glucosidase inhibitor")
_VERDICTS = {
    "effective": Verdict.MET,
    "partial": Verdict.MET,
    "not effective": Verdict.NOT_MET,
    "not evaluable": Verdict.NOT_EVALUABLE,
}
_INFUSIONS = ("dextrose", "parenteral_nutrition")


@dataclass(frozen=True)
class SymptomaticResponse:
    """The response to one treatment over all of its courses."""

    criterion: Criterion
    responses: tuple[str, ...]
    free_interval: FreeInterval | None
    days_to_relief: float | None
    begun_in_interval: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The response as plain data."""
        interval = self.free_interval.to_json() if self.free_interval else None
        days = self.days_to_relief
        return {
            **self.criterion.to_json(),
            "responses": list(self.responses),
            "free_interval": interval,
            "days_to_relief": int(days) if days is not None and days.is_integer() else days,
            "begun_in_interval": list(self.begun_in_interval),
        }


def symptomatic_responses(view: View, hypoglycemia: Hypoglycemia) -> dict[str, SymptomaticResponse]:
    """The response to each treatment that is given against hypoglycemia or its cause, by name."""
    courses: dict[str, list[Treatment]] = {}
    for treatment in view.treatments:
        if term("treatments", treatment.treatment).get("class") not in _NOT_AGAINST_HYPOGLYCEMIA:
            courses.setdefault(treatment.treatment, []).append(treatment)
    relieved = _relief(view, hypoglycemia)
    return {name: _response(view, items, relieved) for name, items in sorted(courses.items())}


def euglycemia(view: View, hypoglycemia: Hypoglycemia) -> dict[str, Any]:
    """Days free of hypoglycemia and independence of glucose infusions, each on its own."""
    lengths = [
        item.length for item in hypoglycemia.free_intervals if item.length is not None and item.verdict is Verdict.MET
    ]
    infusions = [item for item in view.treatments if item.treatment in _INFUSIONS]
    stopped = [item for item in infusions if item.stop is not None and item.stop.known]
    verdict = Verdict.NOT_MEASURED if len(stopped) < len(infusions) or not infusions else Verdict.MET
    independence = Criterion(
        verdict=verdict,
        rule="Every glucose infusion was stopped.",
        edition="own proposal",
        citation="Muro2014",
        facts=view.labels(infusions),
        missing=() if verdict is Verdict.MET else ("days on which glucose infusions were stopped",),
    )
    longest = max(lengths, default=None)
    return {
        "longest_free_days": int(longest) if longest is not None and longest.is_integer() else longest,
        "dextrose_independence": independence.to_json(),
    }


def _response(
    view: View, courses: list[Treatment], relieved: tuple[Treatment, FreeInterval] | None
) -> SymptomaticResponse:
    verdicts = [_verdict(item) for item in courses]
    allergic = [item for item in courses if item.stopped_for == "allergy"]
    note = "Stopped for an allergic reaction: the effect cannot be judged." if allergic else None
    responses = tuple(dict.fromkeys(item.response for item in courses if item.response))
    criterion = Criterion(
        verdict=any_of(verdicts),
        rule="Hypoglycemia ceased or became rarer with the treatment, as the record states it.",
        edition="own wording",
        citation="Vezzosi2008",
        reported=", ".join(responses) or None,
        facts=view.labels(courses),
        missing=() if any_of(verdicts).decided or allergic else ("the response of hypoglycemia",),
        note=note,
    )
    if relieved is None or relieved[0] not in courses:
        return SymptomaticResponse(criterion, responses, None, None, ())
    treatment, interval = relieved
    start = view.start(treatment).earliest
    first = interval.days.first if interval.days.first is not None else start
    return SymptomaticResponse(criterion, responses, interval, first - start, _begun_in(view, treatment, interval))


def _verdict(course: Treatment) -> Verdict:
    if course.stopped_for == "allergy":
        return Verdict.NOT_EVALUABLE
    return _VERDICTS.get(course.response or "", Verdict.NOT_MEASURED)


def _relief(view: View, hypoglycemia: Hypoglycemia) -> tuple[Treatment, FreeInterval] | None:
    """The longest free interval, and the treatment with the latest known start before it."""
    intervals = [item for item in hypoglycemia.free_intervals if item.length is not None]
    if not intervals:
        return None
    interval = max(intervals, key=lambda item: (item.length or 0, -(item.days.first or 0)))
    first = interval.days.first or 0.0
    begun = [
        item
        for item in view.treatments
        if view.start(item).bounded
        and view.start(item).earliest <= first
        and term("treatments", item.treatment).get("class") not in _NOT_AGAINST_HYPOGLYCEMIA
    ]
    if not begun:
        return None
    return max(begun, key=lambda item: (view.start(item).earliest, item.response == "effective", tie(item))), interval


def _begun_in(view: View, treatment: Treatment, interval: FreeInterval) -> tuple[str, ...]:
    first, last = interval.days.first, interval.days.last
    if first is None or last is None:
        return ()
    others = [item for item in view.treatments if item is not treatment and view.start(item).bounded]
    return view.labels(item for item in others if first <= view.start(item).earliest <= last)
