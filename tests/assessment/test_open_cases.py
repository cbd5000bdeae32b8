"""Published cases that nobody of the project wrote, turned into records and assessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from insulinoma.assessment.assess import assess
from insulinoma.errors import UsageError
from insulinoma.quantities import analyte
from insulinoma.record.schema import CaseRecord
from insulinoma.record.vocabulary import term

Build = Callable[..., CaseRecord]
NAMES = {
    "octreotide_short_acting": "octreotide",
    "long_acting_somatostatin_analog": "somatostatin_analog",
    "somatostatin analogs": "somatostatin_analog",
    "selective transcatheter embolization": "embolization",
    "everolimus + long-acting octreotide": "everolimus",
    "glucose": "glucose_oral",
}
RESPONSES = {
    "ineffective": "not effective",
    "insufficient": "not effective",
    "poor": "not effective",
    "relieved": "effective",
    "resolution of hypoglycemia": "effective",
    "disease stable, gradual resolution of hypoglycemia": "effective",
    "symptoms relieved, partial response": "effective",
    "tumor shrank, hypoglycemia recovered": "effective",
}
EXPECTED: dict[str, dict[str, Any]] = {
    "clinendo2008_cgm": {"stage": None},
    "abell2015": {"stage": "IV", "lutetium_dotatate": "met"},
    "frontiers2022_lutate": {"stage": "IV", "somatostatin_analog": "not_met", "lutetium_dotatate": "met"},
    "acg2023_transform": {"stage": "IV", "who_2010": "NEC G3", "who_2022": "indeterminate"},
    "liu2018_ectopic": {"stage": None, "everolimus": "met", "octreotide": "not_measured"},
    "pmc4228950": {"stage": None, "acarbose": None, "glucose_oral": "met", "whipple": "met", "level": 2},
    "hindawi2013_everolimus": {"stage": None},
    "mele2017_embolization": {"stage": None, "diazoxide": "not_met", "embolization": "met"},
}


@pytest.fixture(scope="module")
def cases(external: Path) -> dict[str, dict[str, Any]]:
    path = external / "cases" / "cases.yaml"
    if not path.is_file():
        pytest.skip("the open cases (../shared/external/cases) are not here")
    return {case["id"]: case for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_open_case_is_assessed(name: str, cases: dict[str, dict[str, Any]], build: Build) -> None:
    facts, refused = converted(cases[name])
    found = assess(build(**facts)).to_json()
    expected = EXPECTED[name]
    assert found["stage"]["ajcc_8"]["stage"] == expected["stage"]
    for treatment, verdict in expected.items():
        if treatment in found["response"]["symptomatic"]:
            assert found["response"]["symptomatic"][treatment]["verdict"] == verdict
    for edition in ("who_2010", "who_2022"):
        if edition in expected:
            assert found["grade"][edition]["grade"] == expected[edition]
    if "whipple" in expected:
        assert found["criteria"]["whipple"]["overall"]["verdict"] == expected["whipple"]
        assert found["hypoglycemia"]["max_level"] == expected["level"]
    assert refused == (["uIU/lt (printed)"] if name == "pmc4228950" else [])


def test_every_case_of_the_file_is_judged(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == set(EXPECTED)


def test_c_peptide_of_unknown_sample_is_not_judged(cases: dict[str, dict[str, Any]], build: Build) -> None:
    facts, _ = converted(cases["pmc4228950"])
    criteria = assess(build(**facts)).to_json()["criteria"]["endocrine_society_2009"]
    assert (criteria["glucose"]["verdict"], criteria["glucose"]["value"]) == ("met", 44)
    assert criteria["c_peptide"]["verdict"] == "not_evaluable"
    assert criteria["insulin"]["verdict"] == "not_measured"


def test_two_samples_of_one_tumor_are_both_shown(cases: dict[str, dict[str, Any]], build: Build) -> None:
    facts, _ = converted(cases["acg2023_transform"])
    grade = assess(build(**facts)).to_json()["grade"]["who_2010"]
    assert grade["by_fact"] == {"ki67-liver": "NEC G3", "ki67-node": "NET G1"}


def converted(case: dict[str, Any]) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """The facts of a case as sections of a record, and the units that were refused."""
    tumor = case.get("tumor", {})
    lesions, sizes = tumor_facts(tumor)
    labs, refused = laboratory(case.get("labs", []))
    facts: dict[str, list[dict[str, Any]]] = {
        "lesions": lesions,
        "measurements": [*labs, *sizes, *ki67(tumor.get("ki67_percent", {}))],
        "findings": findings(case, tumor),
        "treatments": treatments(case),
    }
    return facts, refused


def laboratory(labs: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    facts, refused = [], []
    for lab in labs:
        try:
            unit = analyte(lab["analyte"]).unit(lab["unit"]).symbol
        except UsageError:
            refused.append(lab["unit"])
            continue
        lower, upper = lab.get("reference", (None, None))
        limits = {"reference": {"lower": lower, "upper": upper}} if upper is not None else {}
        condition = {"condition": lab["condition"]} if "condition" in lab else {}
        facts.append({"analyte": lab["analyte"], "value": lab["value"], "unit": unit, **limits, **condition})
    return facts, refused


def tumor_facts(tumor: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    lesions, sizes = [], []
    size = tumor.get("primary_cm") or tumor.get("size_cm")
    if "ectopic" in tumor.get("site", ""):
        lesions.append({"id": "primary", "role": "primary", "site": "jejunum"})
    elif size or tumor.get("primary"):
        lesions.append({"id": "primary", "role": "primary", "site": "pancreas"})
    if size:
        sizes.append({"analyte": "size", "value": max(size), "unit": "cm", "lesion": "primary"})
    if any("liver" in place for place in tumor.get("metastases", [])) or "liver_metastases" in tumor:
        lesions.append({"id": "liver", "role": "metastasis", "site": "liver", "count": "multiple"})
    return lesions, sizes


def ki67(indices: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"ki67-{place}",
            "analyte": "ki67",
            "unit": "%",
            **({"below": float(str(value)[1:])} if str(value).startswith("<") else {"value": value}),
        }
        for place, value in indices.items()
    ]


def findings(case: dict[str, Any], tumor: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    if tumor.get("grade") == "well differentiated":
        found.append({"finding": "well_differentiated"})
    if any("with symptoms" in lab.get("condition", "") for lab in case.get("labs", [])):
        found.append({"finding": "symptoms_of_hypoglycemia"})
    if any(isinstance(item, dict) and item.get("effect") == "relieved" for item in case.get("treatments", [])):
        found.append({"finding": "relief_with_glucose"})
    return found


def treatments(case: dict[str, Any]) -> list[dict[str, Any]]:
    given: list[Any] = [*case.get("treatments", []), *case.get("treatments_in_order", [])]
    facts = []
    for item in given:
        entry = item if isinstance(item, dict) else {"drug": item}
        printed = entry.get("drug") or entry["procedure"]
        fact = {"treatment": term("treatments", NAMES.get(printed, printed)).name}
        response = RESPONSES.get(entry.get("effect", ""))
        facts.append({**fact, "response": response} if response else fact)
    return facts
