"""What is missing, ordered by how much it would change the assessment.

For each missing fact the assessment is run again with each answer it could have, and what changes is
counted: verdicts, grades, stages, responses, and rows of the pattern table that fall away. Answers are
weighted by the share of the still possible rows that they fit, so that a test whose answer is already
known from the others counts for little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insulinoma.assessment.biochemical import MarkerRule
from insulinoma.assessment.questions import Question, questions
from insulinoma.assessment.view import View

if TYPE_CHECKING:
    from insulinoma.assessment.assess import Criteria


@dataclass(frozen=True)
class Outcome:
    """One answer that a missing fact could have, its weight, and what it would change."""

    answer: str
    weight: float
    changes: tuple[str, ...]
    patterns_eliminated: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return {
            "if": self.answer,
            "weight": round(self.weight, 4),
            "changes": list(self.changes),
            "patterns_eliminated": list(self.patterns_eliminated),
        }


@dataclass(frozen=True)
class Missing:
    """A missing fact with the changes that are to be expected of it."""

    fact: str
    what: str
    outcomes: tuple[Outcome, ...]

    @property
    def expected_changes(self) -> float:
        """Weighted count of verdicts changed and pattern rows eliminated."""
        return sum(item.weight * (len(item.changes) + len(item.patterns_eliminated)) for item in self.outcomes)

    @property
    def expected_patterns(self) -> float:
        """Weighted count of pattern rows eliminated."""
        return sum(item.weight * len(item.patterns_eliminated) for item in self.outcomes)

    def to_json(self) -> dict[str, Any]:
        """The missing fact as plain data."""
        return {
            "fact": self.fact,
            "what": self.what,
            "expected_changes": round(self.expected_changes, 4),
            "expected_patterns_eliminated": round(self.expected_patterns, 4),
            "outcomes": [item.to_json() for item in self.outcomes],
        }


def missing_facts(view: View, found: Criteria, *, marker_rule: MarkerRule | None = None) -> tuple[Missing, ...]:
    """Missing facts, the one that would change most first."""
    before = _answers(found)
    asked = [_ask(view, question, found, before, marker_rule) for question in questions(view, found)]
    return tuple(sorted(asked, key=lambda item: (-item.expected_changes, -item.expected_patterns, item.fact)))


def _ask(
    view: View, question: Question, found: Criteria, before: dict[str, str], marker_rule: MarkerRule | None
) -> Missing:
    from insulinoma.assessment.assess import evaluate

    rows = found.endocrine_society_2009.pattern.possible
    parts: list[tuple[str, float, tuple[str, ...], tuple[str, ...]]] = []
    for index, (answer, facts) in enumerate(question.answers):
        start = view
        if question.given:
            start = view.adding(*question.given[index])
            before = _answers(evaluate(start, marker_rule=marker_rule))
        after = evaluate(start.adding(*facts), marker_rule=marker_rule)
        left = set(after.endocrine_society_2009.pattern.possible)
        now = _answers(after)
        names = [name for name in dict.fromkeys((*before, *now)) if name.startswith(question.scope)]
        changes = tuple(name for name in names if before.get(name) != now.get(name))
        fits = len(left) / len(rows) if rows else 1.0
        parts.append((answer, fits, changes, tuple(row for row in rows if row not in left)))
    total = sum(fits for _, fits, _, _ in parts)
    outcomes = tuple(
        Outcome(answer, fits / total if total else 1 / len(parts), changes, rows_gone)
        for answer, fits, changes, rows_gone in parts
    )
    return Missing(question.fact, question.what, outcomes)


def _answers(found: Criteria) -> dict[str, str]:
    """Every answer of the assessment by its path."""
    whipple, endocrine = found.whipple, found.endocrine_society_2009
    answers = {
        "criteria.whipple.symptoms": whipple.symptoms.verdict.value,
        "criteria.whipple.low_glucose": whipple.low_glucose.verdict.value,
        "criteria.whipple.relief": whipple.relief.verdict.value,
        "criteria.whipple.overall": whipple.overall.verdict.value,
        "criteria.endocrine_society_2009.overall": endocrine.summary,
        "hypoglycemia.max_level": str(found.hypoglycemia.max_level),
        "response.biochemical": found.biochemical.criterion.verdict.value,
    }
    for name, criterion in endocrine.criteria:
        answers[f"criteria.endocrine_society_2009.{name}"] = criterion.verdict.value
    for name, ratio in found.ratios.items():
        answers[f"criteria.ratios.{name}"] = ratio.verdict.value
    for edition, grade in found.grade.editions:
        answers[f"grade.{edition}"] = f"{grade.criterion.verdict.value} {grade.grade or grade.candidates}"
    for system, stage in found.stage.items():
        answers[f"stage.{system}"] = f"{stage.criterion.verdict.value} {stage.possible}"
    for name, imaging in found.imaging.items():
        answers[f"response.{name}"] = f"{imaging.criterion.verdict.value} {imaging.response}"
    for name, symptomatic in found.symptomatic.items():
        answers[f"response.symptomatic.{name}"] = symptomatic.criterion.verdict.value
    for name, toxicity in found.toxicity.items():
        answers[f"toxicity.{name}"] = f"{toxicity.criterion.verdict.value} {toxicity.grade}"
    return answers
