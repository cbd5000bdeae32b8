from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insulinoma.errors import UnknownNameError, UsageError
from insulinoma.quantities import analyte, analytes, convert

PAIRS = [
    (kind.name, source.symbol, target.symbol)
    for kind in analytes().values()
    for source in kind.units
    for target in kind.units
    if source.factor and target.factor
]


@pytest.mark.parametrize(
    ("name", "value", "source", "target", "expected"),
    [
        ("glucose", 54, "mg/dL", "mmol/L", 2.997),
        ("glucose", 3.9, "mmol/L", "mg/dL", 70.26),
        ("insulin", 67.5, "uU/mL", "pmol/L", 405.0),
        ("insulin", 3, "uU/mL", "pmol/L", 18.0),
        ("c_peptide", 6.3, "ng/mL", "nmol/L", 2.086),
        ("c_peptide", 0.6, "ng/mL", "nmol/L", 0.19866),
        ("glucagon", 1, "pg/mL", "pmol/L", 0.2871),
    ],
)
def test_published_conversions(name: str, value: float, source: str, target: str, expected: float) -> None:
    assert convert(name, value, source, target).value == pytest.approx(expected, rel=2e-4)


def test_a_laboratory_may_have_used_another_factor_and_it_is_kept() -> None:
    converted = convert("insulin", 67.5, "uU/mL", "pmol/L", factor=6.945)
    assert (converted.value, converted.factor) == (pytest.approx(468.8, abs=0.1), 6.945)


@given(st.sampled_from(PAIRS), st.floats(1e-6, 1e6))
def test_conversions_invert(pair: tuple[str, str, str], value: float) -> None:
    name, source, target = pair
    there = convert(name, value, source, target)
    back = convert(name, there.value, target, source)
    assert math.isclose(back.value, value, rel_tol=1e-12)


@pytest.mark.parametrize("printed", ["µU/mL", "μU/mL", "uU/ml", "uIU/mL", "µU / mL"])
def test_every_printed_form_of_a_unit(printed: str) -> None:
    assert analyte("IRI").unit(printed).symbol == "uU/mL"


def test_a_wrong_unit_names_the_right_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'ug/dl' is not a unit of insulin\. Expected pmol/L, uU/mL or mU/L\."):
        analyte("insulin").unit("ug/dl")


def test_units_without_a_factor_are_not_converted() -> None:
    with pytest.raises(UsageError, match="no factor"):
        convert("chromogranin_a", 5, "nmol/L", "ng/mL")


def test_every_unit_is_ucum_and_its_factor_agrees() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ucumvert import PintUcumRegistry

        registry = PintUcumRegistry()
        own = {"{score}", "{finding}"}
        for kind in analytes().values():
            canonical = registry.from_ucum(kind.canonical.ucum) if kind.canonical.ucum not in own else None
            for unit in kind.units:
                if unit.ucum in own or unit.factor is None or canonical is None:
                    continue
                parsed = registry.from_ucum(unit.ucum)
                if parsed.check(canonical.dimensionality) and unit.ref == "definition":
                    ratio = (parsed / canonical).to_base_units().magnitude
                    assert ratio == pytest.approx(unit.factor, rel=1e-9), kind.name
