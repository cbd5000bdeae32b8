"""Files that cannot be run are refused before anything runs, with every fault and its line."""

from __future__ import annotations

import pytest

from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.trial_file import check_size, read_trial
from insulinoma.errors import InputError, UsageError

BAD = """schema: insulinoma-trial/1
name: bad
title: A trial with many faults
question: Are all of them told at once?
population: malignant-g3
size: 10
follow_up: 30 d
arms:
- name: one
  title: a rule that never can act, and one that does nothing
  regimen: []
  rules:
  - {name: never, when: {quantity: time_below_54, above: 100 %}, give: [{give: meal, amount: 50 g, at: 1 h}]}
  - {name: nothing, when: {quantity: glucose_men, above: 5 mg/dL}}
  - {name: late, when: {quantity: glucose_mean, below: 54 mg/dL, for: 40 d}, stop: [octreotide]}
- name: two
  title: drugs that are not there
  regimen:
  - {give: octreotid, amount: 100 ug, at: 1 h}
  - {give: diazoxide, amount: 100 mmol, at: 1 h}
  - {give: diazoxide, amount: 100 mg}
endpoints:
- {name: low, measure: time_below_55}
- {name: low, measure: survival, from: 40 d}
primary: lows
subgroups:
- {name: kind, column: gender}
"""
EXPECTED = [
    (13, "time_below_54 is never above 100 %"),
    (14, "'glucose_men' is not a quantity of a day"),
    (14, "the rule does nothing"),
    (15, "the rule could act after 40 days at the earliest"),
    (15, "'octreotide' is stopped and never given"),
    (19, "'octreotid' that happens at one moment"),
    (20, "'mmol' is not a unit of 'diazoxide.diazoxide'"),
    (21, "The order has no time, or two"),
    (23, "'time_below_55' is not a measure"),
    (24, "'low' stands twice"),
    (24, "the window from day 40 to 30 does not lie in the follow-up"),
    (25, "'lows' is not an endpoint"),
    (27, "'gender' is not a column to split by"),
]


def refused(path, text, read):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(str(path))
    return caught.value.faults


def test_every_fault_of_a_trial_is_told_with_its_line(tmp_path) -> None:
    faults = refused(tmp_path / "bad.yaml", BAD, read_trial)
    found = [(fault.line, fault.problem) for fault in faults]
    assert len(found) == len(EXPECTED), found
    for line, words in EXPECTED:
        assert sum(at == line and words in problem for at, problem in found) == 1, (line, words, found)
    assert all((fault.file == "bad.yaml" and fault.expected) or "no time" in fault.problem for fault in faults)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("  regimen: []\n  rules:", "  rules:"), 9, "the field 'regimen' is missing"),
        (("size: 10", "size: 1000000000000"), 6, "is out of range"),
        (("follow_up: 30 d", "follow_up: 30"), 7, "30 is not a quantity here"),
        (("population: malignant-g3", "population: malignant-g4"), 5, "no shipped one of that name"),
        (("arms:\n", "arm:\n"), 8, "'arm' is not a field here"),
    ],
)
def test_faults_of_form(tmp_path, change, line, words) -> None:
    faults = refused(tmp_path / "bad.yaml", BAD.replace(*change), read_trial)
    assert any(fault.line == line and words in fault.problem for fault in faults), [str(fault) for fault in faults]


ALL_AT_ONCE = """schema: insulinoma-trial/1
name: bad
title: Faults of form and of sense
question: Are both told at once?
population: malignant-g3
size: 1000000000000
follow_up: 30 d
arms:
- {name: one, title: an arm without a regimen}
- name: two
  title: a rule that never can act
  regimen: []
  rules:
  - {name: never, when: {quantity: time_below_54, above: 100 %}, give: [{give: meal, amount: 50 g, at: 1 h}]}
endpoints:
- {name: low, measure: time_below_55}
primary: low
"""


def test_faults_of_form_do_not_hide_those_of_sense(tmp_path) -> None:
    faults = refused(tmp_path / "bad.yaml", ALL_AT_ONCE, read_trial)
    expected = {6: "out of range", 9: "'regimen' is missing", 14: "never above 100 %", 16: "is not a measure"}
    assert {fault.line for fault in faults} == set(expected)
    assert len(faults) == 4
    assert all(expected[fault.line] in fault.problem for fault in faults)


def test_no_trial_is_larger_than_any_machine() -> None:
    check_size(10**9)
    with pytest.raises(UsageError, match="1,000,000,000,000 patients"):
        check_size(10**12)


POPULATION = """extends: benign-insulinoma
schema: insulinoma-population/1
name: bad
title: A population with faults
drawn: [primry]
parameters:
- {name: glucose.G_c, median: 92, spread: 0.05, unit: mg/dL, source: DallaMan2007}
- {name: glucose.G_b, median: 92, spread: 0.05, unit: mmol/L, source: DallaMan2007}
- {name: tumor_drive.phi, median: 1.5, spread: 1, scale: logit, unit: "1", source: nowhere}
correlations:
- {between: [glucose.V_G, tumor.VDT], value: 0.2, source: "assumption: none"}
grades:
- {grade: G1, share: 0.5, ki67: below 3 %, source: "assumption: none"}
mortality:
- {cause: tumor, rate: 0.1 /year, quantity: burden.V, at: 10, unit: mL, source: "assumption: none"}
"""


def test_every_fault_of_a_population_is_told_with_its_line(tmp_path) -> None:
    faults = refused(tmp_path / "bad.yaml", POPULATION, read_population)
    found = {(fault.line, fault.kind) for fault in faults}
    expected = {(5, "unknown"), (7, "unknown"), (8, "unit"), (9, "range"), (9, "source"), (11, "unknown")}
    assert found == expected | {(12, "shares"), (15, "unknown")}


def test_correlations_that_no_one_can_have_are_refused(tmp_path) -> None:
    pairs = [
        ("insulin.CL_h", "insulin.CL_p", 0.9),
        ("insulin.CL_h", "liver.x_N", 0.9),
        ("insulin.CL_p", "liver.x_N", -0.9),
    ]
    lines = "".join(f'- {{between: [{a}, {b}], value: {r}, source: "assumption: none"}}\n' for a, b, r in pairs)
    head = "extends: benign-insulinoma\nschema: insulinoma-population/1\nname: bad\ntitle: Bad\n"
    faults = refused(tmp_path / "bad.yaml", f"{head}correlations:\n{lines}", read_population)
    assert [(fault.line, fault.kind) for fault in faults] == [(5, "impossible")]
