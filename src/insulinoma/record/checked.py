"""The result of checking a record, in the names of `check --json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.documents import Verification
from insulinoma.record.schema import SECTIONS, CaseRecord
from insulinoma.record.tree import NotRead


def check_result(
    file: str,
    record: CaseRecord | None,
    faults: list[Fault],
    unread: list[NotRead],
    verification: Verification | None = None,
) -> dict[str, Any]:
    """Whether a file is valid, its faults, what of it was not read, how many facts it holds."""
    result: dict[str, Any] = {"file": file, "valid": not faults, "faults": [asdict(fault) for fault in faults]}
    if unread:
        result["not_read"] = [asdict(part) for part in unread]
    if record is not None:
        result["record"] = {"id": record.id, "facts": fact_counts(record)}
    if verification is not None:
        result["documents"] = {
            "read": verification.documents,
            "not_read": verification.unread,
            "facts_verified": verification.facts,
            "numbers_found": verification.numbers,
        }
    return result


def fact_counts(record: CaseRecord) -> dict[str, int]:
    """How many facts each section holds."""
    return {section: len(getattr(record, section)) for section in SECTIONS}
