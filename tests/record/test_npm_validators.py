from __future__ import annotations

import json
from pathlib import Path

import pytest

from insulinoma.record.io.formats import export
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import load_case
from insulinoma.record.validate import build_record
from scripts.validate_fhir import missing, results
from tests.record.open_cases import open_cases

REASON = missing()


@pytest.mark.skipif(bool(REASON), reason=f"validators of npm: {REASON}")
def test_the_validators_of_npm_find_no_error_and_do_judge(external: Path, tmp_path: Path) -> None:
    records = {"muro-2014": load_case()}
    for name, data in open_cases(external).items():
        records[name] = build_record(parse_yaml(write_yaml(data), f"{name}.yaml"))
    files = []
    for name, record in records.items():
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(export(record, "fhir").data), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text('{"resourceType": "Observation", "status": 5, "nonsense": true}', encoding="utf-8")
    told = results([*files, broken])
    assert len(told) >= len(files) + 1
    assert [line for line in told if line["errors"] and "broken" not in line["file"]] == []
    assert all(line["errors"] for line in told if "broken" in line["file"])
