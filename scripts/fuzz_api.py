"""Throws requests at the API that its OpenAPI document allows and forbids: python scripts/fuzz_api.py [requests].

Nothing may answer 5xx, or with a status or a body that the document does not name.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.app.conftest import WRITE, served
from tests.app.test_openapi import NOT_CHECKED, NOT_FUZZED, operations


def main() -> None:
    """Twenty thousand requests, unless told, shared by the operations."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as live:
        client = httpx.Client(base_url=live.access.origin)
        client.get(live.access.start_link())
        document = client.get("/api/v1/openapi.json").json()
        chosen = [one for one in operations(document) if one not in NOT_FUZZED]
        schema, sent = schemathesis.openapi.from_dict(document), 0
        for method, path in chosen:
            count = wanted // len(chosen) + 1
            sent += fuzz(schema[path][method.upper()], live.access.origin, dict(client.cookies), count)
            print(f"{method.upper():6} {path}: {sent} requests in all", flush=True)


def fuzz(operation: Any, origin: str, cookies: dict[str, str], count: int) -> int:
    """Sends so many requests to an operation; returns how many were sent."""
    sent = 0

    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(base_url=origin, cookies=cookies, headers=WRITE, timeout=60, excluded_checks=NOT_CHECKED)

    run()
    return sent


if __name__ == "__main__":
    main()
