"""Records over HTTP: the same names and numbers as the commands, faults by line, hostile files refused."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from insulinoma.app.records import Records
from insulinoma.app.workspace import Workspace
from insulinoma.cli import main
from insulinoma.data import read_text
from insulinoma.record.io.csv import write_csv
from insulinoma.record.io.formats import as_text, export
from insulinoma.record.load import load_case
from tests.app.conftest import Live

CASE = read_text("cases", "muro-2014.yaml")
XSS = "<img src=x onerror=alert(1)>"


def command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with pytest.raises(SystemExit):
        main([*arguments, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def send(client: httpx.Client, *files: tuple[str, str | bytes]) -> Any:
    return client.post("/api/v1/records", files=[("files", file) for file in files])


@pytest.mark.parametrize("unit", ["mg/dL", "mmol/L"])
def test_an_assessment_is_that_of_the_command(
    client: httpx.Client, unit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/api/v1/records/muro-2014/assess", params={"glucose_unit": unit}).json()
    asked = command("assess", "--glucose-unit", unit, capsys=capsys)
    assert {key: asked[key] for key in answer} == answer
    assert set(asked) - set(answer) == {"software"}


def test_the_course_holds_the_rows_of_the_command(client: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    rows = client.get("/api/v1/records/muro-2014/course").json()["rows"]
    asked = command("plot", capsys=capsys)["rows"]
    assert [{key: row[key] for key in asked[0]} for row in rows] == asked


def test_every_fact_says_where_it_stands(client: httpx.Client) -> None:
    opened = client.get("/api/v1/records/muro-2014").json()
    lines = opened["text"].splitlines()
    fact = next(item for item in opened["facts"] if item["id"] == "glucose-second-hospital")
    assert (fact["sources"][0]["first_line"], fact["sources"][0]["last_line"]) == (45, 46)
    assert fact["sources"][0]["citation"].startswith("Muro S")
    assert lines[fact["line"] - 1] == "- id: glucose-second-hospital"
    assert fact["excerpt"].splitlines()[-1].strip().startswith("inventory")
    assert len(opened["facts"]) == len(list(load_case().facts()))


@pytest.mark.parametrize("form", ["yaml", "fhir", "phenopacket"])
def test_a_record_comes_in_as_it_went_out(client: httpx.Client, form: str) -> None:
    written = client.get(f"/api/v1/records/muro-2014/convert/{form}")
    if form == "yaml":
        assert written.text == as_text(export(load_case(), "yaml"), "yaml")
    added = send(client, (f"record.{'yaml' if form == 'yaml' else 'json'}", written.content))
    assert added.status_code == 201, added.text
    name = added.json()["id"]
    back = client.get(f"/api/v1/records/{name}/assess").json()
    assert back["criteria"] == client.get("/api/v1/records/muro-2014/assess").json()["criteria"]


def test_tables_come_in_as_files_or_as_zip(client: httpx.Client, tmp_path: Path) -> None:
    from insulinoma.record.io.plain import plain

    tables = write_csv(plain(load_case()), tmp_path)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in tables:
            archive.write(path, f"folder/{path.name}")
    files = [(path.name, path.read_bytes()) for path in tables]
    for sent in (send(client, *files), send(client, ("case.zip", packed.getvalue()))):
        assert sent.status_code == 201, sent.text
        assert sent.json()["check"]["record"]["facts"]["measurements"] == 15


def test_all_faults_of_an_upload_are_told_with_their_lines(client: httpx.Client) -> None:
    faulty = CASE.replace("value: 54\n  unit: mg/dL", "value: 54\n  unit: mg/L", 1).replace(
        "analyte: insulin", "analyte: insulinn", 1
    )
    answer = send(client, ("case.yaml", faulty))
    assert answer.status_code == 422
    faults = answer.json()["faults"]
    lines = faulty.splitlines()
    assert len(faults) >= 2
    assert any("mg/L" in lines[fault["line"] - 1] for fault in faults)
    assert any("insulinn" in lines[fault["line"] - 1] for fault in faults)
    assert len(client.get("/api/v1/records").json()["records"]) == 1


def test_an_upload_survives_a_restart_and_can_be_removed(client: httpx.Client, server: Live) -> None:
    name = send(client, ("case.yaml", CASE)).json()["id"]
    assert Records(Workspace(server.workspace.folder)).open(name).record == load_case()
    assert client.delete(f"/api/v1/records/{name}").status_code == 204
    assert client.get(f"/api/v1/records/{name}").status_code == 404
    assert client.delete("/api/v1/records/muro-2014").status_code == 404


def test_a_draft_is_checked_as_its_file_would_be(client: httpx.Client, tmp_path: Path) -> None:
    data = {
        "schema": "insulinoma-case/1", "id": "a", "title": "T", "documents": {"source": {"kind": "chart"}},
        "measurements": [{"analyte": "glucose", "value": 54, "unit": "mg/dL", "when": "day 1", "source": "source:1"}],
    }  # fmt: skip
    answer = client.post("/api/v1/drafts", json={"data": data}).json()
    assert answer["valid"]
    path = tmp_path / "a.yaml"
    path.write_text(answer["text"])
    assert load_case(path).measurements[0].value == 54
    data["measurements"][0]["unit"] = "mg"  # type: ignore[index]
    faults = client.post("/api/v1/drafts", json={"data": data}).json()["faults"]
    assert [fault["path"] for fault in faults] == ["measurements[0].unit"]


def test_text_that_is_markup_stays_text(client: httpx.Client) -> None:
    marked = CASE.replace("title: Malignant", f"title: {XSS} Malignant").replace(
        "cause: loss of consciousness", f"cause: '{XSS}'"
    )
    added = send(client, (f"{XSS}.yaml", marked))
    assert added.headers["content-type"] == "application/json"
    name = added.json()["id"]
    assert XSS in client.get(f"/api/v1/records/{name}/course").json()["title"]
    picture = client.get(f"/api/v1/records/{name}/course.svg")
    assert "<img" not in picture.text
    assert picture.headers["content-disposition"].startswith("attachment")


def test_file_names_lead_nowhere(client: httpx.Client) -> None:
    for name in ("../../../../tmp/x.yaml", "C:\\windows\\x.yaml", "/etc/passwd", "a" * 400 + ".yaml", "x\x07.yaml"):
        shown = send(client, (name, CASE)).json()["check"]["file"]
        assert "/" not in shown
        assert "\\" not in shown
        assert len(shown) <= 120


def bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.csv", b"0" * (32 * 1024 * 1024))
    return packed.getvalue()


def many_files() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(500):
            archive.writestr(f"{number}.csv", "x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", bomb()),
        ("many.zip", many_files()),
        ("broken.zip", bomb()[:200] + bomb()[-200:]),
        ("climb.zip", b"PK\x05\x06" + b"\0" * 18),
        ("bomb.yaml", "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))),
        ("deep.yaml", "[" * 100_000),
        ("deep.json", '{"a":' * 100_000),
        ("tag.yaml", "!!python/object/apply:os.system ['touch /tmp/owned']"),
        ("binary.yaml", bytes(range(256)) * 100),
        ("empty.yaml", ""),
        ("nothing.csv", "a,b\n1,2\n"),
        ("unknown.json", '{"a": 1}'),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(
    client: httpx.Client, server: Live, name: str, content: str | bytes
) -> None:
    answer = send(client, (name, content))
    assert answer.status_code == 422, answer.text
    faults = answer.json()["faults"]
    assert faults
    assert all(fault["problem"] and fault["file"] for fault in faults)
    assert not list(server.workspace.folder.glob("upload-*"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("long.yaml", "- a\n" * 900_000),
        ("long.json", '{"resourceType": "Bundle", "entry": [' + "{}," * 400_000 + "{}]}"),
    ],
    ids=["yaml", "json"],
)
def test_a_file_of_too_many_values_is_refused_unread(client: httpx.Client, name: str, content: str) -> None:
    answer = send(client, (name, content))
    assert answer.status_code == 422
    assert [fault["kind"] for fault in answer.json()["faults"]] == ["size"]
