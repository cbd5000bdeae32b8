"""The data types of FHIR that the Bundle is made of, written and read back; reading trusts nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from insulinoma.record.io.calendar import Stretch, timestamp
from insulinoma.record.io.codes import Code
from insulinoma.record.io.fhir.names import FACT, SYNTHETIC, SYSTEMS, own

Json = dict[str, Any]
LISTS = ("inventory", "facts", "readings", "source", "between")
_EMPTY = "nothing"


def concept(text: str, *codings: Json | None) -> Json:
    """A CodeableConcept of the codings that there are."""
    listed = [coding for coding in codings if coding is not None]
    return ({"coding": listed} if listed else {}) | ({"text": text} if text else {})


def coding(system: str, code: str, display: str = "") -> Json:
    """One Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def public(code: Code | None) -> Json | None:
    """A code of a public vocabulary as a Coding."""
    return None if code is None else coding(SYSTEMS[code.system], code.code, code.display)


def own_coding(table: str, name: str, label: str = "") -> Json:
    """A name of one of our own tables as a Coding."""
    return coding(own(table), name.replace(" ", "-"), label or name)


def quantity(value: float, unit: str | None, ucum: str | None, comparator: str = "") -> Json:
    """A Quantity: the unit as printed, its UCUM code, and the comparator of a censored value."""
    built: Json = {"value": value}
    if comparator:
        built["comparator"] = comparator
    if unit is not None:
        built["unit"] = unit
    return built | ({"system": SYSTEMS["ucum"], "code": ucum} if ucum else {})


def extension(name: str, value: Any) -> Iterator[Json]:
    """A value of plain data as extensions of one name: a list as several, a mapping as a nested one."""
    if value is None:
        return
    if isinstance(value, list) and value:
        for item in value:
            yield from extension(name, item)
    elif isinstance(value, dict) and value:
        yield {"url": name, "extension": [part for key, item in value.items() for part in extension(key, item)]}
    elif isinstance(value, (dict, list)):
        yield {"url": name, "valueCode": _EMPTY}
    elif isinstance(value, bool):
        yield {"url": name, "valueBoolean": value}
    elif isinstance(value, int) and abs(value) < 2**31:
        yield {"url": name, "valueInteger": value}
    elif isinstance(value, (int, float)):
        yield {"url": name, "valueDecimal": value}
    else:
        yield {"url": name, "valueString": str(value)}


def fields_of(part: Any) -> Json:
    """The plain data in the extensions of an element."""
    found: Json = {}
    for inner in items(part, "extension"):
        name, value = str(inner.get("url")), _value_of(inner)
        if name in LISTS:
            found.setdefault(name, []).extend([] if value == {} else [value])
        else:
            found[name] = value
    return found


def _value_of(part: Json) -> Any:
    if "extension" in part:
        return fields_of(part)
    key = next((key for key in part if key.startswith("value")), None)
    value = part.get(key) if key else None
    return {} if key == "valueCode" and value == _EMPTY else value


def fact_of(resource: Json) -> Json | None:
    """What our own extension says of a resource: its section, its place in it, its fields; None if it is not ours."""
    found = [part for part in items(resource, "extension") if part.get("url") == FACT]
    return fields_of(found[0]) if found else None


def extension_value(part: Any, url: str) -> Any:
    """The value of the first extension of a name, or None."""
    return next((_value_of(inner) for inner in items(part, "extension") if inner.get("url") == url), None)


def items(part: Any, name: str) -> list[Json]:
    """The mappings in a list of an element, whatever the file holds there."""
    listed = part.get(name) if isinstance(part, dict) else None
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def inner(part: Any, *path: str | int) -> Any:
    """The element at a path, or None where the file holds something else."""
    for step in path:
        if isinstance(step, str) and isinstance(part, dict):
            part = part.get(step)
        elif isinstance(step, int) and isinstance(part, list) and len(part) > step:
            part = part[step]
        else:
            return None
    return part


def code_in(part: Any, system: str) -> str | None:
    """The code of a system in a CodeableConcept, or None."""
    codes = [item.get("code") for item in items(part, "coding") if item.get("system") == system]
    return str(codes[0]) if codes else None


def effective(stem: str, stretch: Stretch | None, *, synthetic: bool) -> Json:
    """The time of a resource as `<stem>DateTime` or `<stem>Period`, flagged when its dates are synthetic."""
    if stretch is None:
        return {}
    flag = {"extension": [{"url": SYNTHETIC, "valueBoolean": True}]} if synthetic else {}
    point = _point(stretch)
    if point is not None:
        return {f"{stem}DateTime": point} | ({f"_{stem}DateTime": flag} if flag else {})
    return {f"{stem}Period": flag | period(stretch)}


def _point(stretch: Stretch) -> str | None:
    if stretch.whole_day is not None:
        return stretch.whole_day.isoformat()
    return timestamp(stretch.start) if stretch.start is not None and stretch.start == stretch.end else None


def period(stretch: Stretch) -> Json:
    """A Period, whose last day belongs to it."""
    built = {}
    if stretch.start is not None:
        built["start"] = _edge(stretch.start, stretch.start)
    if stretch.end is not None:
        built["end"] = _edge(stretch.end, stretch.end - datetime.timedelta(days=1))
        if "start" in built and built["end"] < built["start"]:
            built["end"] = timestamp(stretch.end)
    return built


def _edge(moment: datetime.datetime, day: datetime.datetime) -> str:
    return day.date().isoformat() if moment.time() == datetime.time() else timestamp(moment)
