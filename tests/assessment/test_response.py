"""Response on imaging, of markers and of symptoms, at the edges that the rules print."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.assessment.assess import assess
from insulinoma.assessment.biochemical import MarkerRule
from insulinoma.assessment.embolization_response import choi, easl, mrecist, who_1979
from insulinoma.assessment.recist import (
    Imaging,
    NonTarget,
    Response,
    Target,
    best_response,
    overall_response,
    recist_series,
    target_response,
)
from insulinoma.record.schema import CaseRecord

Judge = Callable[..., dict[str, Any]]
D = Decimal


@pytest.mark.parametrize(
    ("baseline", "nadir", "total", "expected"),
    [
        ("100", "100", "70", "PR"),
        ("100", "100", "70.1", "SD"),
        ("0.3", "0.3", "0.21", "PR"),
        ("100", "100", "120", "PD"),
        ("100", "100", "119.9", "SD"),
        ("20", "20", "24", "SD"),
        ("25", "25", "30", "PD"),
        ("26.3", "26.3", "31.3", "SD"),
        ("100", "50", "60", "PD"),
        ("100", "0", "3", "PD"),
        ("0.1", "0.1", "0.12", "SD"),
    ],
)
def test_recist_at_its_edges(baseline: str, nadir: str, total: str, expected: Response) -> None:
    """Exactly 30.0 % and 20.0 %; 20 % but 4 mm; 5 mm but 19 %; regrowth from zero."""
    assert target_response(D(baseline), D(nadir), D(total)) == expected


def test_five_mm_but_19_percent_is_stable() -> None:
    assert target_response(D("26.4"), D("26.4"), D("31.4")) == "SD"


LIVER = [Target("a", node=False, organ="liver")]


def series(targets: list[Target], *sizes: dict[str, str | None], new: bool = False) -> list[Response]:
    images = [
        Imaging(f"day {day}", {name: None if size is None else D(size) for name, size in given.items()})
        for day, given in enumerate(sizes)
    ]
    if new:
        images[-1] = Imaging(images[-1].when, images[-1].sizes, new_lesion=True)
    return [item.overall for item in recist_series(targets, images[0], images[1:])]


def test_regrowth_after_a_complete_response() -> None:
    assert series(LIVER, {"a": "30"}, {"a": "0"}, {"a": "2"}) == ["CR", "PD"]


def test_progression_is_against_the_nadir_and_response_against_the_baseline() -> None:
    assert series(LIVER, {"a": "100"}, {"a": "50"}, {"a": "60"}) == ["PR", "PD"]
    assert series(LIVER, {"a": "100"}, {"a": "50"}, {"a": "59"}) == ["PR", "PR"]


def test_nodes_below_10_mm_are_normal() -> None:
    both = [*LIVER, Target("n", node=True, organ="lymph node")]
    assert series(both, {"a": "30", "n": "20"}, {"a": "0", "n": "9.9"}) == ["CR"]
    assert series(both, {"a": "30", "n": "20"}, {"a": "0", "n": "10"}) == ["PR"]


def test_a_target_that_was_not_measured() -> None:
    both = [*LIVER, Target("b", node=False, organ="liver")]
    assert series(both, {"a": "30", "b": "30"}, {"a": "10", "b": None}) == ["NE"]
    assert series(both, {"a": "30", "b": "30"}, {"a": "80", "b": None}) == ["PD"]
    assert series(both, {"a": "30", "b": "30"}, {"a": "10", "b": None}, new=True) == ["PD"]


@pytest.mark.parametrize(
    ("target", "non_target", "new", "expected"),
    [
        ("CR", "CR", False, "CR"),
        ("CR", "none", False, "CR"),
        ("CR", "non-CR/non-PD", False, "PR"),
        ("CR", "NE", False, "PR"),
        ("PR", "NE", False, "PR"),
        ("SD", "non-CR/non-PD", False, "SD"),
        ("NE", "non-CR/non-PD", False, "NE"),
        ("NE", "PD", False, "PD"),
        ("PR", "PD", False, "PD"),
        ("CR", "CR", True, "PD"),
    ],
)
def test_the_overall_response(target: Response, non_target: NonTarget, new: bool, expected: Response) -> None:
    assert overall_response(target, non_target, new_lesion=new) == expected


def test_the_best_response_ends_with_progression() -> None:
    found = recist_series(LIVER, Imaging("0", {"a": D(50)}), [Imaging("1", {"a": D(70)}), Imaging("2", {"a": D(10)})])
    assert best_response(found) == "PD"


@pytest.mark.parametrize(
    ("rule", "total", "expected"),
    [
        (mrecist, "0", "CR"),
        (mrecist, "70", "PR"),
        (mrecist, "70.1", "SD"),
        (mrecist, "120", "PD"),
        (mrecist, "119.9", "SD"),
        (easl, "50", "PR"),
        (easl, "50.1", "SD"),
        (easl, "125", "SD"),
        (easl, "125.1", "PD"),
        (who_1979, "50", "PR"),
        (who_1979, "125", "PD"),
        (who_1979, "124.9", "SD"),
        (who_1979, "0", "CR"),
    ],
)
def test_enhancement_and_product_criteria(rule: Callable[..., Response], total: str, expected: Response) -> None:
    assert rule(D(100), D(100), D(total)) == expected
    assert rule(D(100), D(100), D(total), new_lesion=True) == "PD"


@pytest.mark.parametrize(
    ("size", "density", "expected"),
    [
        (("100", "90"), None, "PR"),
        (("100", "91"), ("60", "51"), "PR"),
        (("100", "91"), ("60", "52"), "SD"),
        (("100", "110"), ("60", "60"), "PD"),
        (("100", "110"), ("60", "51"), "PR"),
        (("100", "109"), ("60", "60"), "SD"),
        (("100", "95"), None, "NE"),
        (("100", "0"), None, "CR"),
    ],
)
def test_choi(size: tuple[str, str], density: tuple[str, str] | None, expected: Response) -> None:
    pair = None if density is None else (D(density[0]), D(density[1]))
    assert choi((D(size[0]), D(size[1])), pair) == expected


@given(
    baseline=st.integers(100, 2000),
    nadir=st.integers(1, 2000),
    total=st.integers(1, 4000),
    scale=st.sampled_from([D("0.1"), D(10)]),
)
def test_mrecist_does_not_depend_on_the_unit(baseline: int, nadir: int, total: int, scale: Decimal) -> None:
    nadir = min(nadir, baseline)
    plain = mrecist(D(baseline), D(nadir), D(total))
    assert plain == mrecist(D(baseline) * scale, D(nadir) * scale, D(total) * scale)


def lesion(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "role": "metastasis", "site": "liver", **more}


def size(name: str, value: float, when: str, analyte: str = "longest_diameter", unit: str = "mm") -> dict[str, Any]:
    return {"analyte": analyte, "value": value, "unit": unit, "lesion": name, "when": when}


def test_recist_on_a_record(judged: Judge) -> None:
    sizes = [
        size("a", 5.0, "day 0", unit="cm"),
        size("b", 50, "day 0"),
        size("a", 30, "day 60"),
        size("b", 40, "day 60"),
    ]
    found = judged(lesions=[lesion("a"), lesion("b")], measurements=[*sizes, size("a", 49, "day 120")])
    recist = found["response"]["recist_1_1"]
    assert (recist["verdict"], recist["response"]) == ("met", "PR")
    first, second = recist["series"]
    assert (first["sum_mm"], first["change_from_baseline_percent"], first["overall"]) == (70, -30, "PR")
    assert second["overall"] == "NE"


def test_the_order_of_imaging_must_be_certain(judged: Judge) -> None:
    sizes = [size("a", 50, "after day 3"), size("a", 30, "day 60")]
    recist = judged(lesions=[lesion("a")], measurements=sizes)["response"]["recist_1_1"]
    assert (recist["verdict"], "order" in recist["note"]) == ("not_evaluable", True)


def test_an_embolized_lesion_is_no_target_unless_it_grew(judged: Judge) -> None:
    sizes = [size("a", 50, "day 30"), size("a", 30, "day 60")]
    treated = [{"treatment": "embolization", "site": "liver", "when": "day 10"}]
    before = judged(lesions=[lesion("a")], measurements=sizes, treatments=treated)["response"]["recist_1_1"]
    assert before["verdict"] == "not_evaluable"
    assert "treated locally" in before["note"]
    grown = [{"finding": "tumor_increase", "lesion": "a", "when": "day 25"}]
    after = judged(lesions=[lesion("a")], measurements=sizes, treatments=treated, findings=grown)
    assert after["response"]["recist_1_1"]["response"] == "PR"


def test_targets_are_at_most_two_an_organ_and_large_enough(judged: Judge) -> None:
    names = {"a": 50, "b": 40, "c": 30, "d": 9}
    sizes = [size(name, value, "day 0") for name, value in names.items()]
    later = [size(name, value, "day 60") for name, value in names.items()]
    found = judged(lesions=[lesion(name) for name in names], measurements=[*sizes, *later])["response"]["recist_1_1"]
    assert found["response"] == "SD"
    assert "Targets: a, b." in found["note"]
    assert found["series"][0]["sum_mm"] == 90


def test_a_new_lesion_is_progression(judged: Judge) -> None:
    sizes = [size("a", 50, "day 0"), size("a", 10, "day 60")]
    new = [{"finding": "new_lesion", "when": "day 60"}]
    found = judged(lesions=[lesion("a")], measurements=sizes, findings=new)["response"]["recist_1_1"]
    assert found["response"] == "PD"


def test_a_group_of_lesions_is_not_a_target(judged: Judge) -> None:
    sizes = [size("a", 50, "day 0"), size("a", 10, "day 60")]
    found = judged(lesions=[lesion("a", count="multiple")], measurements=sizes)["response"]["recist_1_1"]
    assert found["verdict"] == "not_evaluable"


def test_the_other_systems_on_a_record(judged: Judge) -> None:
    facts = []
    for when, factor in (("day 0", 1.0), ("day 60", 0.5)):
        facts += [
            size("a", 60 * factor, when, "viable_diameter"),
            size("a", 900 * factor, when, "enhancing_area", "mm2"),
            size("a", 60, when),
            size("a", 40 * factor, when, "perpendicular_diameter"),
            size("a", 80 * factor, when, "attenuation", "HU"),
        ]
    found = judged(lesions=[lesion("a")], measurements=facts)["response"]
    answers = {name: found[name]["response"] for name in ("recist_1_1", "mrecist", "easl", "choi", "who_1979")}
    assert answers == {"recist_1_1": "SD", "mrecist": "PR", "easl": "PR", "choi": "PR", "who_1979": "PR"}


def marker(value: float, when: str, **more: Any) -> dict[str, Any]:
    return {"analyte": "nse", "value": value, "unit": "ng/mL", "when": when, **more}


@pytest.mark.parametrize(
    ("later", "response", "change"),
    [(50, "PR", -50), (50.1, "SD", -49.9), (124.9, "SD", 24.9), (125, "PD", 25)],
)
def test_markers_at_the_chosen_limits(judged: Judge, later: float, response: str, change: float) -> None:
    found = judged(measurements=[marker(100, "day 0"), marker(later, "day 60")])["response"]["biochemical"]
    nse = found["markers"]["nse"]
    assert (nse["response"], nse["change_percent"]) == (response, change)
    assert found["magnitude"] == "stated"


def test_the_caller_chooses_the_limits_and_they_are_shown(build: Callable[..., CaseRecord]) -> None:
    record = build(measurements=[marker(100, "day 0"), marker(69, "day 28")])
    found = assess(record, marker_rule=MarkerRule(fall_percent=30)).to_json()["response"]["biochemical"]
    assert found["verdict"] == "met"
    assert "30 % lower" in found["threshold"]
    assert assess(record).to_json()["response"]["biochemical"]["verdict"] == "not_met"


def test_a_marker_that_became_normal(judged: Judge) -> None:
    first = marker(20, "day 0", flag="elevated")
    found = judged(measurements=[first, marker(15, "day 60", reference={"upper": 16.3})])["response"]["biochemical"]
    assert found["markers"]["nse"]["response"] == "CR"


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        ([{"response": "effective"}], "met"),
        ([{"response": "partial"}], "met"),
        ([{"response": "not effective"}], "not_met"),
        ([{"response": "effective", "stopped_for": "allergy"}], "not_evaluable"),
        ([{}], "not_measured"),
        ([{"response": "not effective"}, {"response": "effective"}], "met"),
        ([{"response": "not effective"}, {}], "not_measured"),
    ],
)
def test_the_response_of_hypoglycemia(judged: Judge, courses: list[dict[str, Any]], expected: str) -> None:
    found = judged(treatments=[{"treatment": "octreotide", **course} for course in courses])
    assert found["response"]["symptomatic"]["octreotide"]["verdict"] == expected
