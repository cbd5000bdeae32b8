from __future__ import annotations

import json
from pathlib import Path

import pytest

from insulinoma.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["plot", *arguments])
    captured = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, captured.out, captured.err


def test_plot_writes_an_svg_into_the_current_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys)[0] == 0
    assert (tmp_path / "clinical-course.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_plot_prints_the_table_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--json", "--glucose-unit", "mmol/L")
    result = json.loads(out)
    assert code == 0
    glucose = [row for row in result["rows"] if row["key"] == "glucose-second-hospital"]
    assert glucose[0]["shown_value"] == pytest.approx(2.997, abs=5e-4)


def test_plot_refuses_other_widths_and_endings(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "--width", "100")
    assert (code, "Expected 85 or 180" in err) == (2, True)
    code, _, err = run(capsys, "-o", str(tmp_path / "course.docx"))
    assert (code, ".svg, .png, .html or .csv" in err) == (2, True)
