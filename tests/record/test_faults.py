from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.errors import Fault, InputError
from insulinoma.record.io.yaml import parse_yaml, read_yaml, repeated
from insulinoma.record.load import read_case
from insulinoma.record.tree import LARGEST_FILE
from insulinoma.record.validate import validate

PLANTED = Path(__file__).parent / "data" / "thirty-faults.yaml"

EXPECTED = {
    "id": "text", "chart": "text", "years": "range", "sex": "choice", "second-death": "second death",
    "round-a": "circular time", "primary": "unknown name", "wrong-unit": "wrong unit", "micro-gram": "wrong unit",
    "glucose-in-mmol": "unbelievable", "no-unit": "missing unit", "comma": "number", "unknown-analyte": "unknown name",
    "nothing": "no value", "both": "two values", "backwards": "reversed interval", "negative": "negative",
    "percent": "unbelievable", "no-source": "missing field", "wrong-document": "unknown document",
    "lines-reversed": "lines", "when-tuesday": "time", "after-death": "after death", "a-date": "date beside days",
    "twice": "duplicate id", "no-lesion": "unknown lesion", "extra": "unknown field", "half-b": "sample at two times",
    "open-quote": "syntax", "no-means-no": "yes or no", "lost-reference": "unknown fact", "grade-nine": "range",
    "octreotide": "dose beyond any label", "unknown-drug": "unknown name", "stop-first": "stop before start",
    "gigabecquerel": "unit", "response": "choice", "one-side": "length", "ghost": "unknown fact", "manuscript": "type",
}  # fmt: skip


@pytest.fixture(scope="module")
def faults() -> list[Fault]:
    record, found = validate(read_yaml(PLANTED))
    assert record is None
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_each_planted_fault_is_found_at_its_line(faults: list[Fault], name: str) -> None:
    lines = PLANTED.read_text().split("\n")
    at = [fault for fault in faults if any(name in lines[fault.line - 1 - back] for back in range(3))]
    assert any(EXPECTED[name] in fault.kind for fault in at), [str(fault) for fault in at]


def test_faults_are_of_thirty_kinds_and_none_is_spurious(faults: list[Fault]) -> None:
    assert len({fault.kind for fault in faults}) >= 30
    assert len(faults) <= len(EXPECTED) + 3, "\n".join(map(str, faults))


def test_every_fault_says_where_what_and_what_was_expected(faults: list[Fault]) -> None:
    for fault in faults:
        assert fault.file == "thirty-faults.yaml"
        assert fault.line > 0
        assert fault.problem
        assert fault.expected or fault.remedy
        assert "Traceback" not in str(fault)
        assert "pydantic" not in str(fault)


def test_a_typing_error_is_met_with_the_nearest_name(faults: list[Fault]) -> None:
    remedies = {fault.kind + str(fault.line): fault.remedy for fault in faults}
    assert any("'diazoxide'" in remedy for remedy in remedies.values())
    assert any("'primary'" in remedy for remedy in remedies.values())
    assert any("micrograms" in remedy for remedy in remedies.values())
    assert any("mmol/L" in remedy for remedy in remedies.values())


def test_an_unknown_field_is_met_with_the_fields_of_its_own_place() -> None:
    text = "schema: insulinoma-case/1\nid: a\ntitle: a\ndocuments: {c: {kind: k, sha265: x}}\npatient: {aeg: 4}\n"
    _, faults = validate(parse_yaml(text, "typo.yaml"))
    assert [fault.expected for fault in faults] == ["one of kind, citation, file, sha256, note", "one of age, sex"]
    assert "'sha256'" in faults[0].remedy


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\x00broken", "encoding"),
        (b"id: x\x00y", "control character"),
        (b"[" * 100_000, "nesting"),
        (b"- " * 5_000, "nesting"),
        (b"a: &a [*a]\n", "alias bomb"),
        (b"a: !!python/object/apply:os.system ['true']\n", "tag"),
        (b"a: 1\na: 2\n", "duplicate key"),
        (b"just a text", "type"),
        (b"", "type"),
        (b"{" * 39 + b"}" * 39, "field name"),
    ],
)
def test_hostile_files_give_a_fault(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(content)
    try:
        _, faults = validate(read_case(path))
    except InputError as error:
        faults = error.faults
    assert kind in {fault.kind for fault in faults}, faults


def test_a_bomb_of_aliases_costs_no_time() -> None:
    layers = "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9))
    tree = parse_yaml("a: &a [x,x,x,x,x,x,x,x,x]\n" + layers, "bomb.yaml")
    assert [fault.kind for fault in tree.faults] == ["alias bomb"]
    assert tree.data is None


def test_aliases_are_counted_without_expanding_them() -> None:
    doubled = "".join(f"- &n{i} [*n{i - 1}, *n{i - 1}]\n" for i in range(1, 400))
    root = yaml.compose("- &n0 x\n" + doubled, Loader=yaml.SafeLoader)
    assert repeated(root) > 10_000
    few = parse_yaml("a: &a {x: 1, y: 2}\nb: *a\n", "few.yaml")
    assert few.faults == []
    assert few.data == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}}


@pytest.mark.parametrize("text", ["- a\n" * 900_000, "x: [" + "1," * 300_000 + "]"])
def test_a_text_of_too_many_values_is_not_parsed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delattr(yaml, "compose")
    tree = parse_yaml(text, "long.yaml")
    assert [fault.kind for fault in tree.faults] == ["size"]
    assert "at most 100,000" in tree.faults[0].expected


def test_a_long_text_is_not_parsed_anew_for_each_of_its_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    compose, parsed = yaml.compose, list[int]()
    monkeypatch.setattr(yaml, "compose", lambda text, Loader: parsed.append(len(text)) or compose(text, Loader))
    tree = parse_yaml("x:\n" + "- a\n" * 30_000 + "- a: b: c\n" * 20, "long.yaml")
    assert len(parsed) == len([fault for fault in tree.faults if fault.kind == "syntax"]) == 3


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert path.stat().st_size > LARGEST_FILE
    with pytest.raises(InputError, match="the file has 50 MiB"):
        read_case(path)


def test_a_missing_name_is_told_with_the_shipped_cases() -> None:
    from insulinoma.errors import UsageError

    with pytest.raises(UsageError, match="Did you mean 'muro-2014'"):
        read_case("muro2014")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    tree = parse_yaml(text, "any.yaml")
    record, faults = validate(tree)
    assert record is None
    assert faults
