from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given

from insulinoma.record.io.csv import read_csv, write_csv
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record
from tests.record.strategies import full_records, records


def through_yaml(record: CaseRecord) -> CaseRecord:
    return build_record(parse_yaml(write_yaml(plain(record)), "again.yaml"))


def through_csv(record: CaseRecord) -> CaseRecord:
    with TemporaryDirectory() as folder:
        write_csv(plain(record), Path(folder))
        return build_record(read_csv(Path(folder)))


def test_the_index_case_survives_both_formats() -> None:
    case = load_case()
    assert through_yaml(case) == case
    assert through_csv(case) == case


@given(records)
def test_yaml_loses_nothing(data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    assert through_yaml(record) == record


@given(records)
def test_csv_loses_nothing(data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    assert through_csv(record) == record


@given(full_records())
def test_yaml_and_csv_lose_nothing_of_a_full_record(data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    assert through_yaml(record) == record
    assert through_csv(record) == record


def test_a_text_that_a_spreadsheet_would_run_is_quoted(tmp_path: Path) -> None:
    case = load_case()
    claim = case.claims[0].model_copy(update={"claim": "=HYPERLINK(1)"})
    write_csv(plain(case.model_copy(update={"claims": (claim, *case.claims[1:])})), tmp_path)
    assert '"=HYPERLINK(1)"' in (tmp_path / "claims.csv").read_text().replace('""', '"')
    assert build_record(read_csv(tmp_path)).claims[0].claim == "=HYPERLINK(1)"


def test_faults_of_a_table_name_its_file_and_row(tmp_path: Path) -> None:
    write_csv(plain(load_case()), tmp_path)
    table = tmp_path / "measurements.csv"
    table.write_text(table.read_text().replace("54,mg/dL", "54,ug/dl"))
    from insulinoma.record.validate import validate

    _, faults = validate(read_csv(tmp_path))
    assert [(fault.file, fault.line, fault.kind) for fault in faults] == [("measurements.csv", 3, "wrong unit")]


def test_a_field_left_empty_is_not_written() -> None:
    head = "schema: insulinoma-case/1\nid: empty\ntitle: empty\ndocuments: {chart: {kind: chart, note: }}\n"
    record = build_record(parse_yaml(head + "patient: {age: , sex: }\n", "empty.yaml"))
    assert plain(record)["patient"] == {}
    assert through_yaml(record) == record
