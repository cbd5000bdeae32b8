"""Treatments as Procedures and MedicationAdministrations, and back."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from insulinoma.record.fields import DOSE_UNITS
from insulinoma.record.io.codes import DOSE_UCUM, public_code
from insulinoma.record.io.fhir.context import Context, named, with_profile
from insulinoma.record.io.fhir.elements import (
    Json,
    code_in,
    concept,
    extension_value,
    inner,
    own_coding,
    public,
    quantity,
)
from insulinoma.record.io.fhir.names import ABSENT_REASON, TARGET_STRUCTURE, own
from insulinoma.record.schema import Treatment
from insulinoma.record.vocabulary import term

_AGAINST_TUMOR = (
    "cytotoxic",
    "mTOR inhibitor",
    "tyrosine kinase inhibitor",
    "PRRT",
    "interferon",
    "somatostatin analog",
)


def write_treatment(item: Json, index: int, context: Context) -> Json:
    """A treatment as a Procedure, or as a MedicationAdministration when it is a drug or nutrition."""
    fact: Treatment = context.fact("treatments", index)
    found = term("treatments", item.pop("treatment"))
    code = named("treatments", found.name, public(public_code("treatments", found.name)))
    if found.get("type") == "procedure":
        built = _procedure(item, fact, code, context)
    else:
        built = _administration(item, fact, code, context)
        if found.get("class") in _AGAINST_TUMOR and context.record.diagnoses:
            built["reasonReference"] = [context.reference("diagnoses", 0)]
            with_profile(built, "cancer-related-medication-administration")
    return context.finish(built, item, "treatments", index)


def _procedure(item: Json, fact: Treatment, code: Json, context: Context) -> Json:
    built: Json = {"resourceType": "Procedure", "status": "completed", "code": code, "subject": context.subject}
    built |= context.time("performed", fact)
    if item.get("site") is not None:
        built["bodySite"] = [named("sites", item.pop("site"))]
    if item.get("response") is not None:
        built["outcome"] = concept(item["response"], own_coding("response", item.pop("response")))
    if item.get("device") is not None:
        built["usedCode"] = [concept(item.pop("device"))]
    lesion = context.to_fact(item.get("lesion"))
    if lesion is not None:
        del item["lesion"]
        built["extension"] = [{"url": TARGET_STRUCTURE, "valueReference": lesion}]
    return built


def _administration(item: Json, fact: Treatment, code: Json, context: Context) -> Json:
    built: Json = {
        "resourceType": "MedicationAdministration",
        "status": "stopped" if fact.stopped_for else "completed" if fact.stop else "unknown",
        "medicationCodeableConcept": code,
        "subject": context.subject,
    }
    time = context.time("effective", fact)
    built |= time or {"effectivePeriod": {"extension": [{"url": ABSENT_REASON, "valueCode": "unknown"}]}}
    if item.get("stopped_for") is not None:
        built["statusReason"] = [concept(item.pop("stopped_for"))]
    if fact.dose is not None:
        built["dosage"] = _dosage(item, fact)
    return built


def _dosage(item: Json, fact: Treatment) -> Json:
    assert fact.dose is not None  # noqa: S101
    unit = fact.dose.unit
    del item["dose"]
    amount = quantity(fact.dose.value, unit, DOSE_UCUM.get(unit, unit))
    rate = unit.endswith(("/h", "/day", "/min"))
    built: Json = {"rateQuantity" if rate else "dose": amount}
    if item.get("route") is not None:
        built["route"] = concept(item["route"], own_coding("route", item.pop("route")))
    if item.get("site") is not None:
        built["site"] = named("sites", item.pop("site"))
    return built


def read_treatment(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a treatment."""
    if resource.get("resourceType") == "Procedure":
        return _read_procedure(resource, target)
    found: Json = {"treatment": code_in(resource.get("medicationCodeableConcept"), own("treatments"))}
    reason = inner(resource, "statusReason", 0, "text")
    if reason is not None:
        found["stopped_for"] = reason
    return found | read_dosage(resource.get("dosage"))


def read_dosage(dosage: Any) -> Json:
    """Dose, route and site of a dosage, the dose as a record writes it."""
    found: Json = {}
    amount = inner(dosage, "dose") or inner(dosage, "rateQuantity")
    if isinstance(amount, dict):
        number, unit = amount.get("value"), amount.get("unit", amount.get("code"))
        ucum = {code: name for name, code in DOSE_UCUM.items()}
        named_unit = unit if str(unit) in DOSE_UNITS else ucum.get(str(amount.get("code")), unit)
        found["dose"] = f"{plain_number(number)} {named_unit}"
    for name, table in (("route", "route"), ("site", "sites")):
        code = code_in(inner(dosage, name), own(table))
        if code is not None:
            found[name] = code
    return found


def plain_number(value: Any) -> str:
    """A number without an exponent, as a record writes it in a dose; anything else as it stands."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        return str(value)
    return f"{Decimal(repr(value)).normalize():f}"


def _read_procedure(resource: Json, target: Any) -> Json:
    found: Json = {"treatment": code_in(resource.get("code"), own("treatments"))}
    for name, element, table in (
        ("site", inner(resource, "bodySite", 0), "sites"),
        ("response", resource.get("outcome"), "response"),
    ):
        if element is not None:
            code = code_in(element, own(table))
            found[name] = code.replace("-", " ") if name == "response" and code else code
    if "usedCode" in resource:
        found["device"] = inner(resource, "usedCode", 0, "text")
    lesion = extension_value(resource, TARGET_STRUCTURE)
    return found | ({"lesion": target(lesion)} if lesion is not None else {})
