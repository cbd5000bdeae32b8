"""Requests that the OpenAPI document allows and forbids; every answer is held against the document."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.app.conftest import WRITE, Live

# It ends the session by which all others are asked; `test_guard.py` asks it.
NOT_FUZZED = {("delete", "/api/v1/session")}
# Their input has a language of its own (orders, scenarios, files), which no JSON Schema can hold. Well-formed requests
# may be refused there, but only for what they say.
OWN_LANGUAGE = {
    ("post", "/api/v1/records"),
    ("post", "/api/v1/simulate"),
    ("post", "/api/v1/records/{record}/twin"),
    ("post", "/api/v1/scenarios"),
    ("post", "/api/v1/jobs"),
}
REAL = {"record": "muro-2014", "job": "j-fuzz", "subject": "insulinoma", "name": "result.json"}
WAYS = ("allowed", "forbidden", "real")


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Method and path of every operation of a document."""
    return [(method, path) for path, item in document["paths"].items() for method in item]


def prepare(live: Live) -> dict[str, Any]:
    """A job to ask for, and jobs that are started but never run; returns the OpenAPI document."""
    live.jobs._run = lambda job: None  # type: ignore[method-assign]
    folder = live.workspace.job_folder(REAL["job"])
    folder.mkdir(parents=True)
    (folder / REAL["name"]).write_text("{}")
    with httpx.Client(base_url=live.access.origin, timeout=60) as client:
        client.get(live.access.start_link())
        found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


class Fuzzer:
    """Sends requests to the operations of a server; `sent` counts them."""

    def __init__(self, live: Live, document: dict[str, Any], *, derandomize: bool) -> None:
        self.live, self.derandomize = live, derandomize
        self.schema = schemathesis.openapi.from_dict(document)
        self.sent = 0
        with httpx.Client(base_url=live.access.origin, timeout=60) as client:
            client.get(live.access.start_link())
            self.cookies = dict(client.cookies)

    def fuzz(self, method: str, path: str, way: str, count: int) -> None:
        """So many requests to an operation: `allowed`, `forbidden`, or allowed and with ids that exist (`real`)."""
        operation = self.schema[path][method.upper()]
        takes = [*operation.path_parameters, *operation.query, *operation.body]
        if (way == "forbidden" and not takes) or (way == "real" and not len(operation.path_parameters)):
            return
        mode = GenerationMode.NEGATIVE if way == "forbidden" else GenerationMode.POSITIVE

        @settings(
            max_examples=count, deadline=None, database=None, derandomize=self.derandomize,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            self.reset()
            if way == "real":
                case.path_parameters.update({name: REAL[name] for name in case.path_parameters if name in REAL})
            self.sent += 1
            self.ask(case, (method, path))

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run()

    def ask(self, case: Any, operation: tuple[str, str]) -> None:
        """One request, and every check on its answer."""
        answer = case.call(base_url=self.live.access.origin, cookies=self.cookies, headers=WRITE, timeout=300)
        excluded: list[Callable[..., Any]] = []
        if operation in OWN_LANGUAGE:
            excluded = [positive_data_acceptance]
            refused = answer.status_code == 422 and answer.json()["kind"] == "request"
            if case.meta.generation.mode.is_positive and refused:
                raise AssertionError(f"A well-formed request was refused for its form: {answer.text}")
        case.validate_response(answer, excluded_checks=excluded)

    def reset(self) -> None:
        """One job that is done, and none that waits."""
        self.live.workspace.write("DELETE FROM jobs")
        self.live.workspace.write(
            "INSERT INTO jobs (id, kind, request, status, done, created) VALUES (?, 'report', '{}', 'done', 1, 1)",
            REAL["job"],
        )
