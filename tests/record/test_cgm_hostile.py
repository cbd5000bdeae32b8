from __future__ import annotations

import importlib.util
import tracemalloc
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.errors import Fault, InputError
from insulinoma.record.io.cgm import read_cgm, read_cgm_persons

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "cgm"
GOOD = b"time,glucose_mg_dl\n2024-01-01 10:00,80\n2024-01-01 10:05,81\n"


def faults_of(tmp_path: Path, data: bytes, name: str = "bad.csv") -> list[Fault]:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_cgm_persons(path)
    return caught.value.faults


def test_all_faults_at_once_each_with_its_line(tmp_path: Path) -> None:
    rows = [b"2024-01-01 10:10,abc", b"2024-02-30 10:15,80", b"2024-01-01 10:20,-5", b"2024-01-01 10:25,1e308",
            b"2024-01-01 10:30", b"0001-01-01 10:35,nan"]  # fmt: skip
    faults = faults_of(tmp_path, GOOD + b"\n".join(rows) + b"\n")
    assert [fault.line for fault in faults] == [4, 5, 6, 7, 8, 9, 9]
    assert str(faults[0]).endswith(
        "bad.csv:4 glucose: 'abc' is not a glucose. Expected a number in mg/dL, Low or High."
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"\n\n\n", "format"),
        (b"time,glucose_mg_dl\n", "empty"),
        (b"time,glucose_mg_dl\n2024-01-01 10:00,\n", "empty"),
        (b"hello world\n1,2,3\n", "format"),
        (bytes(range(256)) * 40, "encoding"),
        (GOOD + b"2024-01-01 10:10,\x00\n", "binary"),
        (GOOD + b"2024-01-01 10:10,8\xff0\n", "encoding"),
        (b"\xff\xfe" + b"t\x00i\x00m", "encoding"),
        (b"PK\x03\x04" + b"0" * 100, "spreadsheet"),
        (b'time,glucose_mg_dl\n"2024-01-01 10:00,80\n', "quotes"),
        (b'[{"date": 1710349320000, "sgv": 120}, {"date": 17', "json"),
        (b'[{"date": 1710349320000, "sgv": 120}', "json"),
        (b'[{"date": 1710349320000, "sgv": 120}] tail', "json"),
        (b"[" * 100_000, "json"),
        (b'{"a":' * 100_000, "json"),
        (b'[{"date": ' + b"1" * 5000 + b', "sgv": 100}]', "json"),
        (b'[{"date": 1710349320000, "sgv": 1e999}]', "glucose"),
        (b'[{"date": 1710349320000, "sgv": NaN}]', "glucose"),
        (b'[{"date": -62135596800000, "sgv": 100}]', "time"),
        (b'[{"date": 253402300799000, "sgv": 100}]', "time"),
        (b'[{"date": "yesterday", "sgv": 100}]', "time"),
        (b"[1, 2, 3]", "entry"),
        (b"[]", "empty"),
    ],
)
def test_hostile_files_give_faults(tmp_path: Path, data: bytes, kind: str) -> None:
    faults = faults_of(tmp_path, data)
    assert faults[0].kind == kind
    assert all(len(str(fault)) < 1000 for fault in faults)


def test_bom_crlf_cr_and_utf16_are_no_faults(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    text = GOOD.decode()
    for data in (
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        text.encode("utf-16"),
    ):
        path.write_bytes(data)
        assert read_cgm(path).values.tolist() == [80, 81]


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(InputError, match="the file has 100 MB"):
        read_cgm(path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_hundred_thousand_bad_rows_are_counted_not_listed(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, b"time,glucose_mg_dl\n" + b"x,y\n" * 100_000)
    assert len(faults) == 1001
    assert "199000 more faults" in faults[0].problem


def test_rows_a_century_apart_are_read(tmp_path: Path) -> None:
    path = tmp_path / "far.csv"
    path.write_bytes(GOOD + b"2099-01-01 10:05,81\n")
    assert read_cgm(path).minutes[-1] > 3e7


def test_a_long_line_does_not_stop_the_search_for_a_header(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"#" * 1_000_000 + b"\n" + GOOD)
    assert read_cgm(path).values.tolist() == [80, 81]


@pytest.fixture(scope="module")
def fuzzer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_cgm", ROOT / "scripts" / "fuzz_cgm.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_mutated_exports_give_a_series_or_faults(fuzzer: ModuleType) -> None:
    files = sorted(path for path in DATA.iterdir() if path.suffix in (".csv", ".json"))
    seen = fuzzer.fuzz(files, 400, 7)
    assert seen["faults"] > 50
    assert seen["series"] > 50


@given(st.binary(max_size=300))
def test_any_bytes_give_a_series_or_faults(
    fuzzer: ModuleType, tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    assert fuzzer.outcome(path) in ("faults", "series")


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=12)), max_size=8))
def test_any_cells_give_a_series_or_faults(
    fuzzer: ModuleType, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "cells"
    text = "time,glucose_mg_dl\n" + "\n".join(f"{a},{b}" for a, b in rows)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert fuzzer.outcome(path) in ("faults", "series")
