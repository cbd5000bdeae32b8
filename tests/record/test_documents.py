from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from insulinoma.record.damage import number_pattern, passages, repair
from insulinoma.record.documents import Verification, verify
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import load_case
from insulinoma.record.printed import numbers_of
from insulinoma.record.validate import build_record


def verified(data: dict[str, Any], folder: Path) -> Verification:
    tree = parse_yaml(write_yaml(data), "case.yaml")
    return verify(build_record(tree), tree, folder)


def index_case() -> dict[str, Any]:
    return plain(load_case())


def item(data: dict[str, Any], name: str) -> dict[str, Any]:
    for section in data.values():
        for entry in section if isinstance(section, list) else []:
            if entry.get("id") == name:
                found: dict[str, Any] = entry
                return found
    raise KeyError(name)


def test_every_number_of_the_index_case_stands_at_its_lines(seeds: Path) -> None:
    result = verified(index_case(), seeds)
    assert result.faults == []
    numbers = [number for _, fact in load_case().facts() for number in numbers_of(fact)]
    assert result.numbers == len(numbers) == 25


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("glucose-second-hospital", "value", 55),
        ("insulin-second-hospital", "value", 67.4),
        ("ki67", "value", 29),
        ("tae-left", "when", "day 23"),
        ("death", "when", "day 159"),
        ("pain", "duration", "7 months"),
        ("ct-after-tae", "when", "6 weeks after tae-right or tae-left"),
    ],
)
def test_a_changed_number_is_told(seeds: Path, name: str, field: str, value: object) -> None:
    data = index_case()
    item(data, name)[field] = value
    faults = verified(data, seeds).faults
    assert faults, "the changed number went unseen"
    assert {fault.kind for fault in faults} <= {"changed number", "wrong line"}


@pytest.mark.parametrize("name", ["glucose-second-hospital", "nse-second-hospital", "ki67", "primary-size", "death"])
def test_a_wrong_line_is_told_with_the_right_one(seeds: Path, name: str) -> None:
    data = index_case()
    item(data, name)["source"] = "muro2014:25-26"
    faults = verified(data, seeds).faults
    assert [fault.kind for fault in faults] == ["wrong line"]
    assert "stands on line" in faults[0].remedy


def test_a_line_beyond_the_end_is_told(seeds: Path) -> None:
    data = index_case()
    item(data, "death")["source"] = "muro2014:9000"
    assert "line outside" in {fault.kind for fault in verified(data, seeds).faults}


def test_a_changed_unit_is_told(seeds: Path) -> None:
    data = index_case()
    item(data, "primary-size").update(value=2.7, unit="mm")
    assert [fault.kind for fault in verified(data, seeds).faults] == ["changed unit"]


def test_a_changed_document_is_told(seeds: Path, tmp_path: Path) -> None:
    name = "000_27a179e0481a8a47.txt"
    (tmp_path / name).write_bytes((seeds / name).read_bytes().replace(b"6.3ng/mL", b"6.8ng/mL"))
    faults = verified(index_case(), tmp_path).faults
    assert {fault.kind for fault in faults} == {"changed document", "changed number", "wrong line"}


def test_a_missing_document_is_told(tmp_path: Path) -> None:
    assert [fault.kind for fault in verified(index_case(), tmp_path).faults] == ["missing document"]


def test_damage_of_the_printed_page_is_repaired(seeds: Path) -> None:
    text = repair((seeds / "000_27a179e0481a8a47.txt").read_text(encoding="utf-8"))
    for damaged in ("27%", "5.4%", "(54mg/dL)", "67.5uU/mL", "(53.7U/mL)", "64-93%"):
        assert damaged in text
    assert "\uff75" not in text
    assert "\u00b5" not in text


def test_quotes_are_found_through_hyphens_and_captions(seeds: Path) -> None:
    lines = (seeds / "000_27a179e0481a8a47.txt").read_text(encoding="utf-8").split("\n")
    across_a_caption = repair("\n".join(lines[102:114]))
    soft, hard = "octreotide may aggravate hypoglycemia", "ring-shaped enhancement"
    assert any("Moreover, octreotide may aggravate" in reading for reading in passages(across_a_caption))
    assert any(soft in reading for reading in passages(across_a_caption))
    assert any(hard in reading for reading in passages(repair("\n".join(lines[104:108]))))
    soft_hyphen = repair("\n".join(lines[65:69]))
    assert any("hypoglycemic episodes occurred" in reading for reading in passages(soft_hyphen))


def test_a_quote_of_a_users_document_is_verified(tmp_path: Path) -> None:
    (tmp_path / "chart.txt").write_text("Seen in clinic.\nPlasma glucose was 41 mg/\ndL in the morn-\ning.\n")
    case = {
        "schema": "insulinoma-case/1", "id": "quoted", "title": "a quote",
        "documents": {"chart": {"kind": "chart", "file": "chart.txt"}},
        "measurements": [
            {"id": "g", "analyte": "glucose", "value": 41, "unit": "mg/dL",
             "source": {"at": "chart:2-4", "quote": "glucose was 41 mg/dL in the morning"}}
        ],
    }  # fmt: skip
    assert verified(case, tmp_path).faults == []
    case["measurements"][0]["source"]["quote"] = "glucose was 42 mg/dL"  # type: ignore[index]
    assert [fault.kind for fault in verified(case, tmp_path).faults] == ["quote not found"]


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        (54, "54mg", True), (54, "154 mg", False), (54, "5.54", False), (54, "54.5", False), (54, "54.0 mg", True),
        (6.3, "6,3 ng", True), (6.3, "16.3", False), (10000, "10,000 copies", True), (3, "three courses", True),
        (27, "27%", True), (2, "2-month", True), (0.5, "0.5", True), (12, "days 12 and 22", True),
    ],
)  # fmt: skip
def test_numbers_are_found_as_printed(value: float, text: str, found: bool) -> None:
    assert bool(number_pattern(value).search(text)) is found
