"""Codes of public vocabularies for the terms of a record, each with its own display, and the way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from insulinoma.data import read_table
from insulinoma.errors import UnknownNameError
from insulinoma.quantities import Analyte, Unit, analytes
from insulinoma.record.vocabulary import Table, terms

DOSE_UCUM = {"MU": "10*6.[iU]", "g/day": "g/d", "mg/day": "mg/d", "ug/day": "ug/d", "mg/kg/day": "mg/kg/d"}
_PROPERTY = re.compile(r"\[(Mass|Moles|Units)/volume\]")
_COLUMN = {"hpo": "findings", "icd10": "diagnoses", "atc": "treatments", "rxnorm": "treatments"}


@dataclass(frozen=True)
class Code:
    """A code of a public vocabulary and what that vocabulary calls it."""

    system: str
    code: str
    display: str


def loinc_of(kind: Analyte, unit: Unit | None) -> Code | None:
    """The LOINC code of an analyte as reported in a unit, None where none is known for that property.

    >>> glucose = analytes()["glucose"]
    >>> loinc_of(glucose, glucose.unit("mmol/L")).code
    '14749-6'
    """
    if unit is None:
        return Code("loinc", kind.loinc, kind.loinc_display) if kind.loinc else None
    for name, code in _loinc():
        measured = _PROPERTY.search(code.display)
        if name == kind.name and (measured is None or measured[1] == _property_of(unit)):
            return code
    return None


def public_code(table: Table, name: str) -> Code | None:
    """The public code of a vocabulary term: HPO, ICD-10 or ATC; None where the vocabulary has none."""
    term = terms(table)[name]
    if table == "findings":
        return Code("hpo", term.get("hpo"), term.get("hpo_label")) if term.get("hpo") else None
    column = {"diagnoses": "icd10", "treatments": "atc"}.get(table, "")
    code = term.get(column)
    return Code(column, code, display(column, code)) if code else None


def display(system: str, code: str) -> str:
    """What a vocabulary calls one of its codes.

    >>> display("atc", "H01CB02")
    'octreotide'
    """
    return _displays()[system, code]


def analyte_of_loinc(code: str) -> str | None:
    """The analyte of a LOINC code, None when it is not one of ours."""
    return next((name for name, known in _loinc() if known.code == code), None)


def unit_of(name: str, *texts: str) -> str | None:
    """The unit of an analyte that one of several texts (UCUM or printed) names, None when none does."""
    kind = analytes().get(name)
    if kind is None:
        return None
    for text in texts:
        for unit in kind.units:
            if text == unit.ucum:
                return unit.symbol
        try:
            return kind.unit(text).symbol
        except UnknownNameError:
            continue
    return None


def term_of(system: str, code: str) -> str | None:
    """The term of a public code, None where no term or more than one has it (the code alone does not tell)."""
    table = _COLUMN.get(system)
    found = [] if table is None else [name for name, term in terms(table).items() if term.get(system) == code]
    return found[0] if len(found) == 1 else None


def item_of_hpo(code: str, *, present: bool) -> tuple[str, dict[str, Any]] | None:
    """The section and the item that an HPO term stands for; None when the vocabulary has no word for it.

    The absence of a term that stands for a measurement or a diagnosis is none of ours.

    >>> item_of_hpo("HP:0000842", present=True)
    ('measurements', {'analyte': 'insulin', 'statement': 'elevated'})
    """
    finding = term_of("hpo", code)
    if finding is not None:
        return "findings", {"finding": finding, "present": present}
    row = _hpo_import().get(code)
    if row is None or not present:
        return None
    field = {"findings": "finding", "measurements": "analyte", "diagnoses": "diagnosis"}[row["section"]]
    return row["section"], {field: row["name"]} | ({row["field"]: row["value"]} if row["field"] else {})


@cache
def _hpo_import() -> dict[str, dict[str, str]]:
    return {row["hpo"]: row for row in read_table("vocabulary", "hpo_import.csv")}


def _property_of(unit: Unit) -> str:
    if "mol" in unit.ucum:
        return "Moles"
    return "Units" if "[" in unit.ucum else "Mass"


@cache
def _loinc() -> tuple[tuple[str, Code], ...]:
    first = [(kind.name, Code("loinc", kind.loinc, kind.loinc_display)) for kind in analytes().values() if kind.loinc]
    rows = read_table("vocabulary", "loinc.csv")
    return (*first, *((row["analyte"], Code("loinc", row["loinc"], row["loinc_display"])) for row in rows))


@cache
def _displays() -> dict[tuple[str, str], str]:
    return {(row["system"], row["code"]): row["display"] for row in read_table("vocabulary", "displays.csv")}
