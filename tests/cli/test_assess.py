from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from insulinoma.cli import main
from insulinoma.data import read_text


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["assess", *arguments])
    captured = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, captured.out, captured.err


def test_the_page_on_the_index_case(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    for text in (
        "consistent but incomplete",
        "insulinoma / NIPHS / PGBH; oral agent (SU, glinide); insulin autoimmune",
        "days 13 to 61 (49 days",
        "NEC G3",
        "indeterminate: NET G3",
        "cT2 cN1 cM1a",
        "day 40 or 50",
        "direction down,",
        "Stopped for an allergic reaction",
        "Research and education only",
    ):
        assert text in out, text
    assert max(len(line) for line in out.splitlines() if "Research" not in line) <= 120


def test_json_alone_on_stdout_fits_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--json", "--glucose-unit", "mmol/L")
    result = json.loads(out)
    assert (code, err) == (0, "")
    jsonschema.validate(result, json.loads(read_text("schemas", "assess.schema.json")))
    glucose = result["criteria"]["endocrine_society_2009"]["glucose"]
    assert (glucose["value"], glucose["unit"]) == (54, "mg/dL")
    assert glucose["shown"] == {"value": 2.997, "unit": "mmol/L"}
    assert glucose["verdict"] == "met"
    assert result["hypoglycemia"]["levels"]["level_1"]["value"] == 54


def test_glucose_in_the_reader_s_unit_beside_the_reported_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "54 mg/dL (2.997 mmol/L)" in " ".join(run(capsys, "--glucose-unit", "mmol/L")[1].split())
    assert "20 mg/dL (" not in run(capsys)[1]


def test_output_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "assessment.json"
    code, out, err = run(capsys, "--json", "-o", str(target))
    assert (code, out) == (0, "")
    assert "wrote" in err
    assert json.loads(target.read_text(encoding="utf-8"))["case"]["id"] == "muro-2014"


def test_the_marker_limits_are_the_callers(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        "at least 30 % lower"
        in json.loads(run(capsys, "--json", "--marker-fall", "30")[1])["response"]["biochemical"]["threshold"]
    )


def test_faults_and_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("schema: insulinoma-case/1\nid: x\n", encoding="utf-8")
    assert run(capsys, str(faulty))[0] == 1
    assert run(capsys, "no-such-case")[0] == 2
    assert run(capsys, "--glucose-unit", "mg/l")[0] == 2
