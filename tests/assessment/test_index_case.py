"""The index case, statement by statement of what `assess --json` must say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from insulinoma.citations import references
from insulinoma.record.schema import CaseRecord

Json = dict[str, Any]


def test_whipple_met_met_inferred(index: Json) -> None:
    whipple = index["criteria"]["whipple"]
    assert [whipple[part]["verdict"] for part in ("symptoms", "low_glucose", "relief")] == ["met", "met", "inferred"]
    assert whipple["low_glucose"]["value"] == 20
    assert {"glucose-emergency", "loss-of-consciousness"} <= set(whipple["low_glucose"]["facts"])
    assert whipple["relief"]["facts"] == ["rescue-glucose"]
    assert whipple["overall"]["verdict"] == "inferred"


def test_endocrine_society_three_met_and_five_not_measured(index: Json) -> None:
    criteria = index["criteria"]["endocrine_society_2009"]
    values = {name: (criteria[name]["value"], criteria[name]["unit"]) for name in ("glucose", "insulin", "c_peptide")}
    assert values == {"glucose": (54, "mg/dL"), "insulin": (67.5, "uU/mL"), "c_peptide": (6.3, "ng/mL")}
    for name in values:
        assert criteria[name]["verdict"] == "met"
        assert "glucose-second-hospital" in criteria[name]["facts"]
    for name in (
        "proinsulin",
        "beta_hydroxybutyrate",
        "glucagon_response",
        "sulfonylurea_screen",
        "insulin_antibody",
    ):
        assert criteria[name]["verdict"] == "not_measured"
        assert criteria[name]["value"] is None
    assert criteria["overall"]["summary"] == "consistent but incomplete"
    assert criteria["overall"]["verdict"] == "not_measured"


def test_the_pattern_lists_every_row_still_possible(index: Json) -> None:
    criteria = index["criteria"]["endocrine_society_2009"]
    assert criteria["pattern"] == [
        "insulinoma / NIPHS / PGBH",
        "oral agent (SU, glinide)",
        "insulin autoimmune",
    ]
    assert criteria["overall"]["excluded_patterns"]["exogenous insulin"] == ["c_peptide"]


def test_highest_level_is_3_with_20_mg_dl_and_loss_of_consciousness(index: Json) -> None:
    found = index["hypoglycemia"]
    assert found["max_level"] == 3
    assert found["max_level_basis"]["value"] == 20
    assert {"glucose-emergency", "loss-of-consciousness"} <= set(found["max_level_basis"]["facts"])


def test_free_interval_days_13_to_61(index: Json) -> None:
    (interval,) = index["hypoglycemia"]["free_intervals"]
    assert (interval["first_day"], interval["last_day"], interval["days"]) == (13, 61, 49)
    assert interval["verdict"] == "met"
    assert interval["facts"] == ["no-hypoglycemia"]


def test_episodes_as_the_record_tells_them(index: Json) -> None:
    episodes = index["hypoglycemia"]["episodes"]
    assert {(item["level"], item["value"]) for item in episodes} == {(1, 54), (3, 20), (None, None)}
    recurred = next(item for item in episodes if item["facts"] == ["hypoglycemia-recurred"])
    assert (recurred["first_day"], recurred["last_day"]) == (62, 156)


def test_grades_under_the_three_editions(index: Json) -> None:
    grade = index["grade"]
    assert (grade["who_2010"]["grade"], grade["who_2010"]["verdict"]) == ("NEC G3", "met")
    assert grade["who_2017"]["candidates"] == ["NET G3", "NEC G3"]
    assert grade["who_2022"]["candidates"] == ["NET G3", "NEC"]
    for edition in ("who_2017", "who_2022"):
        assert grade[edition]["grade"] == "indeterminate"
        assert grade[edition]["verdict"] == "not_evaluable"
        assert any("differentiation" in item for item in grade[edition]["would_decide"])
        assert any("RB1" in item for item in grade[edition]["would_decide"])
    assert "small-cell" in grade["differentiation"]["argues_for_nec"]
    assert "eccentric-nuclei" in grade["differentiation"]["argues_for_net_g3"]


def test_stage_iv_in_both_systems(index: Json) -> None:
    stage = index["stage"]
    assert [stage[system]["stage"] for system in ("ajcc_8", "enets", "ajcc_8_exocrine")] == ["IV", "IV", "IV"]
    assert (stage["ajcc_8"]["t"], stage["ajcc_8"]["n"], stage["ajcc_8"]["m"]) == ("cT2", "cN1", "cM1a")
    assert stage["ajcc_8_exocrine"]["n"] == "cN1 or N2"
    assert "portal vein" in stage["ajcc_8"]["note"]


@pytest.mark.parametrize("system", ["recist_1_1", "mrecist", "easl", "choi", "who_1979"])
def test_imaging_is_not_evaluable_and_tells_the_narrative(index: Json, system: str) -> None:
    found = index["response"][system]
    assert (found["verdict"], found["response"], found["series"]) == ("not_evaluable", None, [])
    assert found["missing"]
    decrease = next(item for item in found["narrative"] if item["direction"] == "decrease")
    assert decrease["possible_days"] == [40, 50]
    assert decrease["treated_before"] == ["tae-right", "tae-left"]
    assert decrease["perhaps_treated_before"] == ["etoposide-cisplatin"]
    increase = next(item for item in found["narrative"] if item["direction"] == "increase")
    assert increase["first_day"] > 41


def test_biochemical_direction_down_without_magnitude(index: Json) -> None:
    found = index["response"]["biochemical"]
    assert (found["verdict"], found["direction"], found["magnitude"]) == ("not_evaluable", "down", "not stated")
    followed = {name for name, item in found["markers"].items() if item["direction"] == "down"}
    assert followed == {"insulin", "c_peptide", "nse", "ca19_9"}
    assert all(item["change_percent"] is None for item in found["markers"].values())


def test_response_of_hypoglycemia_to_each_treatment(index: Json) -> None:
    found = index["response"]["symptomatic"]
    assert found["octreotide"]["verdict"] == "not_evaluable"
    assert "allergic" in found["octreotide"]["note"]
    assert (found["diazoxide"]["verdict"], found["diazoxide"]["responses"]) == ("not_met", ["not effective"])
    embolization = found["embolization"]
    assert embolization["verdict"] == "met"
    assert embolization["days_to_relief"] == 1
    assert embolization["free_interval"]["days"] == 49
    assert embolization["begun_in_interval"] == ["tae-left", "etoposide-cisplatin"]
    assert index["response"]["euglycemia"]["longest_free_days"] == 49
    assert index["response"]["euglycemia"]["dextrose_independence"]["verdict"] == "not_measured"


def test_toxicity(index: Json) -> None:
    assert index["toxicity"]["hypoglycemia"]["grade"] == 4
    assert index["toxicity"]["catheter_related_infection"]["grade"] == 5
    assert index["toxicity"]["allergic_reaction"]["grade"] is None


def test_conflicts_are_those_of_the_record_with_both_readings(index: Json, index_case: CaseRecord) -> None:
    keys = {key for item in index["conflicts"] for key in item["inventory"]}
    assert keys == {"X4", "X5", "X6", "X7", "X11", "X12", "X13", "X14", "X15", "X18", "X19"}
    assert all(len(item["readings"]) >= 2 for item in index["conflicts"])


def test_missing_is_ordered_by_what_it_would_change(index: Json) -> None:
    missing = index["missing"]
    scores = [item["expected_changes"] for item in missing]
    assert scores == sorted(scores, reverse=True)
    place = {item["fact"]: number for number, item in enumerate(missing)}
    assert place["insulin_antibody"] < place["proinsulin"]
    assert place["sulfonylurea_screen"] < place["beta_hydroxybutyrate"]
    assert {"differentiation", "relief", "lesion_diameters", "markers_after_treatment"} <= set(place)
    screen = missing[place["sulfonylurea_screen"]]
    ruled_out = {item["if"]: item["patterns_eliminated"] for item in screen["outcomes"]}
    assert ruled_out["negative"] == ["oral agent (SU, glinide)"]
    assert len(ruled_out["positive"]) == 2


def test_care_completeness(index: Json) -> None:
    status = {item: found["status"] for item, found in index["care"].items()}
    assert {item for item in ("3", "4", "5", "6", "8a", "9a", "11") if status[item] == "yes"} == {
        "3",
        "4",
        "5",
        "6",
        "8a",
        "9a",
        "11",
    }
    for item in ("1", "7", "8b", "8c", "8d", "10"):
        assert status[item] == "partial"
    assert status["12"] == status["13"] == "absent"


def test_ratios_of_the_sample_and_the_refusals(index: Json) -> None:
    ratios = index["criteria"]["ratios"]
    assert ratios["insulin_to_glucose"]["value"] == 1.25
    assert ratios["amended_insulin_glucose"]["value"] == pytest.approx(281.25, abs=0.1)
    assert ratios["insulin_to_c_peptide_molar"]["value"] == pytest.approx(0.194, abs=0.001)
    assert "0.22 at 6.945" in ratios["insulin_to_c_peptide_molar"]["note"]
    for name in ("homa_b", "homa_ir"):
        assert (ratios[name]["verdict"], ratios[name]["value"]) == ("not_evaluable", None)
        assert ratios[name]["note"].startswith("Refused")


def test_every_fact_that_is_named_is_in_the_record(index: Json, index_case: CaseRecord) -> None:
    known = set(index_case.by_id) | {path for path, _ in index_case.facts()}
    named = set(_values(index, "facts"))
    assert named
    assert named <= known


def test_every_verdict_has_a_rule_an_edition_and_a_citation_that_resolves(index: Json) -> None:
    criteria = list(_criteria(index))
    assert len(criteria) > 40
    for item in criteria:
        assert item["rule"]
        assert item["edition"]
        assert item["citation"] in references(), item["citation"]


def _values(data: Any, key: str) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data.get(key, [])
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _values(item, key)


def _criteria(data: Any) -> Iterator[Json]:
    if isinstance(data, dict):
        if "citation" in data:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from _criteria(item)
