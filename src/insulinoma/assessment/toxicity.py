"""Grades of adverse events by CTCAE 5.0, where the record lets one be given [CTCAE5].

CTCAE prints its edges in mg/dL and mmol/L, and they do not coincide: a value is graded in its own unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.occasions import glucose_from_lowest, occasion
from insulinoma.assessment.thresholds import compare, reported_text, threshold
from insulinoma.assessment.verdict import Criterion, Verdict
from insulinoma.assessment.view import View
from insulinoma.record.schema import Event, Finding, Measurement
from insulinoma.record.vocabulary import term

_LIFE_THREATENING = {"loss_of_consciousness", "hypoglycemic_coma", "hypoglycemic_seizure"}
_EVENTS = {
    "allergic_reaction": ("drug_allergy", "Grade by the treatment that the reaction needed, or anaphylaxis."),
    "catheter_related_infection": ("catheter_infection", "Grade by the treatment that it needed; 5 is death from it."),
    "fungal_infection": ("fungal_infection", "Grade by the treatment that it needed; 5 is death from it."),
}


@dataclass(frozen=True)
class Toxicity:
    """The grade of one adverse event, or why there is none."""

    criterion: Criterion
    grade: int | None

    def to_json(self) -> dict[str, Any]:
        """The grade as plain data."""
        return {**self.criterion.to_json(), "grade": self.grade}


def toxicities(view: View) -> dict[str, Toxicity]:
    """The grade of hypoglycemia and of each other adverse event that the record holds."""
    found = {"hypoglycemia": _hypoglycemia(view)}
    for name, (finding, rule) in _EVENTS.items():
        items = view.found(finding)
        if items:
            found[name] = _event(view, rule, items)
    return found


def hypoglycemia_grade(glucose: Measurement, *, life_threatening: bool = False) -> int | None:
    """The CTCAE grade of one glucose value: 0 below none of the limits, None when a bound leaves it open.

    >>> from insulinoma.record.fields import Source
    >>> value = {"analyte": "glucose", "unit": "mg/dL", "source": (Source("chart"),)}
    >>> [hypoglycemia_grade(Measurement(value=number, **value)) for number in (70, 55, 54, 40, 39, 30, 29)]
    [0, 1, 2, 2, 3, 3, 4]
    """
    if life_threatening and compare(glucose, "ctcae_grade_1").verdict is Verdict.MET:
        return 4
    for grade in (4, 3, 2, 1):
        verdict = compare(glucose, f"ctcae_grade_{grade}").verdict
        if verdict is Verdict.MET:
            return grade
        if verdict is Verdict.NOT_EVALUABLE:
            return None
    return 0


def _hypoglycemia(view: View) -> Toxicity:
    rule = "Grade by glucose; 4 also for life-threatening consequences or seizures, 5 for death."
    values = glucose_from_lowest(view)
    limits = ", ".join(f"grade {grade} {threshold(f'ctcae_grade_{grade}').text}" for grade in (1, 2, 3, 4))
    if not values:
        criterion = _criterion(Verdict.NOT_MEASURED, rule, threshold=limits, missing=("plasma glucose",))
        return Toxicity(criterion, None)
    best: tuple[int, Measurement, tuple[str, ...]] | None = None
    for item in values:
        low = compare(item, "ctcae_grade_1").verdict is Verdict.MET
        found = occasion(view, item) if low else None
        tied = found is not None and found.tie is Verdict.MET
        severe = tied and found is not None and bool(found.symptoms & _LIFE_THREATENING)
        grade = hypoglycemia_grade(item, life_threatening=severe)
        facts = view.labels((item, *(found.facts if found is not None and severe else ())))
        if grade is not None and (best is None or grade > best[0]):
            best = (grade, item, facts)
        if grade == 4:
            break
    if best is None:
        criterion = _criterion(
            Verdict.NOT_EVALUABLE, rule, threshold=limits, facts=view.labels(values[:1]), missing=("a glucose value",)
        )
        return Toxicity(criterion, None)
    grade, item, facts = best
    verdict = Verdict.MET if grade else Verdict.NOT_MET
    note = "The lower limit of normal is taken as 70 mg/dL (3.9 mmol/L)." if grade == 1 else None
    criterion = _criterion(
        verdict, rule, threshold=limits, value=item.value, unit=item.unit, reported=reported_text(item), facts=facts,
        note=note,
    )  # fmt: skip
    return Toxicity(criterion, grade)


def _event(view: View, rule: str, items: tuple[Finding, ...]) -> Toxicity:
    death = view.record.event("death")
    if death is not None and death.cause is not None and any(_names(death, item) for item in items):
        criterion = _criterion(
            Verdict.MET,
            rule,
            threshold="grade 5 is death",
            facts=view.labels((*items, death)),
            reported="cause of death",
        )
        return Toxicity(criterion, 5)
    criterion = _criterion(
        Verdict.NOT_EVALUABLE, rule, facts=view.labels(items), missing=("severity, and the treatment that it needed",)
    )
    return Toxicity(criterion, None)


def _names(death: Event, item: Finding) -> bool:
    """Whether every word of the finding, or of a synonym, is in the stated cause of death."""
    words = set(re.findall(r"[a-z]+", (death.cause or "").casefold()))
    entry = term("findings", item.finding)
    return any(set(re.findall(r"[a-z]+", text.casefold())) <= words for text in (entry.label, *entry.items("synonyms")))


def _criterion(verdict: Verdict, rule: str, **parts: Any) -> Criterion:
    return Criterion(verdict=verdict, rule=rule, edition="CTCAE 5.0", citation="CTCAE5", **parts)
