"""Checks of single facts: is this number, with this unit, of this analyte or drug, believable?"""

from __future__ import annotations

from collections.abc import Iterator

from insulinoma.errors import Fault, UnknownNameError
from insulinoma.quantities import Unit, join_or
from insulinoma.record.draft import Draft
from insulinoma.record.fields import DOSE_UNITS
from insulinoma.record.schema import Measurement, Treatment
from insulinoma.record.tree import Place
from insulinoma.record.vocabulary import term

FORMS = ("value", "below", "above", "between", "direction", "statement")
_MG_IN = {"mg": 1.0, "g": 1000.0, "GBq": None}


def check_measurements(draft: Draft) -> Iterator[Fault]:
    """Faults of the measurements, each on its own."""
    for place, item in draft.items["measurements"]:
        yield from _check_form(draft, place, item)
        yield from _check_unit(draft, place, item)
        yield from _check_limits(draft, place, item)


def _check_form(draft: Draft, place: Place, item: Measurement) -> Iterator[Fault]:
    given = [name for name in FORMS if getattr(item, name) is not None]
    expected = f"one of {join_or(list(FORMS))}"
    if not given:
        yield draft.fault(
            place,
            "no value",
            "the measurement says nothing",
            expected,
            "Leave the item out when the source gives no value.",
        )
    if len(given) > 1 and set(given) != {"above", "below"}:
        yield draft.fault(
            (*place, given[1]),
            "two values",
            f"{join_or(given).replace(' or ', ' and ')} are both set",
            expected,
            "One item a statement of the source.",
        )
    if set(given) == {"above", "below"}:
        yield draft.fault(
            (*place, "below"),
            "two values",
            "above and below are both set",
            expected,
            "Write 'between: [LOW, HIGH]'.",
        )
    if item.between and item.between[0] > item.between[1]:
        low, high = item.between
        yield draft.fault(
            (*place, "between"),
            "reversed interval",
            f"the interval runs from {low:g} to {high:g}",
            "the lower bound first",
            f"Write [{high:g}, {low:g}].",
        )
    lower, upper = (item.reference.lower, item.reference.upper) if item.reference else (None, None)
    if lower is not None and upper is not None and lower > upper:
        problem = "the lower limit is above the upper"
        yield draft.fault((*place, "reference"), "reversed limits", problem, "the lower limit first")


def _check_unit(draft: Draft, place: Place, item: Measurement) -> Iterator[Fault]:
    units = [unit.symbol for unit in item.kind.units]
    if item.numbers and item.unit is None:
        yield draft.fault(
            place,
            "missing unit",
            f"{item.analyte} {item.numbers[0]:g} has no unit",
            join_or(units),
            "Write the unit as the source prints it.",
        )
        return
    if item.unit is None:
        return
    try:
        unit = item.kind.unit(item.unit)
    except UnknownNameError as error:
        yield draft.fault((*place, "unit"), "wrong unit", error.problem, error.expected, error.remedy)
        return
    for number in item.numbers:
        yield from _check_believable(draft, place, item, unit, number)


def _check_believable(draft: Draft, place: Place, item: Measurement, unit: Unit, number: float) -> Iterator[Fault]:
    kind, factor = item.kind, item.factor or unit.factor
    here = (*place, next(name for name in FORMS if getattr(item, name) is not None))
    if number < 0 and kind.lowest >= 0:
        yield draft.fault(here, "negative", f"{item.analyte} cannot be negative ({number:g})", "a number of 0 or more")
        return
    if factor is None or kind.lowest <= number * factor <= kind.highest:
        return
    low, high = kind.lowest / factor, kind.highest / factor
    believable = [
        other.symbol for other in kind.units if other.factor and kind.lowest <= number * other.factor <= kind.highest
    ]
    remedy = (
        f"It would be believable in {join_or(believable)}: look at the unit in the source."
        if believable
        else "Look at the source."
    )
    yield draft.fault(
        here,
        "unbelievable",
        f"{item.analyte} of {number:g} {item.unit} is not believable",
        f"{low:.3g} to {high:.4g} {unit.symbol}",
        remedy,
    )


def _check_limits(draft: Draft, place: Place, item: Measurement) -> Iterator[Fault]:
    limits = item.reference
    if limits is None or item.flag is None or item.value is None:
        return
    above = limits.upper is not None and item.value > limits.upper
    under = limits.lower is not None and item.value < limits.lower
    found = "elevated" if above else "low" if under else "normal"
    if found != item.flag:
        yield draft.fault(
            (*place, "flag"),
            "flag against limits",
            f"{item.value:g} is called {item.flag} but lies {found} by the limits given",
            f"flag {found}",
            "If the source says both, keep one and record the conflict.",
        )


def check_treatments(draft: Draft) -> Iterator[Fault]:
    """Faults of doses: a unit that cannot be, or an amount beyond any label (milligrams for micrograms)."""
    for place, item in draft.items["treatments"]:
        if item.dose is None:
            continue
        row = term("treatments", item.treatment).row
        if row["type"] == "procedure":
            yield draft.fault(
                (*place, "dose"),
                "dose of a procedure",
                f"{item.treatment} is a procedure",
                "no dose",
                "Use 'device' or 'comment'.",
            )
            continue
        if item.doses_per_day is not None and item.dose.unit.endswith(("/day", "/h", "/min")):
            yield draft.fault(
                (*place, "doses_per_day"),
                "dose twice",
                f"{item.dose.text} is a rate already",
                "a dose and its times a day, or a rate",
            )
        yield from _check_largest(draft, place, item, row)


def _check_largest(draft: Draft, place: Place, item: Treatment, row: dict[str, str]) -> Iterator[Fault]:
    if not row["largest_daily_dose"] or item.dose is None:
        return
    largest, unit = float(row["largest_daily_dose"]), row["dose_unit"]
    mass_drug, mass_given = unit in ("mg", "g"), DOSE_UNITS[item.dose.unit] is not None
    if (unit == "GBq" and mass_given) or (mass_drug and item.dose.unit == "GBq"):
        yield draft.fault(
            (*place, "dose"),
            "dose unit",
            f"{item.treatment} is not given in {item.dose.unit}",
            f"a dose in {unit}",
        )
        return
    daily = _daily(item)
    limit = largest * (_MG_IN[unit] or 1.0)
    if daily is not None and daily > limit:
        remedy = (
            "Is it micrograms (ug)?"
            if item.dose.unit.startswith("mg") and daily / 1000 <= limit
            else "Look at the unit in the source."
        )
        yield draft.fault(
            (*place, "dose"),
            "dose beyond any label",
            f"{item.dose.text} of {item.treatment} is {daily / limit:.3g} times the largest daily dose on record",
            f"at most {largest:g} {unit} a day",
            remedy,
        )


def _daily(item: Treatment) -> float | None:
    """The daily dose in mg (GBq for a radionuclide), or None where it needs weight or surface."""
    assert item.dose is not None  # noqa: S101
    if item.dose.unit == "GBq":
        return item.dose.value
    to_mg = DOSE_UNITS[item.dose.unit]
    return None if to_mg is None else item.dose.value * to_mg * (item.doses_per_day or 1)
