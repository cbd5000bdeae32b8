"""Glucose cells: numbers, 'Low' and 'High', and what lies at the limits of the sensor."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from insulinoma.quantities import convert
from insulinoma.record.io.cgm.faults import FaultList, shown
from insulinoma.record.io.cgm.readings import Flags, Floats, RawTable

MG_DL = "mg/dL"
MMOL_L = "mmol/L"
# Wider than what a patient survives: simulated glucose is read as well.
LOWEST_MG_DL, HIGHEST_MG_DL = 1.0, 1500.0
DEFAULT_LIMITS = {MG_DL: (40.0, 400.0), MMOL_L: (2.2, 22.2)}
LIBRE_LIMITS = {MG_DL: (40.0, 500.0), MMOL_L: (2.2, 27.8)}

# Numbers at which files of unknown origin hold readings beyond the sensor; 39.6 is 2.2 mmol/L times 18.
_FLOORS = {MG_DL: {39.0, 39.6, 40.0}, MMOL_L: {2.1, 2.2}}
_CEILINGS = {MG_DL: {399.6, 400.0, 401.0, 500.0, 500.4, 501.0}, MMOL_L: {22.2, 22.3, 27.8}}
_LOW = {"low", "lo", "niedrig", "bajo", "bas", "basso", "laag"}
_HIGH = {"high", "hi", "hoch", "alto", "haut", "élevé", "hoog"}
_HIGHEST_MG_DL_OF_A_MMOL_FILE = 30.0
_LOWEST_MMOL_OF_A_MG_DL_FILE = 35.0


def parse_values(table: RawTable, unit: str, faults: FaultList) -> tuple[Floats, NDArray[np.int8]]:
    """Numbers (NaN where a cell is blank) and codes: -1 below the range, 1 above it, 0 a number."""
    codes = np.zeros(len(table.cells), dtype=np.int8)
    factor = convert("glucose", 1.0, unit, MG_DL).factor
    lowest, highest = LOWEST_MG_DL / factor, HIGHEST_MG_DL / factor
    values = _parse_all(table.cells)
    if values is None:
        values = _parse_each(table, unit, codes, faults)
        read = np.isfinite(values) & (codes == 0)
    else:
        read = np.ones(len(values), dtype=np.bool_)
    if _is_in_the_other_unit(values, unit, faults):
        return values, codes
    with np.errstate(invalid="ignore"):
        bad = read & ~((values >= lowest) & (values <= highest))
    for at in np.nonzero(bad)[0].tolist():
        problem = f"{shown(table.cells[at])} is not a believable glucose"
        expected = f"a number from {lowest:.2g} to {highest:.3g} {unit}"
        faults.add(table.lines[at], "glucose", "glucose", problem, expected)
    return values, codes


def _parse_all(cells: list[str]) -> Floats | None:
    """All cells as numbers at once, None where one of them is not plainly a number."""
    try:
        return None if "_" in "".join(cells) else np.array(cells, dtype=np.float64)
    except ValueError:
        return None


def _parse_each(table: RawTable, unit: str, codes: NDArray[np.int8], faults: FaultList) -> Floats:
    values = np.full(len(table.cells), np.nan)
    low, high = table.limits or DEFAULT_LIMITS[unit]
    for at, cell in enumerate(table.cells):
        text = cell.strip()
        if not text:
            if not table.blank_is_gap:
                faults.add(
                    table.lines[at],
                    "glucose",
                    "glucose",
                    "the reading has no glucose",
                    "a number, Low or High",
                )
            continue
        word, bound = text.casefold(), text.lstrip("<>= ")
        if word in _LOW or word in _HIGH:
            codes[at] = -1 if word in _LOW else 1
            values[at] = low if word in _LOW else high
            continue
        number = _number(bound)
        if number is None or (bound != text and text[0] not in "<>"):
            expected = f"a number in {unit}, Low or High"
            faults.add(table.lines[at], "glucose", "glucose", f"{shown(cell)} is not a glucose", expected)
            values[at] = -np.inf
            continue
        codes[at] = {"<": -1, ">": 1}.get(text[0], 0)
        values[at] = number
    return values


def _number(text: str) -> float | None:
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_in_the_other_unit(values: Floats, unit: str, faults: FaultList) -> bool:
    numbers = values[np.isfinite(values)]
    if len(numbers) < 2:
        return False
    lowest, highest = float(numbers.min()), float(numbers.max())
    problem = ""
    if unit == MG_DL and lowest > 0 and highest < _HIGHEST_MG_DL_OF_A_MMOL_FILE:
        problem = f"no reading is above {highest:g} mg/dL: the numbers look like mmol/L"
    if unit == MMOL_L and lowest > _LOWEST_MMOL_OF_A_MG_DL_FILE and highest < HIGHEST_MG_DL:
        problem = f"no reading is below {lowest:g} mmol/L: the numbers look like mg/dL"
    if problem:
        faults.add(
            0, "glucose", "unit", problem, f"glucose in {unit}", "Say the unit with --unit, or correct the header."
        )
    return bool(problem)


def censor(
    values: Floats, codes: NDArray[np.int8], unit: str, limits: tuple[float, float] | None
) -> tuple[Flags, Flags, float | None, float | None]:
    """Which readings lie at or beyond the sensor's range, and its limits (None where the file shows none).

    With `limits` unknown, a number counts as a limit only if it is one that sensors use (39, 39.6, 40, 400,
    ... mg/dL) and no reading lies beyond it.
    """
    floor = ceiling = None
    if limits is not None:
        floor, ceiling = limits
    elif len(values):
        lowest, highest = float(values.min()), float(values.max())
        floor = lowest if lowest in _FLOORS[unit] or (codes == -1).any() else None
        ceiling = highest if highest in _CEILINGS[unit] or (codes == 1).any() else None
    below = (codes == -1) if floor is None else (codes == -1) | (values <= floor)
    above = (codes == 1) if ceiling is None else (codes == 1) | (values >= ceiling)
    return below, above, floor, ceiling
