from __future__ import annotations

import json
from pathlib import Path

import pytest

from insulinoma.cli import main
from insulinoma.data import read_text
from insulinoma.record.load import load_case


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    captured = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, captured.out, captured.err


@pytest.mark.parametrize("first", ["yaml", "csv", "fhir", "phenopacket"])
@pytest.mark.parametrize("second", ["yaml", "csv", "fhir", "phenopacket"])
def test_any_format_into_any_other_and_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, first: str, second: str
) -> None:
    one, two = tmp_path / f"one.{first}", tmp_path / f"two.{second}"
    assert run(capsys, "convert", "--to", first, "-o", str(one))[0] == 0
    assert run(capsys, "convert", str(one), "--to", second, "-o", str(two))[0] == 0
    assert load_case(two) == load_case()


def test_losses_and_the_label_stand_on_stderr_and_the_file_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "convert", "--to", "fhir")
    assert code == 0
    assert json.loads(out)["resourceType"] == "Bundle"
    assert "kept only in the extension 'fact'" in err
    assert "Research and education only" in err


def test_json_holds_output_losses_and_what_was_not_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "convert", "--to", "phenopacket", "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert result["output"]["subject"]["sex"] == "FEMALE"
    assert {"path", "what", "kept"} == set(result["losses"][0])
    jsonschema = pytest.importorskip("jsonschema", reason="the extra 'dev' holds jsonschema")
    jsonschema.validate(result, json.loads(read_text("schemas", "convert.schema.json")))
    assert result["not_read"] == []
    target = tmp_path / "case.yaml"
    code, out, _ = run(capsys, "convert", "--to", "yaml", "--json", "-o", str(target))
    assert json.loads(out)["output"] == str(target)
    assert load_case(target) == load_case()


def test_what_a_foreign_file_holds_beyond_a_record_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text('{"resourceType": "CarePlan", "status": "active"}', encoding="utf-8")
    code, out, err = run(capsys, "convert", str(path), "--to", "yaml")
    assert code == 0
    assert "imported" in out
    assert "not read: CarePlan (a record has no place for this type)" in err
    assert "not read: CarePlan" in run(capsys, "check", str(path))[1]
    assert json.loads(run(capsys, "check", str(path), "--json")[1])["not_read"][0]["what"] == "CarePlan"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("convert", "--to", "csv"), 2),
        (("convert", "--to", "xml"), 2),
        (("convert", "--from", "csv", "FILE"), 2),
        (("convert", "--from", "yaml", "FOLDER"), 2),
        (("convert", "--from", "phenopacket", "FILE"), 1),
        (("convert", "--to", "csv", "-o", "FILE"), 2),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    file = tmp_path / "bundle.json"
    file.write_text('{"resourceType": "Patient"}', encoding="utf-8")
    given = [{"FILE": str(file), "FOLDER": str(tmp_path)}.get(part, part) for part in arguments]
    found, _, err = run(capsys, *given)
    assert found == code
    assert err
    assert "Traceback" not in err


def test_a_faulty_record_is_not_converted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    planted = Path(__file__).parents[1] / "record" / "data" / "thirty-faults.yaml"
    target = tmp_path / "never.json"
    code, out, err = run(capsys, "convert", str(planted), "--to", "fhir", "-o", str(target))
    assert (code, out) == (1, "")
    assert err.count("thirty-faults.yaml:") >= 30
    assert not target.exists()
