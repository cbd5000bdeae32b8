"""Grade and stage at every edge that the editions print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Judge = Callable[..., dict[str, Any]]
WELL, POORLY = {"finding": "well_differentiated"}, {"finding": "poorly_differentiated"}


def ki67(value: float, **more: Any) -> dict[str, Any]:
    return {"analyte": "ki67", "value": value, "unit": "%", **more}


def mitoses(value: float) -> dict[str, Any]:
    return {"analyte": "mitoses", "value": value, "unit": "1/(2.mm2)"}


def grades(found: dict[str, Any]) -> tuple[str, str, str]:
    grade = found["grade"]
    return grade["who_2010"]["grade"], grade["who_2017"]["grade"], grade["who_2022"]["grade"]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (2, ("NET G1", "NET G1", "NET G1")),
        (2.5, ("indeterminate", "NET G1", "NET G1")),
        (3, ("NET G2", "NET G2", "NET G2")),
        (20, ("NET G2", "NET G2", "NET G2")),
        (20.1, ("NEC G3", "indeterminate", "indeterminate")),
        (55, ("NEC G3", "indeterminate", "indeterminate")),
    ],
)
def test_ki67_at_the_edges(judged: Judge, index: float, expected: tuple[str, str, str]) -> None:
    assert grades(judged(measurements=[ki67(index)])) == expected


def test_the_gap_of_2010_names_both_sides(judged: Judge) -> None:
    found = judged(measurements=[ki67(2.5)])["grade"]["who_2010"]
    assert (found["verdict"], found["candidates"]) == ("not_evaluable", ["NET G1", "NET G2"])


@pytest.mark.parametrize("index", [20.1, 55])
def test_differentiation_decides_above_20_percent(judged: Judge, index: float) -> None:
    assert grades(judged(measurements=[ki67(index)], findings=[WELL])) == ("NEC G3", "NET G3", "NET G3")
    assert grades(judged(measurements=[ki67(index)], findings=[POORLY])) == ("NEC G3", "NEC G3", "NEC")
    both = judged(measurements=[ki67(index)], findings=[WELL, POORLY])
    assert grades(both)[2] == "indeterminate"


def test_stains_imply_and_do_not_decide(judged: Judge) -> None:
    net = judged(measurements=[ki67(30)], findings=[{"finding": "atrx_daxx_loss"}])["grade"]["who_2022"]
    assert (net["grade"], net["verdict"]) == ("NET G3", "inferred")
    nec = judged(measurements=[ki67(30)], findings=[{"finding": "rb1_loss"}])["grade"]["who_2022"]
    assert (nec["grade"], nec["verdict"]) == ("NEC", "inferred")
    mixed = judged(measurements=[ki67(30)], findings=[{"finding": "rb1_loss"}, {"finding": "sstr2_stain"}])
    assert mixed["grade"]["who_2022"]["grade"] == "indeterminate"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "NET G1"), (2, "NET G2"), (20, "NET G2"), (21, "indeterminate")],
)
def test_mitoses_at_the_edges(judged: Judge, count: float, expected: str) -> None:
    assert judged(measurements=[mitoses(count), ki67(1)])["grade"]["who_2022"]["grade"] == expected


def test_the_higher_index_decides(judged: Judge) -> None:
    found = judged(measurements=[ki67(1), mitoses(5)])["grade"]["who_2022"]
    assert (found["grade"], found["verdict"], found["unit"]) == ("NET G2", "met", "1/(2.mm2)")
    alone = judged(measurements=[ki67(1)])["grade"]["who_2022"]
    assert (alone["grade"], alone["verdict"], alone["missing"]) == ("NET G1", "inferred", ["mitotic count"])


def test_samples_of_one_patient_with_two_grades(judged: Judge) -> None:
    """K7: node below 1 %, liver 30 %."""
    node = {"id": "node", "analyte": "ki67", "below": 1, "unit": "%"}
    found = judged(measurements=[node, ki67(30, id="liver")])["grade"]["who_2010"]
    assert found["grade"] == "NEC G3"
    assert found["by_fact"] == {"liver": "NEC G3", "node": "NET G1"}


def test_a_bound_across_an_edge_leaves_the_grades_open(judged: Judge) -> None:
    found = judged(measurements=[{"analyte": "ki67", "between": [15, 25], "unit": "%"}])["grade"]["who_2022"]
    assert (found["grade"], found["candidates"]) == ("indeterminate", ["NET G2", "NET G3", "NEC"])
    low = judged(measurements=[{"analyte": "ki67", "below": 2, "unit": "%"}])["grade"]["who_2010"]
    assert low["grade"] == "NET G1"


def test_a_stated_grade_is_shown_and_not_taken_for_an_index(judged: Judge) -> None:
    found = judged(diagnoses=[{"diagnosis": "neuroendocrine_tumor", "grade": 1}])["grade"]
    assert found["who_2022"]["verdict"] == "not_measured"
    assert "grade 1" in found["stated"][0]


def test_carcinoma_without_an_index_and_a_mixed_neoplasm(judged: Judge) -> None:
    assert judged(findings=[POORLY])["grade"]["who_2022"]["grade"] == "NEC"
    mixed = judged(diagnoses=[{"diagnosis": "minen"}], measurements=[ki67(30)])["grade"]["who_2022"]
    assert mixed["verdict"] == "not_evaluable"
    contradiction = judged(findings=[POORLY], measurements=[ki67(10)])["grade"]["who_2022"]
    assert contradiction["verdict"] == "not_evaluable"


NONE = [
    {"finding": "liver_tumors", "present": False},
    {"finding": "extrahepatic_metastases", "present": False},
    {"finding": "lymph_node_enlarged", "present": False},
]
PRIMARY = {"id": "primary", "role": "primary", "site": "pancreatic_body"}


def sized(value: float, unit: str = "cm") -> dict[str, Any]:
    return {"analyte": "longest_diameter", "value": value, "unit": unit, "lesion": "primary"}


@pytest.mark.parametrize(
    ("size", "net", "exocrine"),
    [
        ((1.9, "cm"), "cT1", "cT1"),
        ((2, "cm"), "cT2", "cT1"),
        ((20, "mm"), "cT2", "cT1"),
        ((2.1, "cm"), "cT2", "cT2"),
        ((4, "cm"), "cT2", "cT2"),
        ((40.1, "mm"), "cT3", "cT3"),
    ],
)
def test_t_at_the_edges(judged: Judge, size: tuple[float, str], net: str, exocrine: str) -> None:
    stage = judged(lesions=[PRIMARY], measurements=[sized(*size)], findings=NONE)["stage"]
    assert (stage["ajcc_8"]["t"], stage["enets"]["t"], stage["ajcc_8_exocrine"]["t"]) == (net, net, exocrine)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([], ("I", "I", "IA")),
        ([{"finding": "bile_duct_or_duodenal_invasion"}], ("II", "IIB", "IA")),
        ([{"finding": "adjacent_organ_invasion"}], ("III", "IIIA", "IA")),
        ([{"finding": "large_vessel_invasion"}], ("III", "IIIA", "III")),
        ([{"finding": "portal_infiltration"}], ("I", "I", "IA")),
    ],
)
def test_groups_by_invasion(judged: Judge, findings: list[dict[str, Any]], expected: tuple[str, str, str]) -> None:
    stage = judged(lesions=[PRIMARY], measurements=[sized(1.5)], findings=[*NONE, *findings])["stage"]
    assert tuple(stage[system]["stage"] for system in ("ajcc_8", "enets", "ajcc_8_exocrine")) == expected


@pytest.mark.parametrize(("count", "expected"), [(3, "IIB"), (4, "III"), ("multiple", None)])
def test_nodes_of_the_exocrine_chapter_are_counted(judged: Judge, count: Any, expected: str | None) -> None:
    node = {"role": "node", "site": "peripancreatic_nodes", "count": count}
    stage = judged(lesions=[PRIMARY, node], measurements=[sized(1.5)], findings=NONE[:2])["stage"]
    assert stage["ajcc_8_exocrine"]["stage"] == expected
    assert (stage["ajcc_8"]["stage"], stage["enets"]["stage"]) == ("III", "IIIB")


def test_what_is_not_said_of_metastases_leaves_the_stage_open(judged: Judge) -> None:
    stage = judged(lesions=[PRIMARY], measurements=[sized(1.5)])["stage"]["ajcc_8"]
    assert (stage["verdict"], stage["stage"], stage["possible"]) == ("not_evaluable", None, ["I", "III", "IV"])
    assert (stage["n"], stage["m"]) == ("NX", "MX")
    assert len(stage["missing"]) == 2


def test_m_by_place_and_a_primary_outside_the_pancreas(judged: Judge) -> None:
    both = judged(lesions=[PRIMARY], findings=[{"finding": "liver_tumors"}, {"finding": "bone_metastases"}])
    assert both["stage"]["ajcc_8"]["m"] == "cM1c"
    ectopic = judged(lesions=[{"id": "primary", "role": "primary", "site": "jejunum"}], measurements=[sized(3.5)])
    assert ectopic["stage"]["ajcc_8"]["verdict"] == "not_evaluable"
    assert "outside the pancreas" in ectopic["stage"]["ajcc_8"]["note"]
