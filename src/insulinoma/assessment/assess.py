"""The whole assessment of a record: every criterion with its facts, what conflicts and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.biochemical import MarkerRule
from insulinoma.assessment.care import CareInput, CareItem, care_checklist
from insulinoma.assessment.criteria import Criteria, evaluate
from insulinoma.assessment.hypoglycemia import Episode, episodes
from insulinoma.assessment.missing import Missing, missing_facts
from insulinoma.assessment.view import view_of
from insulinoma.record.schema import CaseRecord

SCHEMA = "insulinoma-assess/1"


@dataclass(frozen=True)
class Assessment:
    """The assessment of one record; `to_json` has the names of the published shape."""

    record: CaseRecord
    criteria: Criteria
    episodes: tuple[Episode, ...]
    care: dict[str, CareItem]
    missing: tuple[Missing, ...]

    def to_json(self) -> dict[str, Any]:
        """The assessment as plain data, in the shape of `schemas/assess.schema.json`."""
        found = self.criteria
        response = {name: item.to_json() for name, item in found.imaging.items()}
        response["biochemical"] = found.biochemical.to_json()
        response["symptomatic"] = {name: item.to_json() for name, item in found.symptomatic.items()}
        response["euglycemia"] = found.euglycemia
        return {
            "schema": SCHEMA,
            "case": {"id": self.record.id, "title": self.record.title},
            "criteria": {
                "whipple": found.whipple.to_json(),
                "endocrine_society_2009": found.endocrine_society_2009.to_json(),
                "ratios": {name: item.to_json() for name, item in found.ratios.items()},
            },
            "grade": found.grade.to_json(),
            "stage": {name: item.to_json() for name, item in found.stage.items()},
            "hypoglycemia": {
                **found.hypoglycemia.to_json(),
                "episodes": [episode.to_json() for episode in self.episodes],
            },
            "response": response,
            "toxicity": {name: item.to_json() for name, item in found.toxicity.items()},
            "conflicts": [_conflict(item) for item in self.record.conflicts],
            "missing": [item.to_json() for item in self.missing],
            "care": {name: item.to_json() for name, item in self.care.items()},
        }


def assess(record: CaseRecord, *, marker_rule: MarkerRule | None = None) -> Assessment:
    """Every published criterion on a record; `marker_rule` sets the limits of a marker response.

    >>> from insulinoma.record.load import load_case
    >>> assess(load_case()).criteria.hypoglycemia.max_level
    3
    """
    view = view_of(record)
    found = evaluate(view, marker_rule=marker_rule)
    checklist = care_checklist(CareInput(view, found.endocrine_society_2009, found.grade, found.stage))
    missing = missing_facts(view, found, marker_rule=marker_rule)
    return Assessment(record, found, episodes(view), checklist, missing)


def _conflict(item: Any) -> dict[str, Any]:
    return {
        "id": item.id,
        "about": item.about,
        "readings": [{"facts": list(reading.facts), "says": reading.says} for reading in item.readings],
        "rule": item.rule,
        "decision": item.decision,
        "inventory": list(item.inventory),
    }
