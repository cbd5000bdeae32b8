"""The command from end to end, on the batch engine: files, report, resumed run, plan."""

from __future__ import annotations

import json
from pathlib import Path

import polars
import pytest
import yaml
from pypdf import PdfReader

from insulinoma.cli import main
from insulinoma.cohort.reading import file_text

SMALL = "small.yaml"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["trial", *arguments])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A trial of a week, in which diazoxide is stopped where glucose has risen."""
    data = yaml.safe_load(file_text("diazoxide-octreotide", "trials"))
    rule = {"name": "enough", "when": {"quantity": "glucose_mean", "rises_by": "5 %"}, "stop": ["diazoxide"]}
    data["arms"] = [data["arms"][0], {**data["arms"][1], "rules": [rule]}]
    data["arms"][1]["regimen"][0]["times"] = 18
    data |= {"follow_up": "6 d", "size": 6, "real_sizes": [10, 20]}
    data["endpoints"] = [{**item, "from": "1 d"} for item in data["endpoints"]]
    path = tmp_path_factory.mktemp("trial") / SMALL
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(small) -> Path:
    folder = small.parent / "out"
    assert run(str(small), "-o", str(folder), "--workers", "1") == 0
    return folder


def rows_in(folder: Path) -> polars.DataFrame:
    return polars.read_parquet(folder / "pieces" / "*" / "*.parquet")


def test_rows_are_those_of_six_patients_twice(folder) -> None:
    rows = rows_in(folder)
    assert rows.shape[0] == 12
    assert (rows["failure"] == "").all()
    assert rows["below-54"].is_between(0, 100).all()
    untreated, treated = (rows.filter(polars.col("arm") == name) for name in ("none", "diazoxide"))
    assert treated["below-70"].mean() < untreated["below-70"].mean()
    assert untreated["deeds"].list.len().sum() == 0
    assert treated["deeds"].list.len().max() == 1


def test_the_report_has_every_picture_and_every_number(folder) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for name in ("subgroups", "power", "differences", "stays", "curve-control"):
        assert (folder / f"{name}.png").stat().st_size > 5000
        assert f'href="{name}.csv"' in page
        assert len(polars.read_csv(folder / f"{name}.csv", infer_schema=False))
    assert "Research and education only" in page
    text = "".join(sheet.extract_text() for sheet in PdfReader(folder / "report.pdf").pages)
    assert "Diazoxide, octreotide, or both" in text
    contrasts = polars.read_csv(folder / "contrasts.csv")
    rows = rows_in(folder).pivot("arm", index="patient", values="below-54")
    assert contrasts["difference"][0] == pytest.approx((rows["diazoxide"] - rows["none"]).mean())


def test_the_crate_tells_inputs_hashes_versions_and_seed(folder) -> None:
    import hashlib

    graph = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    entities = {item["@id"]: item for item in graph}
    action = entities["#run"]
    assert action["@type"] == "CreateAction"
    assert "seed: 1" in action["description"]
    assert {item["@id"] for item in action["object"]} == {"trial.yaml", "population.yaml"}
    for name in ("trial.yaml", "report.html", "contrasts.csv", "pieces.log"):
        assert entities[name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert entities["#insulinoma"]["version"]


def test_a_finished_trial_is_resumed_without_a_change(small, folder, capsys) -> None:
    before = rows_in(folder)
    assert run(str(small), "-o", str(folder), "--workers", "1", "--resume", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["redone"] == []
    assert told["contrasts"][0]["patients"] == 6
    assert rows_in(folder).equals(before)


def test_a_folder_that_holds_a_trial_is_not_written_over(small, folder, capsys) -> None:
    assert run(str(small), "-o", str(folder)) == 2
    assert "--resume" in capsys.readouterr().err


def test_the_plan_of_a_billion_patients_runs_nothing(small, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(str(small), "--dry-run", "--patients", "1000000000", "--json") == 0
    plan = json.loads(capsys.readouterr().out)["plan"]
    assert plan["patients"] == 10**9
    assert plan["pieces"] * plan["patients_a_piece"] >= 10**9
    assert plan["patient_days"] == 10**9 * (2 * 6 + 7)
    assert plan["core_hours"] == pytest.approx(plan["seconds_a_patient"] * 1e9 / 3600)
    assert plan["bytes"] > 10**10
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no-such-trial"], 2, "no shipped one of that name"),
        (["null", "--patients", "1000000000000"], 2, "cannot be simulated"),
        (["null", "--workers", "2", "--cluster", "tcp://127.0.0.1:9"], 2, "both given"),
    ],
)
def test_wrong_usage(arguments, code, words, capsys) -> None:
    assert run(*arguments) == code
    assert words in capsys.readouterr().err


def test_three_patients_are_the_first_three_of_six(small, folder, tmp_path) -> None:
    assert run(str(small), "-o", str(tmp_path / "three"), "--patients", "3", "--workers", "1") == 0
    three = rows_in(tmp_path / "three")
    assert three.equals(rows_in(folder).filter(polars.col("patient") < 3))
