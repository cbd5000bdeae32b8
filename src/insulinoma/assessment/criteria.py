"""Every criterion on one view of a record, each evaluated once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from insulinoma.assessment.biochemical import BiochemicalResponse, MarkerRule, biochemical_response
from insulinoma.assessment.endocrine_society import EndocrineSociety, endocrine_society
from insulinoma.assessment.grade import Grades, grades
from insulinoma.assessment.hypoglycemia import Hypoglycemia, hypoglycemia
from insulinoma.assessment.imaging_response import ImagingResponse, imaging_responses
from insulinoma.assessment.ratios import ratios
from insulinoma.assessment.stage import Stage, System, stages
from insulinoma.assessment.symptomatic import SymptomaticResponse, euglycemia, symptomatic_responses
from insulinoma.assessment.toxicity import Toxicity, toxicities
from insulinoma.assessment.verdict import Criterion
from insulinoma.assessment.view import View
from insulinoma.assessment.whipple import WhippleTriad, whipple_triad


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
