from __future__ import annotations

import re
from collections import Counter

import pytest

from insulinoma.citations import references
from insulinoma.errors import UnknownNameError
from insulinoma.quantities import analytes
from insulinoma.record.fields import DOSE_UNITS
from insulinoma.record.load import load_case, shipped_cases
from insulinoma.record.vocabulary import term, terms

TABLES = ("treatments", "findings", "sites", "diagnoses", "events")


def luhn(code: str) -> bool:
    """The check digit of LOINC: mod 10 over the digits, every second one doubled."""
    digits, _, check = code.partition("-")
    total = 0
    for position, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(check)


@pytest.mark.parametrize("table", TABLES)
def test_no_name_leads_to_two_terms(table: str) -> None:
    rows = terms(table).values()  # type: ignore[arg-type]
    names = Counter(
        name.replace("_", " ").casefold()
        for item in rows
        for name in {item.name.replace("_", " "), item.label.casefold(), *item.items("synonyms")}
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_loinc_codes_have_a_valid_check_digit_and_a_display() -> None:
    for kind in analytes().values():
        if kind.loinc:
            assert luhn(kind.loinc), kind.name
            assert kind.loinc_display, kind.name


def test_other_codes_are_well_formed() -> None:
    for item in terms("findings").values():
        assert re.fullmatch(r"(HP:\d{7})?", item.get("hpo")), item.name
        assert bool(item.get("hpo")) == bool(item.get("hpo_label")), item.name
        assert item.get("whipple") in ("", "autonomic", "neuroglycopenic")
    for item in terms("treatments").values():
        assert re.fullmatch(r"([A-Z]\d{2}([A-Z]([A-Z](\d{2})?)?)?)?", item.get("atc")), item.name
        assert item.get("type") in ("drug", "regimen", "nutrition", "procedure")
        assert not item.get("dose_unit") or item.get("dose_unit") in DOSE_UNITS
        assert all(term("treatments", part).get("type") == "drug" for part in item.items("components"))


@pytest.mark.parametrize("printed", ["TAE", "transarterial embolization", "Embolization", "embolization"])
def test_every_name_of_a_term_leads_to_it(printed: str) -> None:
    assert term("treatments", printed).name == "embolization"


def test_an_unknown_name_is_met_with_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'octreotide'"):
        term("treatments", "octreotid")


@pytest.mark.parametrize("name", shipped_cases())
def test_every_shipped_case_is_valid_and_its_citations_resolve(name: str) -> None:
    case = load_case(name)
    cited = {document.citation for document in case.documents.values() if document.citation}
    assert cited <= set(references())
