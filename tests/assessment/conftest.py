from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from insulinoma.assessment.assess import assess
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord

Build = Callable[..., CaseRecord]


def _sourced(item: dict[str, Any]) -> dict[str, Any]:
    return {"source": "chart", **item}


def _build(**sections: Any) -> CaseRecord:
    given = {
        name: [_sourced(item) if name != "conflicts" else item for item in items] for name, items in sections.items()
    }
    head = {"schema": "insulinoma-case/1", "id": "made-up", "title": "Made up", "documents": {"chart": {"kind": "x"}}}
    return CaseRecord.model_validate({**head, **given})


@pytest.fixture(scope="session")
def build() -> Build:
    """A record of lists of facts, each with a source."""
    return _build


@pytest.fixture(scope="session")
def index_case() -> CaseRecord:
    return load_case()


@pytest.fixture(scope="session")
def index(index_case: CaseRecord) -> dict[str, Any]:
    """The assessment of the index case as JSON."""
    return assess(index_case).to_json()


@pytest.fixture(scope="session")
def judged(build: Build) -> Callable[..., dict[str, Any]]:
    """The assessment of a record of lists of facts as JSON."""

    def judge(**sections: Any) -> dict[str, Any]:
        return assess(build(**sections)).to_json()

    return judge
