"""A record of 10,000 facts: read, checked and assessed, beside reading its YAML with ruamel's speed alone."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Row, median_seconds
from insulinoma.assessment.assess import assess
from insulinoma.record.io.yaml import read_yaml
from insulinoma.record.load import load_case

FACTS = 10_000
HEAD = """schema: insulinoma-case/1
id: large
title: A record of many facts
documents: {chart: {kind: chart}}
measurements:
"""


def large_record() -> str:
    """The text of a record with glucose and insulin every few hours."""
    items = []
    for number in range(FACTS // 2):
        when = f"day {number // 8} {(number % 8) * 3:02d}:00"
        tail = f"  when: {when}\n  sample: s{number}\n  source: chart:{number + 1}\n"
        items.append(f"- id: g{number}\n  analyte: glucose\n  value: {40 + number % 90}\n  unit: mg/dL\n{tail}")
        items.append(f"- id: i{number}\n  analyte: insulin\n  value: {2 + number % 70}\n  unit: uU/mL\n{tail}")
    return HEAD + "".join(items)


def rows() -> list[Row]:
    """Under 5 s is the target for check and assessment together."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "large.yaml")
        path.write_text(large_record(), encoding="utf-8")
        parsed = median_seconds(lambda: read_yaml(path), runs=3)
        checked = median_seconds(lambda: load_case(path), runs=3)
        whole = median_seconds(lambda: assess(load_case(path)), runs=3)
    return [
        Row(f"check {FACTS:,} facts", checked, "parsing their YAML alone", parsed),
        Row(f"check and assess {FACTS:,} facts (target 5)", whole, "checking alone", checked),
    ]
