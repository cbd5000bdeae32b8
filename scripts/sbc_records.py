"""The records of simulation-based calibration: what was done and asked, its answers drawn anew for each patient.

Three and ten weeks instead of the 23 of the index case, so that hundreds of posteriors can be afforded: drips of
unknown rate, embolization of the right lobe on day 4 and of the left on day 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record

KINDS = ("index", "rich")
_DAYS, _FOLLOWED = 22, 70
_COURSE = f"""
schema: insulinoma-case/1
id: synthetic-KIND
title: A synthetic patient, embolized twice
documents:
  drawn: {{kind: chart}}
patient:
  age: {{years: 45, source: drawn}}
  sex: {{value: female, source: drawn}}
events:
- {{id: admission, event: admission, cause: loss of consciousness, source: drawn}}
- {{id: transfer, event: transfer, when: after admission, source: drawn}}
- {{id: discharge, event: discharge, when: day {_DAYS}, source: drawn}}
lesions:
- {{id: primary, role: primary, site: pancreatic_body, source: drawn}}
- {{id: metastases, role: metastasis, site: liver, count: multiple, source: drawn}}
treatments:
- {{id: first-drip, treatment: dextrose, when: between admission and transfer, response: not effective, source: drawn}}
- {{id: drip, treatment: dextrose, when: days 0 to 3, source: drawn}}
- {{id: right, treatment: embolization, site: right_liver_lobe, when: day 4, source: drawn}}
- {{id: left, treatment: embolization, site: left_liver_lobe, when: day 10, source: drawn}}
"""
# As in the index case: an undated admission, one sample of unknown day before treatment, and statements over windows.
_UNCONSCIOUS = (
    "- {id: g-admission, analyte: glucose, value: 20, unit: mg/dL, when: at admission, "
    "condition: loss of consciousness, source: drawn}\n"
)
_SAMPLE = (
    ("glucose", 54, "mg/dL"),
    ("insulin", 67.5, "uU/mL"),
    ("c_peptide", 6.3, "ng/mL"),
    ("ca19_9", 53.7, "U/mL"),
    ("nse", 169.9, "ng/mL"),
)
_STATED = """
- {id: lows-on-drip, finding: hypoglycemia, when: between admission and transfer, source: drawn}
- {id: lows-before, finding: hypoglycemia, when: days 0 to 3, source: drawn}
- {id: none-after-right, finding: hypoglycemia, present: false, when: days 5 to 9, source: drawn}
- {id: none-after-left, finding: hypoglycemia, present: false, when: days 11 to 15, source: drawn}
- {id: lows-late, finding: hypoglycemia, when: days 16 to 22, source: drawn}
- {id: smaller, finding: tumor_decrease, lesion: metastases, when: day 20, source: drawn}
"""
_GLUCOSE_HOURS = ("07:00", "12:00", "18:00", "22:00")
_WEEKLY = (("insulin", 20, "uU/mL"), ("c_peptide", 3, "ng/mL"), ("nse", 100, "ng/mL"), ("ca19_9", 50, "U/mL"))


def synthetic_record(kind: str) -> CaseRecord:
    """The record of a kind; its values are placeholders."""
    lines = {"index": _index_like, "rich": _rich}[kind]()
    text = _COURSE.replace("KIND", kind) + "measurements:\n" + _UNCONSCIOUS + "\n".join(lines) + "\nfindings:" + _STATED
    return build_record(parse_yaml(text, f"synthetic-{kind}.yaml"))


def _size(day: int = 1) -> str:
    return (
        f"- {{id: size-{day}, analyte: longest_diameter, lesion: primary, value: 2.7, unit: cm, "
        f"when: day {day}, source: drawn}}"
    )


def _index_like() -> Iterator[str]:
    yield _size()
    for analyte, value, unit in _SAMPLE:
        yield (
            f"- {{id: {analyte.replace('_', '-')}, analyte: {analyte}, value: {value}, unit: {unit}, sample: before, "
            "when: days 0 to 3, source: drawn}"
        )
        yield (
            f"- {{id: {analyte.replace('_', '-')}-after, analyte: {analyte}, direction: decreased, "
            "when: days 5 to 9, source: drawn}"
        )


def _rich() -> Iterator[str]:
    """Glucose four times a day in hospital and on a day a week after it, hormones and markers every week, images."""
    yield from (_size(day) for day in (1, 21, 42, 63))
    yield from _glucose([*range(_DAYS), *range(28, _FOLLOWED, 7)])
    yield from _weekly(range(7, _FOLLOWED, 7))


def _glucose(days: Iterable[int]) -> Iterator[str]:
    for day in days:
        for hour in _GLUCOSE_HOURS:
            yield (
                f"- {{id: g-{day}-{hour[:2]}, analyte: glucose, value: 60, unit: mg/dL, "
                f"when: day {day} {hour}, source: drawn}}"
            )


def _weekly(days: Iterable[int]) -> Iterator[str]:
    for day in (1, *days):
        for analyte, value, unit in _WEEKLY:
            yield (
                f"- {{id: {analyte.replace('_', '-')}-{day}, analyte: {analyte}, value: {value}, unit: {unit}, "
                f"when: day {day} 07:00, source: drawn}}"
            )
