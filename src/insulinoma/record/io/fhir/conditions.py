"""Diagnoses, lesions with the metastases they are, and allergies, and back."""

from __future__ import annotations

from typing import Any

from insulinoma.record.io.codes import Code, display, public_code
from insulinoma.record.io.fhir.context import Context, named, with_profile
from insulinoma.record.io.fhir.elements import Json, code_in, coding, concept, effective, inner, own_coding, public
from insulinoma.record.io.fhir.names import (
    ALLERGY_CLINICAL,
    ALLERGY_VERIFICATION,
    ASSERTED_DATE,
    CONDITION_CATEGORY,
    CONDITION_CLINICAL,
    DERIVED,
    ITEM_ID,
    MCODE,
    RESOURCE_TYPES,
    SYSTEMS,
    own,
)
from insulinoma.record.schema import Finding
from insulinoma.record.vocabulary import term

_SECONDARY = {"liver": "C78.7", "bone": "C79.5", "lung": "C78.0"}


def write_diagnosis(item: Json, index: int, context: Context) -> Json:
    """A diagnosis as a Condition."""
    found = term("diagnoses", item.pop("diagnosis"))
    built = _condition(named("diagnoses", found.name, public(public_code("diagnoses", found.name))), context)
    if not found.get("icd10").startswith("D"):
        with_profile(built, "primary-cancer-condition")
    morphology = coding(SYSTEMS["icd_o_3"], found.get("icd_o_3"))
    built["extension"] = [
        {"url": f"{MCODE}histology-morphology-behavior", "valueCodeableConcept": concept(found.label, morphology)}
    ]
    asserted = effective("value", context.calendar.of_fact(context.fact("diagnoses", index)), synthetic=False)
    if "valueDateTime" in asserted:
        built["extension"].append({"url": ASSERTED_DATE, **asserted})
    if item.get("grade") is not None:
        grade = str(item.pop("grade"))
        built["stage"] = [
            {
                "summary": concept(f"Grade {grade}", own_coding("grades", grade, f"Grade {grade}")),
                "type": concept("Tumor grade", own_coding("stage-types", "tumor-grade", "Tumor grade")),
            }
        ]
    return context.finish(built, item, "diagnoses", index)


def _condition(code: Json, context: Context) -> Json:
    return {
        "resourceType": "Condition",
        "clinicalStatus": concept("Active", coding(CONDITION_CLINICAL, "active", "Active")),
        "category": [
            concept("Problem List Item", coding(CONDITION_CATEGORY, "problem-list-item", "Problem List Item"))
        ],
        "code": code,
        "subject": context.subject,
    }


def read_diagnosis(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a diagnosis."""
    found: Json = {"diagnosis": code_in(resource.get("code"), own("diagnoses"))}
    grade = code_in(inner(resource, "stage", 0, "summary"), own("grades"))
    if grade is not None:
        found["grade"] = int(grade) if grade.isdecimal() and len(grade) < 9 else grade
    return found


def write_lesion(item: Json, index: int, context: Context) -> Json:
    """A lesion as a BodyStructure that can be followed."""
    name = item.pop("id", None)
    identifier = {"use": "usual", "type": concept("BodyStructure", coding(RESOURCE_TYPES, "BodyStructure"))}
    built: Json = {
        "resourceType": "BodyStructure",
        "identifier": [identifier | ({"system": ITEM_ID, "value": name} if name else {"value": f"lesions[{index}]"})],
        "location": named("sites", item.pop("site")),
        "patient": context.subject,
    }
    if "note" in item:
        built["description"] = item.pop("note")
    return context.finish(with_profile(built, "tumor"), item, "lesions", index)


def read_lesion(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a lesion."""
    found: Json = {"site": code_in(resource.get("location"), own("sites"))}
    return found | ({"note": resource["description"]} if "description" in resource else {})


def secondary_condition(index: int, context: Context) -> Json | None:
    """The metastasis that a lesion is, as a Condition derived from it; None for a primary tumor."""
    lesion = context.fact("lesions", index)
    if lesion.role == "primary":
        return None
    site = term("sites", lesion.site)
    code = _SECONDARY.get(site.get("organ"), site.get("icd_o_3") if site.get("organ") == "lymph node" else "")
    coded = public(Code("icd10", code, display("icd10", code))) if code else None
    label = f"Secondary neoplasm of {site.label[0].lower()}{site.label[1:]}"
    built = with_profile(_condition(concept(label, coded), context), "secondary-cancer-condition")
    built["bodySite"] = [named("sites", site.name)]
    built["extension"] = [{"url": DERIVED, "valueReference": context.reference("lesions", index)}]
    return built


def write_allergy(item: Json, index: int, context: Context) -> Json:
    """A drug allergy as an AllergyIntolerance to the drug."""
    fact = context.fact("findings", index)
    assert isinstance(fact, Finding)  # noqa: S101
    present = item.pop("present", True)
    name = item.pop("finding")
    drug = context.record.by_id.get(fact.related_to or "")
    codings = [public(public_code("findings", name)), own_coding("findings", name, term("findings", name).label)]
    text = term("findings", name).label
    if drug is not None and hasattr(drug, "treatment"):
        treatment = term("treatments", drug.treatment)
        codings = [
            public(public_code("treatments", treatment.name)),
            own_coding("treatments", treatment.name, treatment.label),
        ]
        text = treatment.label
    built: Json = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": concept("", coding(ALLERGY_CLINICAL, "active" if present else "inactive")),
        "verificationStatus": concept("", coding(ALLERGY_VERIFICATION, "confirmed" if present else "refuted")),
        "category": ["medication"],
        "code": concept(text, *codings),
        "patient": context.subject,
    } | context.time("onset", fact)  # fmt: skip
    return context.finish(built, item, "findings", index)


def read_allergy(resource: Json, item: Json, target: Any) -> Json:
    """The native part of a drug allergy."""
    status = code_in(resource.get("verificationStatus"), ALLERGY_VERIFICATION)
    return {"finding": "drug_allergy", "present": status != "refuted"}
