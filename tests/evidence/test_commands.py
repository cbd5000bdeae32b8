"""The commands: JSON on stdout and nothing else there, text for people, wrong usage said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from insulinoma.cli.evidence import app
from insulinoma.errors import UsageError
from insulinoma.intended_use import INTENDED_USE

RUNNER = CliRunner()


def _json(*arguments: str) -> dict[str, object]:
    result = RUNNER.invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def _text(*arguments: str) -> str:
    result = RUNNER.invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    assert INTENDED_USE in result.stdout
    return result.stdout


def test_ask_json_names() -> None:
    answer = _json("ask", "are insulinomas malignant?")
    assert {"software", "intended_use", "claims", "conflicts", "sources", "answer"} <= set(answer)
    assert answer["claims"]


def test_ask_says_that_it_does_not_know() -> None:
    answer = _json("ask", "what is the weather?")
    assert answer["claims"] == []
    assert "not in the evidence base" in answer["answer"]
    assert "not in the evidence base" in _text("ask", "what is the weather?")


def test_ask_in_words() -> None:
    text = _text("ask", "how long does relief after embolization last?")
    assert "S1 line 171" in text
    assert "The sources disagree (C-04)" in text
    assert "no medical advice" in text


@pytest.mark.parametrize(
    ("command", "key", "least"),
    [("treatments", "treatments", 27), ("outcomes", "outcomes", 200), ("conflicts", "conflicts", 15)],
)
def test_lists(command: str, key: str, least: int) -> None:
    assert len(_json(command)[key]) >= least
    assert _text(command)


def test_outcomes_of_one_treatment() -> None:
    found = _json("outcomes", "--treatment", "prrt")["outcomes"]
    assert {item["treatment"] for item in found} == {"prrt"}
    assert found[0]["citation"]


def test_an_unknown_treatment_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="Did you mean 'diazoxide'"):
        RUNNER.invoke(app, ["outcomes", "--treatment", "diazoxid"], catch_exceptions=False)


def test_output_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "conflicts.json"
    result = RUNNER.invoke(app, ["conflicts", "--json", "-o", str(target)], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert json.loads(target.read_text(encoding="utf-8"))["conflicts"]
