"""The published cases under ../shared/external/cases as records, as far as a record has words for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from insulinoma.errors import InsulinomaError
from insulinoma.quantities import analyte
from insulinoma.record.vocabulary import term

Json = dict[str, Any]
SOURCE = "paper"


def open_cases(external: Path) -> dict[str, Json]:
    """Every case (every patient of a series) as the plain data of a record, by its id."""
    listed = yaml.safe_load((external / "cases" / "cases.yaml").read_text(encoding="utf-8"))["cases"]
    found = {}
    for case in listed:
        patients = case.get("patients") or [case.get("patient") or {}]
        for number, patient in enumerate(patients, start=1):
            name = re.sub(r"[^a-z0-9]+", "-", case["id"].casefold()) + (f"-{number}" if len(patients) > 1 else "")
            found[name] = _record(name, case, patient)
    return found


def _record(name: str, case: Json, patient: Json) -> Json:
    tumor = case.get("tumor") or {}
    claims = [f"{key}: {case[key]}" for key in ("outcome", "effect", "note") if key in case]
    treatments, untold = _treatments(case, patient)
    return {
        "schema": "insulinoma-case/1",
        "id": name,
        "title": case["source"]["citation"],
        "documents": {SOURCE: {"kind": "case report", "note": f"read: {case['source']['read']}"}},
        "patient": _patient(patient),
        "measurements": [*_labs(case), *_tumor(tumor)],
        "diagnoses": [
            {"diagnosis": "malignant_insulinoma" if tumor.get("malignant") else "insulinoma", "source": SOURCE}
        ],
        "treatments": treatments,
        "claims": [{"about": "the case", "claim": claim, "source": SOURCE} for claim in [*claims, *untold]],
    }


def _patient(patient: Json) -> Json:
    built: Json = {}
    if isinstance(patient.get("age_years"), (int, float)):
        built["age"] = {"years": patient["age_years"], "source": SOURCE}
    if patient.get("sex"):
        built["sex"] = {"value": patient["sex"], "source": SOURCE}
    return built


def _labs(case: Json) -> list[Json]:
    built = []
    for lab in case.get("labs", []):
        try:
            analyte(lab["analyte"]).unit(lab["unit"])
        except InsulinomaError:
            continue
        item: Json = {"analyte": lab["analyte"], "value": lab["value"], "unit": lab["unit"], "source": SOURCE}
        if "condition" in lab:
            item["condition"] = lab["condition"]
        if "reference" in lab:
            item["reference"] = dict(zip(("lower", "upper"), lab["reference"], strict=True))
        built.append(item)
    return built


def _tumor(tumor: Json) -> list[Json]:
    built = []
    for size in tumor.get("primary_cm", []) + tumor.get("largest_cm", []) + tumor.get("size_cm", []):
        built.append({"analyte": "longest_diameter", "value": size, "unit": "cm", "source": SOURCE})
    for place, share in (tumor.get("ki67_percent") or {}).items():
        bound = isinstance(share, str) and share.startswith("<")
        number = float(str(share).lstrip("<"))
        form = {"below" if bound else "value": number}
        built.append({"analyte": "ki67", **form, "unit": "%", "condition": place, "source": SOURCE})
    return built


def _treatments(case: Json, patient: Json) -> tuple[list[Json], list[str]]:
    given = [*case.get("treatments", []), *case.get("treatments_in_order", [])]
    given += [{"drug": name, "effect": str(patient[name])} for name in ("diazoxide", "octreotide") if name in patient]
    built, untold = [], []
    for entry in given:
        entry = {"drug": entry} if isinstance(entry, str) else entry
        name = str(entry.get("drug") or entry.get("procedure")).replace("_short_acting", "").replace("_LAR", " LAR")
        try:
            item: Json = {"treatment": term("treatments", name).name, "source": SOURCE}
        except InsulinomaError:
            untold.append(f"treatment: {entry}")
            continue
        if entry.get("effect") or entry.get("phase"):
            item["comment"] = str(entry.get("effect") or entry.get("phase"))
        if isinstance(entry.get("cycles"), int):
            item["courses"] = entry["cycles"]
        if "dose" in entry:
            item["dose"] = f"{entry['dose']} {entry['unit']}"
        built.append(item)
    return built, untold
