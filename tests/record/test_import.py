from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from insulinoma.errors import Fault, InputError
from insulinoma.record.io.fhir.elements import fact_of
from insulinoma.record.io.formats import as_text, export, not_read, read_path, read_text
from insulinoma.record.load import load_case, read_case
from insulinoma.record.schema import CaseRecord
from insulinoma.record.tree import NotRead
from insulinoma.record.validate import build_record, validate


def read(path: Path) -> tuple[CaseRecord, list[NotRead]]:
    tree = read_path(path)
    record = build_record(tree)
    return record, not_read(tree, record)


def faults_of(content: bytes, tmp_path: Path, name: str = "hostile.json") -> list[Fault]:
    path = tmp_path / name
    path.write_bytes(content)
    try:
        record, faults = validate(read_case(path))
    except InputError as error:
        return error.faults
    assert record is None
    return faults


def bundle_of(*resources: dict[str, Any]) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": part} for part in resources]}
    ).encode()


def glucose(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
        "valueQuantity": {"value": 45, "unit": "mg/dL", "code": "mg/dL", "system": "http://unitsofmeasure.org"},
        **changes,
    }


def test_every_official_fhir_example_is_read_or_listed(external: Path) -> None:
    files = sorted((external / "fhir" / "r4_examples").glob("*.json"))
    assert len(files) == 15
    for path in files:
        record, unread = read(path)
        assert unread, path.name
        assert all(part.why for part in unread)
        assert record.documents["imported"].file == path.name
    weight, unread = read(external / "fhir" / "r4_examples" / "observation-example.json")
    assert [(item.analyte, item.value, item.unit, item.when.text) for item in weight.measurements] == [
        ("body_weight", 185, "lb", "2016-03-28")
    ]
    assert "encounter" in unread[0].why
    patient, _ = read(external / "fhir" / "r4_examples" / "patient-example.json")
    assert patient.patient.sex is not None


def test_every_packet_is_read_or_listed(external: Path) -> None:
    folder = external / "phenopackets"
    files = [
        path
        for path in sorted([*folder.glob("examples/*.json"), *folder.glob("store/*.json")])
        if "schema.json" not in path.name
    ]
    assert len(files) == 21
    for path in files:
        record, unread = read(path)
        held = json.loads(path.read_text(encoding="utf-8"))
        taken = len(record.findings) + len(record.measurements) + len(record.diagnoses)
        told = [
            part
            for part in unread
            if part.what in ("phenotypicFeatures", "diseases", "measurements") and "vocabulary" in part.why
        ]
        assert taken + len(told) >= len(held.get("phenotypicFeatures", [])), path.name
    insulin, _ = read(folder / "store" / "notebooks_INSR_phenopackets_PMID_24498630_ISR3.json")
    assert {item.analyte for item in insulin.measurements} == {"insulin", "c_peptide"}


def test_a_json_schema_is_no_record(external: Path) -> None:
    with pytest.raises(InputError, match="none of the formats"):
        read_path(external / "phenopackets" / "examples" / "validate_custom-json-schema_hpo-rare-disease-schema.json")


def test_foreign_resources_with_our_codes_are_read(tmp_path: Path) -> None:
    octreotide = {"coding": [{"system": "http://www.whocc.no/atc", "code": "L01EG02"}]}
    path = tmp_path / "foreign.json"
    path.write_bytes(
        bundle_of(
            {
                "resourceType": "Patient",
                "id": "p",
                "gender": "female",
                "birthDate": "1960-01-01",
                "deceasedDateTime": "2015-02",
            },
            glucose(effectiveDateTime="2014-03-05T08:30:00+01:00"),
            glucose(
                valueQuantity={"value": 2.2, "comparator": "<", "code": "mmol/L"},
                code={"coding": [{"system": "http://loinc.org", "code": "14749-6"}]},
            ),
            {
                "resourceType": "Condition",
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "D13.7"}]},
            },
            {
                "resourceType": "MedicationAdministration",
                "status": "completed",
                "medicationCodeableConcept": octreotide,
                "effectivePeriod": {"start": "2014-03", "end": "2014-05-01"},
                "dosage": {"dose": {"value": 10, "unit": "mg", "code": "mg"}},
            },
            {"resourceType": "Observation", "status": "entered-in-error", "code": {}},
            {
                "resourceType": "Observation",
                "status": "final",
                "valueBoolean": False,
                "code": {"coding": [{"system": "http://human-phenotype-ontology.org", "code": "HP:0007185"}]},
            },
        )
    )
    record, unread = read(path)
    assert [(item.when.text, item.value, item.below, item.unit) for item in record.measurements] == [
        ("2014-03-05 08:30", 45, None, "mg/dL"),
        ("unknown", None, 2.2, "mmol/L"),
    ]
    assert record.diagnoses[0].diagnosis == "insulinoma"
    assert record.treatments[0].treatment == "everolimus"
    assert record.treatments[0].when.text == "2014-03-01 to 2014-05-01"
    assert record.treatments[0].dose is not None
    assert record.findings[0].present is False
    assert record.events[0].when.text == "between 2015-01-31 and 2015-03-01"
    assert any("entered-in-error" in part.why for part in unread)
    assert any("birthDate" in part.why for part in unread)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe{", "encoding"),
        (b'{"resourceType": "Bundle", "entry": [', "syntax"),
        (b'{"resourceType": "Patient"} {}', "syntax"),
        (b'{"resourceType": "Patient", "gender": NaN}', "syntax"),
        (b'{"resourceType": "Patient", "x": 1e999}', "number"),
        (b'{"resourceType": "Patient", "x": ' + b"9" * 5000 + b"}", "number"),
        (b'{"a":' * 50_000, "nesting"),
        (b'{"resourceType": "Patient", "gender": "male", "gender": "female"}', "duplicate key"),
        (b'{"resourceType": "Patient", "x": "\\u0000"}', "control character"),
        (b'{"resourceType": "Patient", "x": "\\ud800"}', "control character"),
        (b'{"resourceType": "Bundle", "entry": {"resource": {}}}', "type"),
        (b'{"resourceType": "Bundle", "entry": [5, {"resource": []}]}', "no resource"),
        (b'{"resourceType": "Bundle"}', "no resource"),
        (b'{"metaData": {}, "phenotypicFeatures": {"type": {}}}', "type"),
        (b'{"something": "else"}', "format"),
        (b"[1, 2]", "type"),
    ],
)
def test_hostile_json_gives_a_fault(tmp_path: Path, content: bytes, kind: str) -> None:
    found = faults_of(content, tmp_path)
    assert kind in {fault.kind for fault in found}, found
    assert all(fault.problem and "Traceback" not in str(fault) for fault in found)


def test_what_cannot_be_is_told_for_all_resources_at_once(tmp_path: Path) -> None:
    patient = {"resourceType": "Patient", "gender": "male", "birthDate": "1990-05-01"}
    content = bundle_of(
        patient,
        patient,
        glucose(effectiveDateTime="1989-01-01"),
        glucose(valueQuantity={"value": 45, "unit": "furlongs"}),
        glucose(valueQuantity={"value": "many", "code": "mg/dL"}),
        glucose(valueQuantity={"value": -4, "code": "mg/dL"}),
    )
    kinds = {fault.kind for fault in faults_of(content, tmp_path)}
    assert {"several patients", "before birth", "wrong unit", "number", "negative"} <= kinds


def test_a_packet_from_before_birth_with_an_unknown_unit_is_told(tmp_path: Path) -> None:
    quantity = {"unit": {"id": "UCUM:furlong", "label": "furlong"}, "value": 45}
    packet = {
        "id": "p",
        "metaData": {},
        "subject": {"id": "p", "dateOfBirth": "1990-05-01T00:00:00Z"},
        "measurements": [
            {
                "assay": {"id": "LOINC:2345-7", "label": "x"},
                "value": {"quantity": quantity},
                "timeObserved": {"timestamp": "1980-01-01T00:00:00Z"},
            }
        ],
    }
    assert {fault.kind for fault in faults_of(json.dumps(packet).encode(), tmp_path)} == {"before birth", "wrong unit"}


def test_two_resources_of_one_address_and_a_lost_reference_are_told(tmp_path: Path) -> None:
    bundle = export(load_case(), "fhir").data
    entries = bundle["entry"]
    measured = next(entry for entry in entries if (fact_of(entry["resource"]) or {}).get("section") == "measurements")
    entries.append(measured)
    measured["resource"]["specimen"] = {"reference": "urn:uuid:none"}
    kinds = {fault.kind for fault in faults_of(json.dumps(bundle).encode(), tmp_path)}
    assert {"duplicate id", "unknown reference"} <= kinds


def test_our_own_names_misspelled_in_foreign_files_are_told(tmp_path: Path) -> None:
    system = "https://insulinoma.example/fhir/CodeSystem/"
    content = bundle_of(
        glucose(code={"coding": [{"system": system + "analytes", "code": "glucos"}]}),
        {
            "resourceType": "AllergyIntolerance",
            "code": {"coding": [{"system": system + "treatments", "code": "octreotid"}]},
        },
        {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "medicationCodeableConcept": {"coding": [{"system": system + "treatments", "code": "diazoxid"}]},
            "dosage": {"dose": {"value": 1, "unit": {"a": 1}}},
        },
    )
    assert {"unknown name", "dose"} & {fault.kind for fault in faults_of(content, tmp_path)}
    assay = {"id": "insulinoma:analytes.cptide", "label": "x"}
    value = {"quantity": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": 4}}
    packet = {"id": "p", "metaData": {}, "measurements": [{"assay": assay, "value": value}]}
    assert {fault.kind for fault in faults_of(json.dumps(packet).encode(), tmp_path)} == {"unknown name"}


def test_a_sidecar_that_does_not_fit_its_packet_is_told(tmp_path: Path) -> None:
    packet = export(load_case(), "phenopacket").data
    packet["measurements"] = packet["measurements"][::-1]
    assert "sidecar" in {fault.kind for fault in faults_of(json.dumps(packet).encode(), tmp_path)}
    packet["files"][0]["fileAttributes"]["content"] = "{"
    assert "sidecar" in {fault.kind for fault in faults_of(json.dumps(packet).encode(), tmp_path)}


@pytest.mark.parametrize("name", ["large.json", "large.yaml"])
def test_a_file_of_a_hundred_megabytes_is_not_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(InputError, match="the file has 100 MiB"):
        read_case(path)


def test_many_values_stop_the_reader_early(tmp_path: Path) -> None:
    found = faults_of(b'{"a": [' + b"[]," * 2_100_000 + b"[]]}", tmp_path)
    assert [fault.kind for fault in found] == ["nesting"]


@pytest.mark.parametrize("form", ["fhir", "phenopacket"])
def test_a_byte_order_mark_and_carriage_returns_do_no_harm(tmp_path: Path, form: Any) -> None:
    path = tmp_path / "marked.json"
    path.write_bytes(b"\xef\xbb\xbf" + as_text(export(load_case(), form), form).replace("\n", "\r\n").encode())
    record, unread = read(path)
    assert record == load_case()
    assert unread == []


def test_an_element_added_to_our_bundle_is_told() -> None:
    bundle = export(load_case(), "fhir").data
    found = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Procedure")
    found["followUp"] = [{"text": "in a month"}]
    bundle["entry"].append({"fullUrl": "urn:uuid:1", "resource": {"resourceType": "CarePlan", "status": "active"}})
    tree = read_text(json.dumps(bundle), "added.json")
    record = build_record(tree)
    told = [str(part) for part in not_read(tree, record)]
    assert any("followUp.text" in part for part in told)
    assert any("CarePlan" in part for part in told)


def test_a_day_before_birth_is_a_fault_in_every_format() -> None:
    text = (
        "schema: insulinoma-case/1\nid: early\ntitle: early\ndocuments: {chart: {kind: chart}}\n"
        "patient: {age: {years: 45, source: chart}}\nfindings:\n"
        "- {finding: tremor, when: day -20000, source: chart}\n- {finding: tremor, when: day -9000, source: chart}\n"
    )
    _, found = validate(read_text(text, "early.yaml"))
    assert [(fault.kind, fault.line) for fault in found] == [("before birth", 7)]


def test_a_short_fuzz_run_over_all_importers_has_no_failure() -> None:
    from scripts.fuzz_importers import run

    counts, failures = run(range(400))
    assert failures == []
    assert sum(counts.values()) == 400
    assert {name.split()[1] for name in counts} == {"record", "faults"}


def test_the_fuzz_run_tells_an_importer_that_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    from scripts import fuzz_importers

    def broken(path: Path) -> str:
        raise KeyError(path.name)

    monkeypatch.setattr(fuzz_importers, "_read", broken)
    _, failures = fuzz_importers.run(range(4))
    assert [number for number, _, _ in failures] == [0, 1, 2, 3]
    assert "KeyError" in failures[0][2]
