"""A short record of a benign insulinoma: three days in hospital, a few numbers and statements."""

from __future__ import annotations

from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.schema import CaseRecord
from insulinoma.record.validate import build_record

TEXT = """
schema: insulinoma-case/1
id: short-stay
title: A benign insulinoma, three days in hospital
documents:
  chart: {kind: chart}
patient:
  age: {years: 50, source: chart}
  sex: {value: male, source: chart}
events:
- {id: admission, event: admission, when: day 0, source: chart}
- {id: discharge, event: discharge, when: day 2, source: chart}
lesions:
- {id: primary, role: primary, site: pancreatic_body, source: chart}
measurements:
- {id: weight, analyte: body_weight, value: 84, unit: kg, when: day 0, source: chart}
- {id: size, analyte: longest_diameter, lesion: primary, value: 1.6, unit: cm, when: day 1, source: chart}
- {id: glucose, analyte: glucose, value: 48, unit: mg/dL, sample: fasting, when: day 1 07:00, source: chart}
- {id: insulin, analyte: insulin, value: 24, unit: uU/mL, sample: fasting, when: day 1 07:00, source: chart}
- {id: c-peptide, analyte: c_peptide, value: CPEPTIDE, unit: ng/mL, sample: fasting, when: day 1 07:00, source: chart}
- {id: later, analyte: glucose, below: 70, unit: mg/dL, when: day 2 07:00, source: chart}
findings:
- {id: lows, finding: hypoglycemia, when: days 0 to 2, source: chart}
"""


def short_stay(c_peptide: float = 3.6) -> CaseRecord:
    """The record, with another C-peptide where a test wants one that does not fit."""
    return build_record(parse_yaml(TEXT.replace("CPEPTIDE", str(c_peptide)), "short-stay.yaml"))
