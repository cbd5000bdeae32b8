from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from insulinoma.cli import main
from insulinoma.data import read_text, resource

FAULTY = str(Path(__file__).parents[1] / "record" / "data" / "thirty-faults.yaml")
READINGS = "time,glucose_mg_dl\n" + "\n".join(
    f"2024-03-0{day} {hour:02d}:{minute:02d},{45 + 10 * (hour % 9)}"
    for day in (1, 2)
    for hour in range(24)
    for minute in range(0, 60, 5)
)
CALLS = {
    "assess": [[]],
    "check": [[], [FAULTY]],
    "cgm": [["one.csv"], ["one.csv", "two.csv"]],
    "evidence": [["treatments"], ["outcomes"], ["conflicts"], ["ask", "malignant"], ["ask", "how do I bake bread"]],
    "simulate": [
        ["--subject", "healthy-man", "--protocol", "ogtt-75g"],
        ["--subject", "healthy-man", "--protocol", "ogtt-75g", "--patients", "2"],
    ],
}


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    with pytest.raises(SystemExit):
        main(list(arguments))
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", CALLS)
def test_what_a_command_prints_has_the_shape_of_its_schema(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one.csv", "two.csv"):
        Path(name).write_text(READINGS, encoding="utf-8")
    schema = printed(capsys, "schema", command)
    for arguments in CALLS[command]:
        jsonschema.validate(printed(capsys, command, *arguments, "--json"), schema)


def test_every_schema_is_one_and_refuses_what_has_another_shape() -> None:
    names = [entry.name for entry in resource("schemas").iterdir() if entry.name.endswith(".schema.json")]
    assert len(names) >= len(CALLS)
    for name in names:
        schema = json.loads(read_text("schemas", name))
        jsonschema.Draft202012Validator.check_schema(schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"software": "insulinoma", "intended_use": "", "unknown": 1}, schema)
