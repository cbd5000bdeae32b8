"""Measurements, findings, events and the age as Observations, and back."""

from __future__ import annotations

from typing import Any

from insulinoma.quantities import analyte
from insulinoma.record.io.codes import loinc_of, public_code
from insulinoma.record.io.fhir.context import Context, named, with_profile
from insulinoma.record.io.fhir.elements import (
    Json,
    code_in,
    coding,
    concept,
    inner,
    items,
    own_coding,
    public,
    quantity,
)
from insulinoma.record.io.fhir.names import INTERPRETATION, OBSERVATION_CATEGORY, own

TUMOR_MARKERS = ("ca19_9", "nse", "chromogranin_a")
CENSORED = {"below": "<", "above": ">"}
FLAGS = {"low": ("L", "Low"), "normal": ("N", "Normal"), "elevated": ("H", "High")}
_CATEGORY = {
    "imaging": (
        "longest_diameter", "short_axis", "viable_diameter", "perpendicular_diameter", "attenuation", "enhancing_area",
    ),
    "vital-signs": ("body_weight", "body_height", "body_mass_index"),
    "therapy": ("dextrose_rate",),
    "exam": ("ecog",),
}  # fmt: skip
_FINDING_CATEGORY = {
    "imaging": "imaging",
    "morphology": "laboratory",
    "stain": "laboratory",
    "history": "social-history",
}
_LONGEST = concept("Longest diameter", coding("http://loinc.org", "33728-7", "Size.maximum dimension in Tumor"))


def write_measurement(item: Json, index: int, context: Context) -> Json:
    """A measurement as an Observation."""
    kind = analyte(item.pop("analyte"))
    numeric = any(name in item for name in ("value", "below", "above", "between"))
    printed = item.pop("unit", None) if numeric else None
    unit = kind.unit(printed) if printed is not None else None
    category = next((name for name, kinds in _CATEGORY.items() if kind.name in kinds), "laboratory")
    code = concept(kind.label, public(loinc_of(kind, unit)), own_coding("analytes", kind.name, kind.label))
    built = _observation(category, code, context) | context.time("effective", context.fact("measurements", index))
    lesion = context.to_fact(item.get("lesion"))
    if lesion is not None:
        built["focus"] = [lesion]
        del item["lesion"]
    built |= _value(item, printed, unit.ucum if unit else None)
    if kind.name == "longest_diameter" and lesion is not None and "valueQuantity" in built and "sample" not in item:
        built["component"] = [{"code": _LONGEST, "valueQuantity": built.pop("valueQuantity")}]
        with_profile(built, "tumor-size")
    elif kind.name in TUMOR_MARKERS and "valueRange" not in built:
        with_profile(built, "tumor-marker-test")
    if item.get("flag") in FLAGS:
        built["interpretation"] = [concept(item["flag"], coding(INTERPRETATION, *FLAGS[item.pop("flag")]))]
    if item.get("reference"):
        limits = item.pop("reference")
        ends = {end: limits.get(name) for end, name in (("low", "lower"), ("high", "upper"))}
        written = {
            end: quantity(limit, printed, unit.ucum if unit else None)
            for end, limit in ends.items()
            if limit is not None
        }
        if written:
            built["referenceRange"] = [written]
    if "sample" in item:
        built["specimen"] = context.reference("samples", item["sample"], display=item.pop("sample"))
    return context.finish(built, item, "measurements", index)


def _observation(category: str, code: Json, context: Context) -> Json:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept(category, coding(OBSERVATION_CATEGORY, category))],
        "code": code,
        "subject": context.subject,
    }


def _value(item: Json, unit: str | None, ucum: str | None) -> Json:
    if item.get("between") is not None:
        low, high = item.pop("between")
        return {"valueRange": {"low": quantity(low, unit, ucum), "high": quantity(high, unit, ucum)}}
    for name, comparator in {"value": "", **CENSORED}.items():
        if item.get(name) is not None:
            return {"valueQuantity": quantity(item.pop(name), unit, ucum, comparator)}
    for name in ("direction", "statement"):
        if item.get(name) is not None:
            return {"valueCodeableConcept": concept(item[name], own_coding(name, item.pop(name)))}
    return {}


def read_measurement(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a measurement; `target` gives the name of what a Reference leads to."""
    found: Json = {"analyte": code_in(resource.get("code"), own("analytes"))}
    found |= read_value(resource)
    flag = code_in(inner(resource, "interpretation", 0), INTERPRETATION)
    if flag is not None:
        found["flag"] = next((name for name, (code, _) in FLAGS.items() if code == flag), flag)
    limits = {
        name: inner(resource, "referenceRange", 0, end, "value") for name, end in (("lower", "low"), ("upper", "high"))
    }
    if any(limit is not None for limit in limits.values()):
        found["reference"] = {name: limit for name, limit in limits.items() if limit is not None}
    for name, element in (("lesion", inner(resource, "focus", 0)), ("sample", resource.get("specimen"))):
        if element is not None:
            found[name] = target(element)
    return found


def read_value(resource: Json) -> Json:
    """The value of an Observation in the fields of a measurement."""
    amount = resource.get("valueQuantity") or inner(resource, "component", 0, "valueQuantity")
    limits = resource.get("valueRange")
    if isinstance(amount, dict):
        sign = str(amount.get("comparator", ""))[:1]
        name = next((name for name, comparator in CENSORED.items() if comparator == sign), "value")
        return {name: amount.get("value"), "unit": amount.get("unit", amount.get("code"))}
    if isinstance(limits, dict):
        ends = [inner(limits, end, "value") for end in ("low", "high")]
        return {"between": ends, "unit": inner(limits, "low", "unit")}
    for name in ("direction", "statement"):
        code = code_in(resource.get("valueCodeableConcept"), own(name))
        if code is not None:
            return {name: code}
    return {}


def write_finding(item: Json, index: int, context: Context) -> Json:
    """A finding, present or stated to be absent, as an Observation."""
    name = item.pop("finding")
    code = named("findings", name, public(public_code("findings", name)))
    fact = context.fact("findings", index)
    built = _observation(_FINDING_CATEGORY.get(_group(name), "exam"), code, context) | context.time("effective", fact)
    built["valueBoolean"] = item.pop("present", True)
    if item.get("site") is not None:
        built["bodySite"] = named("sites", item.pop("site"))
    lesion = context.to_fact(item.get("lesion"))
    if lesion is not None:
        built["focus"] = [lesion]
        del item["lesion"]
    return context.finish(built, item, "findings", index)


def _group(name: str) -> str:
    from insulinoma.record.vocabulary import term

    return term("findings", name).get("group")


def read_finding(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a finding."""
    found: Json = {"finding": code_in(resource.get("code"), own("findings")), "present": resource.get("valueBoolean")}
    if "bodySite" in resource:
        found["site"] = code_in(resource["bodySite"], own("sites"))
    if items(resource, "focus"):
        found["lesion"] = target(inner(resource, "focus", 0))
    return found


def write_event(item: Json, index: int, context: Context) -> Json:
    """An event other than an examination as an Observation without a value."""
    code = named("events", item.pop("event"))
    built = _observation("survey", code, context) | context.time("effective", context.fact("events", index))
    return context.finish(built, item, "events", index)


def read_event(resource: Json, item: Json, target: Any) -> Json:
    """The native part of an event."""
    return {"event": code_in(resource.get("code"), own("events"))}


def write_age(item: Json, context: Context) -> Json:
    """The age at presentation as an Observation."""
    code = concept("Age", coding("http://loinc.org", "30525-0", "Age"))
    built = _observation("social-history", code, context)
    built["valueQuantity"] = quantity(item.pop("years"), "years", "a")
    return context.finish(built, {**item, "field": "age"}, "patient", 0)


def read_age(resource: Json, item: Json, target: Any) -> Json:
    """The native part of the age."""
    return {"years": inner(resource, "valueQuantity", "value")}
