"""The API as its OpenAPI document says: documented, and no request brings it to an error of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance, unsupported_method

from tests.app.conftest import WRITE, Live

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "http-api.md"
NOT_FUZZED = {("delete", "/api/v1/session"), ("post", "/api/v1/jobs"), ("post", "/api/v1/session/link")}
# What is left out: the guard answers before the method is looked at, and a text may be well formed and unknown.
NOT_CHECKED = [negative_data_rejection, positive_data_acceptance, unsupported_method]


@pytest.fixture(scope="module")
def document(live: Live) -> dict[str, Any]:
    with httpx.Client(base_url=live.access.origin) as client:
        client.get(live.access.start_link())
        found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(method, path) for path, item in document["paths"].items() for method in item]


def test_every_operation_is_documented(document: dict[str, Any]) -> None:
    text = REFERENCE.read_text()
    missing = [f"{method.upper()} {path}" for method, path in operations(document)]
    assert [line for line in missing if f"`{line}`" not in text] == []


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    for method, path in operations(document):
        operation = document["paths"][path][method]
        assert operation["description"], path
        assert {"401", "403", "413"} <= set(operation["responses"]), path


@pytest.mark.filterwarnings("ignore")
def test_no_request_breaks_the_server(live: Live, document: dict[str, Any]) -> None:
    with httpx.Client(base_url=live.access.origin) as client:
        client.get(live.access.start_link())
        cookies = dict(client.cookies)
    schema = schemathesis.openapi.from_dict(document)
    chosen = [case for case in operations(document) if case not in NOT_FUZZED]
    for method, path in chosen:
        _fuzz(schema[path][method.upper()], live.access.origin, cookies)


def _fuzz(operation: Any, origin: str, cookies: dict[str, str]) -> None:
    @settings(
        max_examples=12, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @schemathesis_given(operation)
    def run(case: Any) -> None:
        case.call_and_validate(base_url=origin, cookies=cookies, headers=WRITE, timeout=60, excluded_checks=NOT_CHECKED)

    run()


def schemathesis_given(operation: Any) -> Any:
    from hypothesis import given

    return given(case=operation.as_strategy())
