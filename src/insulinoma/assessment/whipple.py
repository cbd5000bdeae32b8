"""Whipple's triad, each part on its own [Cryer2009]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.occasions import (
    Occasion,
    glucose_from_lowest,
    occasion,
    symptom_findings,
    symptom_names,
)
from insulinoma.assessment.thresholds import compare, reported_text, threshold
from insulinoma.assessment.verdict import Criterion, Verdict, all_of
from insulinoma.assessment.view import View
from insulinoma.record.schema import Measurement, Treatment

_EDITION = "Whipple's triad in Endocrine Society 2009"
_RESCUE = ("glucose_rescue", "glucose_oral", "dextrose")


@dataclass(frozen=True)
class WhippleTriad:
    """The three parts and the whole."""

    symptoms: Criterion
    low_glucose: Criterion
    relief: Criterion
    overall: Criterion

    def to_json(self) -> dict[str, Any]:
        """The triad as plain data."""
        parts = {"symptoms": self.symptoms, "low_glucose": self.low_glucose, "relief": self.relief}
        return {name: part.to_json() for name, part in {**parts, "overall": self.overall}.items()}


def whipple_triad(view: View) -> WhippleTriad:
    """The verdict on each part of the triad; relief is inferred where glucose was the treatment of episodes."""
    parts = (_symptoms(view), _low_glucose(view), _relief(view))
    overall = _criterion(
        all_of(part.verdict for part in parts),
        "Symptoms of hypoglycemia, a low plasma glucose at that time, and relief when it is raised.",
        facts=tuple(dict.fromkeys(fact for part in parts for fact in part.facts)),
        missing=tuple(item for part in parts for item in part.missing),
    )
    return WhippleTriad(*parts, overall)


def _symptoms(view: View) -> Criterion:
    rule = "Symptoms or signs that fit hypoglycemia, autonomic or neuroglycopenic."
    present = symptom_findings(view)
    if present:
        classes = sorted({symptom_names()[finding.finding] for finding in present})
        return _criterion(Verdict.MET, rule, facts=view.labels(present), reported=" and ".join(classes))
    denied = view.found("symptoms_of_hypoglycemia", present=False) or (
        view.found("autonomic_symptoms", present=False) and view.found("neuroglycopenic_symptoms", present=False)
    )
    if denied:
        return _criterion(Verdict.NOT_MET, rule, facts=view.labels(denied), reported="stated to be absent")
    return _criterion(Verdict.NOT_MEASURED, rule, missing=("symptoms of hypoglycemia",))


def _low_glucose(view: View) -> Criterion:
    rule = "Plasma glucose is low at the time of the symptoms."
    values = glucose_from_lowest(view)
    if not values:
        called_low = [item for item in view.measured("glucose") if "low" in (item.statement, item.flag)]
        verdict = Verdict.NOT_EVALUABLE if called_low else Verdict.NOT_MEASURED
        missing = ("a plasma glucose in numbers during symptoms",)
        return _criterion(verdict, rule, facts=view.labels(called_low), missing=missing)
    judged = [(item, compare(item, "es_glucose").verdict) for item in values]
    low = [item for item, verdict in judged if verdict is Verdict.MET]
    tied = [(item, found) for item in low if (found := occasion(view, item)) is not None]
    for tie in (Verdict.MET, Verdict.INFERRED):
        chosen = next(((item, found) for item, found in tied if found.tie is tie), None)
        if chosen is not None:
            return _judged(view, rule, chosen[0], chosen[1], tie)
    if low:
        missing = ("that the low glucose was drawn during symptoms",)
        return _judged(view, rule, low[0], None, Verdict.NOT_EVALUABLE, missing)
    return _never_low(view, rule, judged)


def _never_low(view: View, rule: str, judged: list[tuple[Measurement, Verdict]]) -> Criterion:
    undecided = [item for item, verdict in judged if verdict is Verdict.NOT_EVALUABLE]
    if undecided:
        missing = ("the glucose value behind the reported bound",)
        return _judged(view, rule, undecided[0], None, Verdict.NOT_EVALUABLE, missing)
    for item, _ in judged:
        found = occasion(view, item)
        if found is not None and found.tie is Verdict.MET:
            return _judged(view, rule, item, found, Verdict.NOT_MET)
    missing = ("a plasma glucose during symptoms",)
    return _judged(view, rule, judged[0][0], None, Verdict.NOT_MEASURED, missing)


def _judged(
    view: View,
    rule: str,
    item: Measurement,
    found: Occasion | None,
    verdict: Verdict,
    missing: tuple[str, ...] = (),
) -> Criterion:
    note = "Symptoms and glucose are of the same day; nothing says that they were together." if (
        verdict is Verdict.INFERRED
    ) else None  # fmt: skip
    return _criterion(
        verdict,
        rule,
        value=item.value,
        unit=item.unit,
        reported=reported_text(item),
        threshold=threshold("es_glucose").text,
        facts=view.labels((item, *(found.facts if found else ()))),
        missing=missing,
        note=note,
    )


def _relief(view: View) -> Criterion:
    rule = "Symptoms are relieved when glucose is raised."
    told = view.found("relief_with_glucose")
    if told:
        return _criterion(Verdict.MET, rule, facts=view.labels(told), reported="stated")
    denied = view.found("relief_with_glucose", present=False)
    if denied:
        return _criterion(Verdict.NOT_MET, rule, facts=view.labels(denied), reported="stated to be absent")
    implied = [item for item in view.treatments if _implies_relief(item)]
    if implied:
        return _criterion(
            Verdict.INFERRED,
            rule,
            facts=view.labels(implied),
            reported="glucose was the treatment of the episodes",
            missing=("a statement that symptoms ceased after glucose",),
            note="Relief is not stated; that episodes were treated with glucose implies it.",
        )
    return _criterion(Verdict.NOT_MEASURED, rule, missing=("relief of symptoms after glucose",))


def _implies_relief(treatment: Treatment) -> bool:
    if treatment.treatment not in _RESCUE or treatment.response == "not effective":
        return False
    return treatment.treatment == "glucose_rescue" or treatment.response in ("effective", "partial")


def _criterion(verdict: Verdict, rule: str, **parts: Any) -> Criterion:
    return Criterion(verdict=verdict, rule=rule, edition=_EDITION, citation="Cryer2009", **parts)
