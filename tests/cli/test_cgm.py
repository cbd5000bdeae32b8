from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from insulinoma.cli import main

DATA = Path(__file__).parents[1] / "data" / "cgm"
DEXCOM = str(DATA / "dexcom_mg_dl.csv")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["cgm", *arguments])
    captured = capsys.readouterr()
    code = ended.value.code
    assert isinstance(code, int)
    return code, captured.out, captured.err


def test_text_of_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, DEXCOM)
    assert (code, err) == (0, "")
    assert "576 readings every 5 min in mg/dL, 2024-03-13 18:02 to 2024-03-15 17:57" in out
    assert "MAGE, moving-average version" in out
    assert "level1      115 min, lowest <=40.0 mg/dL" in out
    assert out.count("Research and education only") == 1


def test_text_in_millimoles(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, DEXCOM, "--glucose-unit", "mmol/L")
    assert "mean glucose                       6.24 mmol/L" in out


def test_json_of_one_file_holds_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, DEXCOM, "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert result["episodes"]["level2"]["count"] == 1
    assert result["tbr_below_54_percent"] == pytest.approx(100 * 16 / 576)
    assert result["modd_mg_dl"] > 0


def test_json_of_several_files(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, DEXCOM, str(DATA / "carelink_eu.csv"), "--json")
    result = json.loads(out)
    assert [one["unit_reported"] for one in result["series"]] == ["mg/dL", "mmol/L"]
    assert set(result["definitions"]) == {"mg/dL", "mmol/L"}


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_with_one_row_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str) -> None:
    if ending == "parquet":
        pytest.importorskip("polars")
    target = tmp_path / f"table.{ending}"
    files = [str(path) for path in sorted(DATA.glob("*.csv"))]
    code, out, err = run(capsys, *files, "-o", str(target))
    assert (code, out, err) == (0, "", f"wrote {target}\n")
    if ending == "csv":
        rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
        assert [row["file"] for row in rows] == files
        assert {row["level1_count"] for row in rows} == {"1"}
    else:
        assert target.read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_figure_with_its_tables(capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str) -> None:
    target = tmp_path / "out" / f"agp.{ending}"
    code, _, err = run(capsys, DEXCOM, "-o", str(target))
    assert code == 0
    assert err.count("wrote ") == 4
    assert target.stat().st_size > 10_000
    profile = list(csv.DictReader((tmp_path / "out" / "agp_profile.csv").read_text(encoding="utf-8").splitlines()))
    assert len(profile) == 96
    assert profile[0]["clock"] == "00:00"
    assert len((tmp_path / "out" / "agp_readings.csv").read_text(encoding="utf-8").splitlines()) == 577
    first = target.read_bytes()
    run(capsys, DEXCOM, "-o", str(target))
    assert target.read_bytes() == first


def test_faults_of_all_files_at_once_and_no_partial_result(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("time,glucose_mg_dl\n2024-01-01 10:00,x\n", encoding="utf-8")
    target = tmp_path / "table.csv"
    code, out, err = run(capsys, str(tmp_path / "a.csv"), DEXCOM, str(tmp_path / "b.csv"), "-o", str(target))
    assert (code, out) == (1, "")
    assert "a.csv:2 glucose" in err
    assert "b.csv:2 glucose" in err
    assert not target.exists()


def test_times_of_day_alone_name_the_option(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text("time,gl\n23:55,80\n00:00,81\n00:05,82\n", encoding="utf-8")
    code, out, err = run(capsys, str(path), "--json")
    assert (code, out) == (1, "")
    assert "--start-date" in err
    code, out, _ = run(capsys, str(path), "--json", "--start-date", "2024-01-01")
    assert (code, json.loads(out)["last"]) == (0, "2024-01-02 00:05")


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.csv"], [], [DEXCOM, "-o", "x.docx"], [DEXCOM, DEXCOM, "-o", "x.png"], [DEXCOM, "--exclude", "lows"],
     [DEXCOM, "--start-date", "tomorrow"], [DEXCOM, "--format", "dexkom"]],
)  # fmt: skip
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, out, _ = run(capsys, *arguments)
    assert (code, out) == (2, "")


def test_the_command_imports_no_figure_library_for_text() -> None:
    script = (
        "import sys; from insulinoma.cli import main\n"
        f"try: main(['cgm', {DEXCOM!r}, '--json'])\n"
        "except SystemExit: pass\n"
        "print('matplotlib' in sys.modules, 'polars' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "False False"
