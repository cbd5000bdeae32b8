from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from insulinoma.record.io.formats import FormatName, as_text, export, not_read, read_text
from insulinoma.record.io.losses import after_losses
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record
from tests.record.open_cases import open_cases
from tests.record.strategies import full_records
from tests.record.validators import bundle_errors, packet_errors

FOREIGN: tuple[FormatName, ...] = ("fhir", "phenopacket")


def through(record: CaseRecord, form: FormatName) -> CaseRecord:
    return build_record(read_text(as_text(export(record, form), form), "again.json"))


def expected(record: CaseRecord, form: FormatName) -> CaseRecord:
    return CaseRecord.model_validate(after_losses(plain(record), export(record, form).losses))


def cases(external: Path) -> dict[str, CaseRecord]:
    found = {"muro-2014": load_case()}
    for name, data in open_cases(external).items():
        found[name] = build_record(parse_yaml(write_yaml(data), f"{name}.yaml"))
    return found


@pytest.mark.parametrize("form", FOREIGN)
def test_the_index_case_comes_back_whole_and_nothing_of_it_is_lost(form: FormatName) -> None:
    case = load_case()
    exported = export(case, form)
    tree = read_text(as_text(exported, form), "again.json")
    assert build_record(tree) == case
    assert exported.lost == ()
    assert not_read(tree, case) == []


@pytest.mark.parametrize("form", FOREIGN)
@given(data=full_records())
def test_a_record_comes_back_equal_after_the_listed_losses(form: FormatName, data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    tree = read_text(as_text(export(record, form), form), "again.json")
    again = build_record(tree)
    assert again == expected(record, form)
    assert not_read(tree, again) == []


@given(data=full_records())
@settings(max_examples=25)
def test_every_exported_record_has_no_error(external: Path, data: dict[str, Any]) -> None:
    record = build_record(parse_yaml(write_yaml(data), "any.yaml"))
    assert bundle_errors(export(record, "fhir").data, external) == []
    assert packet_errors(export(record, "phenopacket").data, external) == []


def test_the_index_case_and_every_open_case_have_no_error(external: Path) -> None:
    found = cases(external)
    assert len(found) == 11
    for name, record in found.items():
        assert bundle_errors(export(record, "fhir").data, external) == [], name
        assert packet_errors(export(record, "phenopacket").data, external) == [], name
        for form in FOREIGN:
            assert through(record, form) == record, name


def test_the_judges_do_judge(external: Path) -> None:
    bundle = export(load_case(), "fhir").data
    bundle["entry"][5]["resource"]["status"] = 5
    bundle["entry"].append(bundle["entry"][0])
    bundle["entry"][9]["resource"]["subject"] = {"reference": "urn:uuid:none"}
    assert len(bundle_errors(bundle, external)) >= 4
    packet = export(load_case(), "phenopacket").data
    packet["subject"]["sex"] = "other"
    assert len(packet_errors(packet, external)) >= 2


def test_a_space_that_fhir_forbids_is_told_as_lost() -> None:
    record = load_case().model_copy(update={"title": "two\u3000spaces\u00a0here"})
    lost = export(record, "fhir").lost
    assert [(loss.path, loss.written) for loss in lost] == [(("title",), "two spaces here")]
    assert "U+3000" in lost[0].what
    assert through(record, "phenopacket") == record


def test_dates_without_a_day_zero_are_marked_as_synthetic() -> None:
    data = plain(load_case())
    resources = [entry["resource"] for entry in export(load_case(), "fhir").data["entry"]]
    left = next(part for part in resources if part.get("performedDateTime") == "1900-01-23")
    assert left["_performedDateTime"]["extension"][0]["url"].endswith("synthetic-time")
    free = next(part for part in resources if part.get("effectivePeriod", {}).get("end") == "1900-03-03")
    assert free["effectivePeriod"]["start"] == "1900-01-14"
    data["clock"]["day_zero_date"] = "2014-03-05"
    dated = CaseRecord.model_validate(data)
    text = as_text(export(dated, "fhir"), "fhir")
    assert '"performedDateTime": "2014-03-27"' in text
    assert "synthetic" not in text
    assert "synthetic" not in as_text(export(dated, "phenopacket"), "phenopacket")


def test_censored_values_keep_their_sign() -> None:
    data = {
        "schema": "insulinoma-case/1", "id": "signs", "title": "signs", "documents": {"chart": {"kind": "chart"}},
        "measurements": [
            {"analyte": "insulin", "below": 0.3, "unit": "µU/ml", "source": "chart"},
            {"analyte": "glucose", "above": 2.5, "unit": "mmol/L", "source": "chart"},
            {"analyte": "glucose", "between": [40, 50], "unit": "mg/dL", "source": "chart"},
        ],
    }  # fmt: skip
    record = CaseRecord.model_validate(data)
    found = [entry["resource"] for entry in export(record, "fhir").data["entry"]]
    values = [part for part in found if part["resourceType"] == "Observation"]
    assert values[0]["valueQuantity"] == {
        "value": 0.3, "comparator": "<", "unit": "µU/ml", "system": "http://unitsofmeasure.org", "code": "u[IU]/mL",
    }  # fmt: skip
    assert values[1]["valueQuantity"]["comparator"] == ">"
    assert values[1]["code"]["coding"][0]["code"] == "14749-6"
    assert values[2]["valueRange"]["high"]["value"] == 50
    typed = export(record, "phenopacket").data["measurements"][0]["complexValue"]["typedQuantities"]
    assert typed[0]["type"]["label"] == "below"
    assert all(through(record, form) == record for form in FOREIGN)


@pytest.mark.parametrize("form", FOREIGN)
def test_what_a_person_changes_in_a_file_is_read_or_told(form: FormatName) -> None:
    case = load_case()
    text = as_text(export(case, form), form)
    changed = build_record(read_text(text.replace("169.9", "170.5"), "again.json"))
    assert changed.by_id["nse-second-hospital"].value == 170.5  # type: ignore[attr-defined]
    moved = text.replace("1900-01-23", "1900-01-24").replace('"created"', '"created"')
    tree = read_text(moved, "again.json")
    assert build_record(tree) == case
    assert any("performed" in part.why for part in not_read(tree, case))


def test_codes_carry_the_display_of_their_vocabulary() -> None:
    text = json.dumps(export(load_case(), "fhir").data)
    for display in (
        "Glucose [Mass/volume] in Serum or Plasma", "Loss of consciousness", "octreotide",
        "Malignant neoplasm: Endocrine pancreas", "Enolase.neuron specific [Mass/volume] in Serum or Plasma",
    ):  # fmt: skip
        assert f'"display": "{display}"' in text
    assert "snomed" not in text.casefold()
