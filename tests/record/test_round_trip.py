from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from insulinoma.quantities import analytes
from insulinoma.record.io.csv import read_csv, write_csv
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml, write_yaml
from insulinoma.record.load import load_case
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record
from insulinoma.record.vocabulary import terms

texts = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).filter(lambda text: text.strip() == text and text != "")
whens = st.sampled_from(
    [
        "unknown",
        "day 3",
        "day 3 08:15",
        "days 2 to 9",
        "after day 4",
        "between day 2 and day 5",
        "day 4 or 8",
        "from day 6",
    ]
)
sources = st.sampled_from(
    ["chart:4", "chart:4-9", "chart p. 3", "chart", ["chart:1", "chart p. 2"], {"at": "chart:4", "quote": "x: 'y', 2"}]
)


@st.composite
def measurements(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from([kind for kind in analytes().values() if kind.canonical.factor]))
    low, high = max(kind.lowest, 0), kind.highest
    number = st.floats(low, high, allow_subnormal=False).map(lambda value: float(f"{value:.6g}"))
    form = draw(st.sampled_from(["value", "below", "above", "between", "direction", "statement"]))
    item: dict[str, Any] = {"analyte": kind.name, "when": draw(whens), "source": draw(sources)}
    if form == "between":
        item["between"] = sorted([draw(number), draw(number)])
    elif form in ("direction", "statement"):
        item[form] = {"direction": "decreased", "statement": "normal"}[form]
    else:
        item[form] = draw(number)
    if form not in ("direction", "statement"):
        item["unit"] = kind.canonical.symbol
    return item | draw(st.fixed_dictionaries({}, optional={"note": texts, "condition": texts}))


findings = st.fixed_dictionaries(
    {"finding": st.sampled_from(sorted(terms("findings"))), "source": sources, "when": whens},
    optional={
        "present": st.booleans(),
        "circumstances": texts,
        "duration": st.just("2 months"),
        "count": st.just("multiple"),
    },
)
records = st.fixed_dictionaries(
    {
        "schema": st.just("insulinoma-case/1"),
        "id": st.just("any"),
        "title": texts,
        "documents": st.just({"chart": {"kind": "chart"}}),
        "measurements": st.lists(measurements(), max_size=6),
        "findings": st.lists(findings, max_size=4),
    },
    optional={
        "patient": st.just({"age": {"years": 45, "source": "chart:1"}}),
        "clock": st.just({"day_zero": "admission"}),
    },
)


def through_yaml(record: CaseRecord) -> CaseRecord:
    return build_record(parse_yaml(write_yaml(plain(record)), "again.yaml"))


def through_csv(record: CaseRecord) -> CaseRecord:
    with TemporaryDirectory() as folder:
        write_csv(plain(record), Path(folder))
        return build_record(read_csv(Path(folder)))


def test_the_index_case_survives_both_formats() -> None:
    case = load_case()
    assert through_yaml(case) == case
    assert through_csv(case) == case


@given(records)
def test_yaml_loses_nothing(data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    assert through_yaml(record) == record


@given(records)
def test_csv_loses_nothing(data: dict[str, Any]) -> None:
    record = CaseRecord.model_validate(data)
    assert through_csv(record) == record


def test_a_text_that_a_spreadsheet_would_run_is_quoted(tmp_path: Path) -> None:
    case = load_case()
    claim = case.claims[0].model_copy(update={"claim": "=HYPERLINK(1)"})
    write_csv(plain(case.model_copy(update={"claims": (claim, *case.claims[1:])})), tmp_path)
    assert '"=HYPERLINK(1)"' in (tmp_path / "claims.csv").read_text().replace('""', '"')
    assert build_record(read_csv(tmp_path)).claims[0].claim == "=HYPERLINK(1)"


def test_faults_of_a_table_name_its_file_and_row(tmp_path: Path) -> None:
    write_csv(plain(load_case()), tmp_path)
    table = tmp_path / "measurements.csv"
    table.write_text(table.read_text().replace("54,mg/dL", "54,ug/dl"))
    from insulinoma.record.validate import validate

    _, faults = validate(read_csv(tmp_path))
    assert [(fault.file, fault.line, fault.kind) for fault in faults] == [("measurements.csv", 3, "wrong unit")]
