"""The evidence base: questions, outcomes, conflicts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from insulinoma.app.api.shapes import Question
from insulinoma.app.problems import answers
from insulinoma.intended_use import INTENDED_USE


def routes() -> APIRouter:
    """The operations on the evidence base."""
    router = APIRouter(prefix="/api/v1/evidence", tags=["evidence"])

    @router.post("/ask", responses=answers(422))
    def ask(given: Question) -> dict[str, Any]:
        """Answers a question, in the names of `evidence ask --json`."""
        from insulinoma.evidence.ask import ask as answer_of

        return {"intended_use": INTENDED_USE, **answer_of(given.question).as_dict()}

    @router.get("/conflicts", responses=answers())
    def conflicts() -> dict[str, Any]:
        """Where the sources disagree, in the names of `evidence conflicts --json`."""
        from insulinoma.evidence import conflicts as room

        return {"conflicts": [room.conflict_as_dict(item) for item in room.conflicts()]}

    @router.get("/outcomes", responses=answers())
    def outcomes() -> dict[str, Any]:
        """Reported outcomes, in the names of `evidence outcomes --json`."""
        from insulinoma.evidence.tables import evidence
        from insulinoma.evidence.treatments import outcome_as_dict

        return {"outcomes": [outcome_as_dict(item) for item in evidence().outcomes]}

    @router.get("/treatments", responses=answers())
    def treatments() -> dict[str, Any]:
        """All treatments side by side for nobody in particular, in the names of `evidence treatments --json`."""
        from insulinoma.evidence.treatments import treatments_for

        return treatments_for({}, set()).as_dict()

    return router
