"""What must hold of every record: order, unrelated facts, shape, speed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.assessment.assess import assess
from insulinoma.assessment.view import view_of
from insulinoma.assessment.whipple import whipple_triad
from insulinoma.data import read_text
from insulinoma.record.load import load_case
from insulinoma.record.schema import SECTIONS, CaseRecord, Measurement

SCHEMA = json.loads(read_text("schemas", "assess.schema.json"))
INDEX = load_case()
TIMES = ("day 1", "day 1 07:30", "day 2", "days 3 to 9", "after day 4", "unknown")


def measurement(analyte: str, unit: str, low: float, high: float) -> st.SearchStrategy[dict[str, Any]]:
    number = st.floats(low, high, allow_nan=False).map(lambda value: round(value, 2))
    value = st.one_of(
        number.map(lambda given: {"value": given}),
        number.map(lambda given: {"below": given}),
        number.map(lambda given: {"above": given}),
        st.tuples(number, number).map(lambda given: {"between": sorted(given)}),
    )
    more = st.fixed_dictionaries(
        {"when": st.sampled_from(TIMES)},
        optional={
            "sample": st.sampled_from(["s1", "s2"]),
            "condition": st.sampled_from(["symptoms", "overnight fast"]),
        },
    )
    head = {"analyte": analyte, "unit": unit, "source": "chart"}
    return st.builds(lambda number, rest: {**head, **number, **rest}, value, more)


MEASUREMENTS = st.lists(
    st.one_of(
        measurement("glucose", "mg/dL", 20, 120),
        measurement("glucose", "mmol/L", 1, 7),
        measurement("insulin", "uU/mL", 0, 20),
        measurement("insulin", "pmol/L", 0, 120),
        measurement("c_peptide", "nmol/L", 0, 1),
        measurement("beta_hydroxybutyrate", "umol/L", 0, 5000),
        measurement("ki67", "%", 0, 60),
        measurement("nse", "ng/mL", 1, 300),
    ),
    max_size=8,
)
FINDINGS = st.lists(
    st.builds(
        lambda name, present, when: {"finding": name, "present": present, "when": when, "source": "chart"},
        st.sampled_from(
            ["confusion", "hypoglycemia", "loss_of_consciousness", "liver_tumors", "well_differentiated", "rb1_loss"]
        ),
        st.booleans(),
        st.sampled_from(TIMES),
    ),
    max_size=5,
)


def record(measurements: list[dict[str, Any]], findings: list[dict[str, Any]]) -> CaseRecord:
    numbered = [{"id": f"m{index}", **item} for index, item in enumerate(measurements)]
    named = [{"id": f"f{index}", **item} for index, item in enumerate(findings)]
    return CaseRecord.model_validate(
        {
            "schema": "insulinoma-case/1",
            "id": "made-up",
            "title": "Made up",
            "documents": {"chart": {"kind": "chart"}},
            "measurements": numbered,
            "findings": named,
        }
    )


def shuffled(given: CaseRecord, seed: int) -> CaseRecord:
    sections = {name: list(getattr(given, name)) for name in SECTIONS if name not in ("conflicts", "manuscript")}
    for items in sections.values():
        random.Random(seed).shuffle(items)  # noqa: S311
    return given.model_copy(update={name: tuple(items) for name, items in sections.items()})


def answers(found: Any, path: str = "") -> dict[str, Any]:
    """Verdicts, values and classes by path, without the names of the facts."""
    if isinstance(found, dict):
        kept = {key: value for key, value in found.items() if key not in ("facts", "note", "missing", "narrative")}
        return {name: leaf for key, value in kept.items() for name, leaf in answers(value, f"{path}.{key}").items()}
    return {path: sorted(map(str, found)) if isinstance(found, list) else found}


def judged(given: CaseRecord) -> dict[str, Any]:
    found = assess(given).to_json()
    return answers(
        {name: found[name] for name in ("criteria", "grade", "stage", "hypoglycemia", "response", "toxicity")}
    )


@given(measurements=MEASUREMENTS, findings=FINDINGS, seed=st.integers(0, 100))
def test_the_order_of_the_facts_changes_nothing(
    measurements: list[dict[str, Any]], findings: list[dict[str, Any]], seed: int
) -> None:
    given_record = record(measurements, findings)
    assert judged(shuffled(given_record, seed)) == judged(given_record)


@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_index_case_changes_nothing(seed: int) -> None:
    before, after = judged(INDEX), judged(shuffled(INDEX, seed))
    ignored = {name for name in before if name.endswith(("begun_in_interval", "episodes", "series"))}
    assert {name: after[name] for name in before if name not in ignored} == {
        name: before[name] for name in before if name not in ignored
    }


UNRELATED = (
    {"analyte": "potassium", "value": 4.1, "unit": "mmol/L", "source": "chart"},
    {"analyte": "creatinine", "value": 0.8, "unit": "mg/dL", "source": "chart", "when": "day 12"},
    {"analyte": "body_weight", "value": 61, "unit": "kg", "source": "chart"},
)


@given(measurements=MEASUREMENTS, findings=FINDINGS, added=st.sampled_from(UNRELATED))
def test_an_unrelated_fact_changes_nothing(
    measurements: list[dict[str, Any]], findings: list[dict[str, Any]], added: dict[str, Any]
) -> None:
    before = record(measurements, findings)
    more = Measurement.model_validate(added)
    assert judged(before.model_copy(update={"measurements": (*before.measurements, more)})) == judged(before)


@given(measurements=MEASUREMENTS, findings=FINDINGS)
def test_every_assessment_fits_the_schema(measurements: list[dict[str, Any]], findings: list[dict[str, Any]]) -> None:
    jsonschema.validate(assess(record(measurements, findings)).to_json(), SCHEMA)


def test_the_index_case_fits_the_schema(index: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(index, SCHEMA)
    json.dumps(index, allow_nan=False)


def test_a_case_is_judged_by_its_facts_and_not_by_its_name(index: dict[str, Any]) -> None:
    renamed = assess(INDEX.model_copy(update={"id": "somebody", "title": "Another"})).to_json()
    assert {**renamed, "case": None} == {**index, "case": None}


def test_the_same_record_gives_the_same_text() -> None:
    assert json.dumps(assess(load_case()).to_json()) == json.dumps(assess(load_case()).to_json())


@given(measurements=MEASUREMENTS, added=st.sampled_from(["confusion", "relief_with_glucose"]))
def test_a_view_with_further_facts_forgets_what_depends_on_them(measurements: list[dict[str, Any]], added: str) -> None:
    base = view_of(record(measurements, []))
    base.remember("whipple", whipple_triad)
    fact = record([], [{"finding": added, "source": "chart"}]).findings[0]
    view = base.adding(fact)
    assert view.remember("whipple", whipple_triad).to_json() == whipple_triad(view).to_json()


@pytest.mark.parametrize("count", [10_000])
def test_a_record_of_ten_thousand_facts(count: int, build: Callable[..., CaseRecord]) -> None:
    facts = [
        {"analyte": "glucose", "value": 25 + index % 150, "unit": "mg/dL", "when": f"day {index // 48}"}
        for index in range(count)
    ]
    given_record = build(measurements=facts, findings=[{"finding": "confusion", "when": "day 3"}])
    found = assess(given_record).to_json()
    assert found["hypoglycemia"]["max_level"] == 2
    assert len(found["hypoglycemia"]["episodes"]) == sum(fact["value"] < 70 for fact in facts)
