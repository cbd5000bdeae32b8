"""The API as its OpenAPI document says: documented, and no request brings it to an error of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.conftest import WRITE, Live, served
from tests.app.fuzz import NOT_FUZZED, WAYS, Fuzzer, operations, prepare

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "http-api.md"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server whose jobs never run."""
    with served(tmp_path_factory.mktemp("alone")) as found:
        yield found


@pytest.fixture(scope="module")
def document(alone: Live) -> dict[str, Any]:
    return prepare(alone)


def test_every_operation_is_documented(document: dict[str, Any]) -> None:
    text = REFERENCE.read_text()
    missing = [f"{method.upper()} {path}" for method, path in operations(document)]
    assert [line for line in missing if f"`{line}`" not in text] == []


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    for method, path in operations(document):
        operation = document["paths"][path][method]
        assert operation["description"], path
        assert {"401", "403", "413"} <= set(operation["responses"]), path


def test_other_methods_are_refused_with_those_that_there_are(alone: Live, document: dict[str, Any]) -> None:
    with httpx.Client(base_url=alone.access.origin, headers=WRITE, timeout=60) as client:
        client.get(alone.access.start_link())
        for path, item in document["paths"].items():
            if "{" in path:
                continue
            allowed = {method.upper() for method in item}
            for method in set(METHODS) - allowed:
                answer = client.request(method, path)
                told = set(answer.headers.get("allow", "").split(", "))
                assert (answer.status_code, told & set(METHODS)) in ((405, allowed), (404, set())), (method, path)


@pytest.mark.parametrize("way", WAYS)
def test_no_request_breaks_the_server(alone: Live, document: dict[str, Any], way: str) -> None:
    fuzzer = Fuzzer(alone, document, derandomize=True)
    for method, path in operations(document):
        if (method, path) not in NOT_FUZZED:
            fuzzer.fuzz(method, path, way, 1 if way == "real" else 5)
    assert fuzzer.sent > 10
