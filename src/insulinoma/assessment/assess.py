"""The whole assessment of a record: every criterion with its facts, what conflicts and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insulinoma.assessment.biochemical import BiochemicalResponse, MarkerRule, biochemical_response
from insulinoma.assessment.care import CareInput, CareItem, care_checklist
from insulinoma.assessment.endocrine_society import EndocrineSociety, endocrine_society
from insulinoma.assessment.grade import Grades, grades
from insulinoma.assessment.hypoglycemia import Episode, Hypoglycemia, episodes, hypoglycemia
from insulinoma.assessment.imaging_response import ImagingResponse, imaging_responses
from insulinoma.assessment.ratios import ratios
from insulinoma.assessment.stage import Stage, System, stages
from insulinoma.assessment.symptomatic import SymptomaticResponse, euglycemia, symptomatic_responses
from insulinoma.assessment.toxicity import Toxicity, toxicities
from insulinoma.assessment.verdict import Criterion
from insulinoma.assessment.view import View, view_of
from insulinoma.assessment.whipple import WhippleTriad, whipple_triad
from insulinoma.record.schema import CaseRecord

if TYPE_CHECKING:
    from insulinoma.assessment.missing import Missing

SCHEMA = "insulinoma-assess/1"


@dataclass(frozen=True)
class Criteria:
    """Every criterion on one view of a record."""

    whipple: WhippleTriad
    endocrine_society_2009: EndocrineSociety
    ratios: dict[str, Criterion]
    grade: Grades
    stage: dict[System, Stage]
    hypoglycemia: Hypoglycemia
    imaging: dict[str, ImagingResponse]
    biochemical: BiochemicalResponse
    symptomatic: dict[str, SymptomaticResponse]
    euglycemia: dict[str, Any]
    toxicity: dict[str, Toxicity]


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
    from insulinoma.assessment.missing import missing_facts

    view = view_of(record)
    found = evaluate(view, marker_rule=marker_rule)
    checklist = care_checklist(CareInput(view, found.endocrine_society_2009, found.grade, found.stage))
    missing = missing_facts(view, found, marker_rule=marker_rule)
    return Assessment(record, found, episodes(view), checklist, missing)


def evaluate(view: View, *, marker_rule: MarkerRule | None = None) -> Criteria:
    """Every criterion on a view of a record."""
    return Criteria(
        whipple=_whipple(view),
        endocrine_society_2009=view.remember("endocrine society", lambda view: endocrine_society(view, _whipple(view))),
        ratios=view.remember("ratios", ratios),
        grade=view.remember("grades", grades),
        stage=view.remember("stages", stages),
        hypoglycemia=_levels(view),
        imaging=view.remember("imaging", imaging_responses),
        biochemical=view.remember(
            f"biochemical {marker_rule}", lambda view: biochemical_response(view, rule=marker_rule)
        ),
        symptomatic=view.remember("symptomatic", lambda view: symptomatic_responses(view, _levels(view))),
        euglycemia=view.remember("euglycemia", lambda view: euglycemia(view, _levels(view))),
        toxicity=view.remember("toxicity", toxicities),
    )


def _whipple(view: View) -> WhippleTriad:
    return view.remember("whipple", whipple_triad)


def _levels(view: View) -> Hypoglycemia:
    return view.remember("hypoglycemia", hypoglycemia)


def _conflict(item: Any) -> dict[str, Any]:
    return {
        "id": item.id,
        "about": item.about,
        "readings": [{"facts": list(reading.facts), "says": reading.says} for reading in item.readings],
        "rule": item.rule,
        "decision": item.decision,
        "inventory": list(item.inventory),
    }
