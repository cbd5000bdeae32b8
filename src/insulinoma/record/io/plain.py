"""A record as plain data: what every text format writes and reads back."""

from __future__ import annotations

from typing import Any

from insulinoma.record.schema import SECTIONS, CaseRecord

_FIRST = ("id",)
_LAST = ("when", "start", "stop", "source", "basis", "inventory", "note")


def plain(record: CaseRecord) -> dict[str, Any]:
    """The record as dictionaries, lists and scalars: only the fields that were set, as a person orders them."""
    data: dict[str, Any] = _tidy(record.model_dump(mode="json", by_alias=True, exclude_unset=True))
    for section in SECTIONS:
        if section in data:
            data[section] = [_ordered(item) for item in data[section]]
    data["patient"] = {name: _ordered(fact) for name, fact in data.get("patient", {}).items()}
    return data


def _tidy(value: Any) -> Any:
    """Whole numbers without a decimal point."""
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _ordered(item: dict[str, Any]) -> dict[str, Any]:
    own = [key for key in item if key not in (*_FIRST, *_LAST)]
    return {key: item[key] for key in (*_FIRST, *own, *_LAST) if key in item}
