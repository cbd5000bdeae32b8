"""Feeds mutated files to every importer: each must give a record or its faults, and nothing else.

    python scripts/fuzz_importers.py --count 100000 --workers 2

A failure is printed with the number that makes it again: `--only NUMBER`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insulinoma.errors import InputError
from insulinoma.record.io.csv import write_csv
from insulinoma.record.io.formats import FORMATS, FormatName, as_text, export, not_read, read_path
from insulinoma.record.io.plain import plain
from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record

SLOWEST_SECONDS = 5.0
SEED_RECORD = """
schema: insulinoma-case/1
id: fuzzed
title: A small record of every section
documents: {chart: {kind: chart, file: chart.txt, note: short}}
clock: {day_zero: admission}
patient: {age: {years: 45, source: chart:1}, sex: {value: female, source: chart:1}}
events:
- {id: admitted, event: admission, when: day 1, source: chart:2}
- {id: ct, event: imaging_study, place: CT, when: day 3, source: chart:2}
- {id: dead, event: death, when: day 157, cause: infection, source: chart:9}
lesions:
- {id: primary, role: primary, site: pancreatic_body, source: chart:3}
- {id: nodes, role: node, site: peripancreatic_nodes, count: multiple, source: chart:3}
measurements:
- {id: g, analyte: glucose, value: 41, unit: mg/dL, sample: s, when: day 2 06:30, source: {at: 'chart:4',
   quote: glucose 41}}
- {analyte: insulin, below: 0.3, unit: uU/mL, sample: s, when: day 2 06:30, source: chart:4}
- {analyte: c_peptide, between: [0.5, 0.7], unit: nmol/L, flag: elevated, source: chart p. 3}
- {analyte: nse, direction: decreased, when: after tae, source: chart:5}
- {analyte: longest_diameter, lesion: primary, value: 14, unit: mm, when: at ct, reference: {lower: 1,
   upper: 20}, source: chart:5}
findings:
- {id: free, finding: hypoglycemia, present: false, when: days 13 to 61, source: [chart:6, 'chart:7-8']}
- {finding: drug_allergy, related_to: oct, source: chart:6, note: rash}
- {finding: abdominal_pain, duration: 2 months, count: 3, when: before admitted, source: chart:6}
diagnoses:
- {diagnosis: malignant_insulinoma, grade: 2, classification: WHO, edition: '2022', specimen: liver, source: chart:7}
treatments:
- {id: oct, treatment: octreotide, route: subcutaneous, dose: 100 ug, doses_per_day: 3, start: day 4,
   stop: day 6, stopped_for: allergy, source: chart:8}
- {id: tae, treatment: embolization, site: right_liver_lobe, device: microspheres, when: day 12,
   response: effective, source: chart:8}
- {treatment: etoposide_cisplatin, start: day 41, courses: 3, source: chart:8}
claims:
- {id: short, about: survival, claim: it was short, value: 4, unit: months, source: chart:9}
conflicts:
- {id: clash, about: survival, readings: [{facts: [short], says: a}, {facts: [dead], says: b}], rule: r,
   decision: dead}
manuscript:
- {item: consent, status: absent, source: chart:1}
"""
HOSTILE: list[Any] = [
    None, True, -1, 0, 1e308, 10**30, "", " ", "x" * 3000, "ug/dl", "day -99999999", "day 99999999999",
    "0001-01-01", "9999-12-31 23:59", "urn:uuid:none", "=1+1", "\u3000", "\ufeff", "\u202e", "é", [], {}, [[]],
    {"a": {}}, [None], "NaN", "null", "chart:0", "chart:9-1", {"resourceType": "Patient"}, {"reference": "#"},
    {"extension": 5}, "measurements[999]", -0.0, 5e-324,
]  # fmt: skip
TOKENS = [
    "{", "}", "[", "]", '"', ",", ":", "- ", "\n", "\r\n", "\t", "&a ", "*a", "!!binary ", "|", ">", "#",
    "---\n", "...\n", "\\u0000", "\\ud800", "\x00", "\u2028", "1e999", "-", "{" * 80, "[" * 200, "'", "%",
    "null", "true", '"a":1,', "NaN", "Infinity", "\ufeff",
]  # fmt: skip
Outcome = tuple[int, str, str]


@cache
def seed_record() -> CaseRecord:
    """The record that every mutation starts from."""
    return build_record(parse_yaml(SEED_RECORD, "seed.yaml"))


@cache
def seed_text(form: FormatName) -> str:
    """The record in a format of one file."""
    return as_text(export(seed_record(), form), form)


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _drop(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + text[start + chance.randrange(60) :]


def _insert(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    return text[:start] + chance.choice(TOKENS) + text[start:]


def _repeat(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    piece = text[start : start + chance.randrange(400)]
    return text[:start] + piece * chance.randrange(2, 4) + text[start:]


def _swap_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def _replace_number(text: str, chance: random.Random) -> str:
    places = [index for index, sign in enumerate(text) if sign.isdecimal()]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice(["-", "9" * 20, ".", "e", "0", "x", "1e9", ","]) + text[at + 1 :]


def _carriage_returns(text: str, chance: random.Random) -> str:
    return text.replace("\n", chance.choice(["\r\n", "\r", "\n\n"]))


TEXT_MUTATIONS: list[Callable[[str, random.Random], str]] = [
    _cut, _drop, _insert, _repeat, _swap_lines, _replace_number, _carriage_returns,
]  # fmt: skip


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield value, key
        yield from _places(item)


def _mutate_data(data: Any, chance: random.Random) -> None:
    """Changes the structure: another value, a part gone, a part twice, a part elsewhere, a name changed."""
    listed = list(_places(data))
    holder, key = chance.choice(listed)
    match chance.randrange(5):
        case 0:
            holder[key] = chance.choice(HOSTILE)
        case 1:
            del holder[key]
        case 2 if isinstance(holder, list):
            holder.insert(0, holder[key])
        case 3:
            other, place = chance.choice(listed)
            holder[key] = json.loads(json.dumps(other[place]))
        case _ if isinstance(holder, dict):
            holder[chance.choice(["unit", "value", "when", "id", "extension", "x", "url", "resourceType"])] = (
                holder.pop(key)
            )
        case _:
            holder[key] = chance.choice(HOSTILE)


def mutated_text(text: str, chance: random.Random) -> bytes:
    """A text with one to four mutations, as bytes that may not be UTF-8."""
    for _ in range(chance.randrange(1, 5)):
        text = chance.choice(TEXT_MUTATIONS)(text, chance)
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        content = bytes(
            chance.choice(b"\x00\xff\xc3\xef\xbb\xbf") if chance.random() < 0.01 else byte for byte in content
        )
    return b"\xef\xbb\xbf" + content if chance.random() < 0.05 else content


def mutated(form: FormatName, chance: random.Random) -> bytes:
    """A file of a form, mutated as a text, as data, or as both."""
    text = seed_text(form)
    if form != "yaml" and chance.random() < 0.6:
        data = json.loads(text)
        for _ in range(chance.randrange(1, 4)):
            _mutate_data(data, chance)
        text = json.dumps(data, ensure_ascii=chance.random() < 0.5)
        if chance.random() < 0.7:
            return text.encode("utf-8", "surrogatepass")
    return mutated_text(text, chance)


def prepare(number: int, folder: Path) -> tuple[FormatName, Path]:
    """Writes the input of a number; the same number makes the same input."""
    chance = random.Random(number)  # noqa: S311
    form = FORMATS[number % len(FORMATS)]
    if form == "csv":
        path = folder / "tables"
        files = write_csv(plain(seed_record()), path)
        target = chance.choice(files)
        target.write_bytes(mutated_text(target.read_text(encoding="utf-8"), chance))
        return form, path
    path = folder / f"fuzzed.{'yaml' if form == 'yaml' else 'json'}"
    path.write_bytes(mutated(form, chance))
    return form, path


def judge(number: int, folder: Path) -> Outcome:
    """What an importer made of the input of a number: 'record', 'faults', or 'failure' with the reason."""
    form, path = prepare(number, folder)
    started = time.perf_counter()
    try:
        outcome = _read(path)
    except InputError as error:
        bad = [fault for fault in error.faults if not fault.problem or "Traceback" in str(fault)]
        outcome = "failure: a fault without a problem" if bad or not error.faults else "faults"
    except Exception:
        outcome = f"failure: {traceback.format_exc(limit=-4)}"
    seconds = time.perf_counter() - started
    if seconds > SLOWEST_SECONDS and not outcome.startswith("failure"):
        outcome = f"failure: it took {seconds:.1f} s"
    return number, form, outcome


def _read(path: Path) -> str:
    tree = read_path(path)
    record = build_record(tree)
    not_read(tree, record)
    for form in ("yaml", "fhir", "phenopacket"):
        text = as_text(export(record, form), form)
        if form == "yaml" and build_record(parse_yaml(text, "again.yaml")) != record:
            return "failure: the record does not come back from YAML"
    return "record"


def run(numbers: range) -> tuple[Counter[str], list[Outcome]]:
    """Judges the inputs of a range of numbers; counts by format and outcome, and the failures."""
    counts: Counter[str] = Counter()
    failures = []
    with TemporaryDirectory() as folder:
        for number in numbers:
            outcome = judge(number, Path(folder))
            counts[f"{outcome[1]} {outcome[2].split(':')[0]}"] += 1
            if outcome[2].startswith("failure"):
                failures.append(outcome)
    return counts, failures


def main() -> None:
    """Runs over many numbers on several processes and prints what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, help="one number again, with its input on stdout")
    given = parser.parse_args()
    if given.only is not None:
        with TemporaryDirectory() as folder:
            print(judge(given.only, Path(folder)))
            path = prepare(given.only, Path(folder))[1]
            print(path.read_bytes().decode("utf-8", "replace") if path.is_file() else "a folder of tables")
        return
    started = time.perf_counter()
    size = 1_000
    parts = [
        range(start, min(start + size, given.first + given.count))
        for start in range(given.first, given.first + given.count, size)
    ]
    counts: Counter[str] = Counter()
    failures: list[Outcome] = []
    with ProcessPoolExecutor(given.workers) as pool:
        for part_counts, part_failures in pool.map(run, parts):
            counts += part_counts
            failures += part_failures
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    for number, form, outcome in failures[:20]:
        print(f"--only {number} ({form}) {outcome}")
    print(f"{sum(counts.values())} inputs, {len(failures)} failures, {time.perf_counter() - started:.0f} s")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
