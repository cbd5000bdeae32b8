"""Analytes and their units: one canonical unit each, conversion per analyte, the factor kept.

A factor belongs to an analyte, not to a pair of units: 1 mmol/L is 18.016 mg/dL of glucose and
something else of creatinine. Where a factor does not exist (an assay's own unit), the value keeps
its unit and conversion is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from insulinoma.data import read_table
from insulinoma.errors import UnknownNameError, UsageError, did_you_mean

_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u3000": " "})
_LITER = re.compile(r"(?<![A-Za-z])(d|m|u)?l(?![A-Za-z])")


@dataclass(frozen=True)
class Unit:
    """A unit in which an analyte is reported.

    `factor` turns a value into the canonical unit of the analyte and is None where no factor
    exists; `ref` says where the factor comes from.
    """

    symbol: str
    ucum: str
    factor: float | None
    ref: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Usual limits of an analyte in healthy adults, for display; an assay's own limits go first."""

    lower: float | None
    upper: float | None
    unit: str
    ref: str


@dataclass(frozen=True)
class Analyte:
    """Something that is measured: its units, its code, and the range in which a value is believable.

    `lowest` and `highest` are in the canonical unit.
    """

    name: str
    label: str
    symbol: str
    units: tuple[Unit, ...]
    loinc: str
    loinc_display: str
    lowest: float
    highest: float
    limits: Limits | None
    synonyms: tuple[str, ...]

    @property
    def canonical(self) -> Unit:
        """The unit used inside the program."""
        return self.units[0]

    def unit(self, text: str) -> Unit:
        """The unit that a printed text names for this analyte.

        Raises UnknownNameError with the valid units and the nearest of them.

        >>> analyte("insulin").unit("\u00b5U/ml").symbol
        'uU/mL'
        """
        printed = tidy_unit(text)
        for unit in self.units:
            if printed in (unit.symbol, *unit.spellings):
                return unit
        symbols = [unit.symbol for unit in self.units]
        known = [*symbols, *(spelling for unit in self.units for spelling in unit.spellings)]
        raise UnknownNameError(f"{text!r} is not a unit of {self.name}", join_or(symbols), did_you_mean(printed, known))


@dataclass(frozen=True)
class Converted:
    """A value in another unit, with the factor that was used."""

    value: float
    unit: str
    factor: float


def tidy_unit(text: str) -> str:
    """A unit text with one spelling of micro, of the liter and no spaces around the slash.

    >>> tidy_unit("\u03bcg / dl")
    'ug/dL'
    """
    folded = re.sub(r"\s*/\s*", "/", text.translate(_MICRO).strip())
    return _LITER.sub(lambda match: (match.group(1) or "") + "L", folded)


def join_or(items: list[str]) -> str:
    """Items as an English choice: 'a, b or c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


@cache
def analytes() -> dict[str, Analyte]:
    """All analytes of the vocabulary by name."""
    units: dict[str, list[Unit]] = {}
    for row in read_table("vocabulary", "units.csv"):
        spellings = tuple(tidy_unit(text) for text in row["spellings"].split("|") if text)
        factor = float(row["factor"]) if row["factor"] else None
        unit = Unit(row["unit"], row["ucum"], factor, row["ref"], spellings)
        units.setdefault(row["analyte"], []).append(unit)
    table = read_table("vocabulary", "analytes.csv")
    return {row["name"]: _analyte_from_row(row, tuple(units[row["name"]])) for row in table}


def analyte(name: str) -> Analyte:
    """The analyte of a name or synonym; UnknownNameError with the nearest names if there is none.

    >>> analyte("IRI").name
    'insulin'
    """
    found = _by_any_name().get(name.strip().casefold())
    if found is None:
        raise UnknownNameError(
            f"{name!r} is not an analyte of the vocabulary",
            "a name of vocabulary/analytes.csv",
            did_you_mean(name, _by_any_name()),
        )
    return found


def convert(
    name: str, value: float, source_unit: str, target_unit: str | None = None, *, factor: float | None = None
) -> Converted:
    """A value of an analyte in another unit (the canonical one unless told), and the factor used.

    `factor` replaces the table's factor of the source unit, for a laboratory that used another one
    (insulin at 6.945 pmol/L per uU/mL). UsageError where no factor exists between the two units.

    >>> round(convert("glucose", 54, "mg/dL", "mmol/L").value, 3)
    2.997
    """
    kind = analyte(name)
    source = kind.unit(source_unit)
    target = kind.unit(target_unit) if target_unit else kind.canonical
    if source == target and factor is None:
        return Converted(value, target.symbol, 1.0)
    source_factor = factor if factor is not None else source.factor
    if source_factor is None or target.factor is None:
        raise UsageError(f"{name} in {source.symbol} has no factor to {target.symbol} ({source.ref}).")
    used = source_factor / target.factor
    return Converted(value * used, target.symbol, used)


def _analyte_from_row(row: dict[str, str], units: tuple[Unit, ...]) -> Analyte:
    limits = None
    if row["limit_unit"]:
        lower, upper = (float(row[key]) if row[key] else None for key in ("lower_limit", "upper_limit"))
        limits = Limits(lower, upper, row["limit_unit"], row["limit_ref"])
    canonical = [unit for unit in units if unit.symbol == row["canonical_unit"]]
    others = [unit for unit in units if unit.symbol != row["canonical_unit"]]
    return Analyte(
        name=row["name"],
        label=row["label"],
        symbol=row["symbol"],
        units=(*canonical, *others),
        loinc=row["loinc"],
        loinc_display=row["loinc_display"],
        lowest=float(row["lowest"]),
        highest=float(row["highest"]),
        limits=limits,
        synonyms=tuple(text for text in row["synonyms"].split("|") if text),
    )


@cache
def _by_any_name() -> dict[str, Analyte]:
    names = {}
    for kind in analytes().values():
        for name in (kind.name, kind.label, *kind.synonyms):
            names[name.casefold()] = kind
    return names
