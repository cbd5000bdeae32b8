"""What can be asked of a simulated day: glycemic summaries by name, and quantities of the model at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from insulinoma.cohort.fields import Days, Percent, Strict, Text
from insulinoma.errors import did_you_mean
from insulinoma.model.compose import Model
from insulinoma.model.subsystem import Output, State
from insulinoma.model.units import ratio

Floats = npt.NDArray[np.float64]
MINUTES_A_DAY = 1440.0
_SUMMARIES = {
    "glucose_min": "mg/dL",
    "glucose_mean": "mg/dL",
    "minutes_below_54": "min",
    "minutes_below_70": "min",
    "minutes_above_180": "min",
    "dextrose_g": "g",
    "insulin_mean": "pmol/L",
    "c_peptide_mean": "pmol/L",
}
_SHARES = {
    "time_below_54": "minutes_below_54",
    "time_below_70": "minutes_below_70",
    "time_above_180": "minutes_above_180",
}
_VALUE = re.compile(r"\s*(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>\S.*?)\s*")


@dataclass(frozen=True)
class Quantity:
    """A quantity of a day by name, its unit, and the column of the day's table that it comes from."""

    name: str
    unit: str
    column: str
    factor: float = 1.0

    def of(self, days: Mapping[str, Floats]) -> Floats:
        """Its values, patients by days."""
        return days[self.column] * self.factor


def known_quantities(model: Model) -> dict[str, Quantity]:
    """All quantities of a day by name: summaries, shares of the day in percent, states and outputs at its end."""
    found = {name: Quantity(name, unit, name) for name, unit in _SUMMARIES.items()}
    found |= {name: Quantity(name, "%", column, 100 / MINUTES_A_DAY) for name, column in _SHARES.items()}
    declared: dict[str, State | Output] = {**model.states, **model.outputs}
    return found | {name: Quantity(name, item.unit, name) for name, item in declared.items()}


def followed(model: Model, names: set[str]) -> tuple[str, ...]:
    """Those of some quantities that the engine has to follow, as they are no summaries."""
    return tuple(sorted(name for name in names if name in model.states or name in model.outputs))


class Condition(Strict):
    """A quantity above or below a limit, or changed by a share of what it was before treatment, for days on end.

    Exactly one of `above`, `below`, `falls_by` and `rises_by` is set; a limit carries its unit.
    """

    quantity: Text
    above: Text | None = None
    below: Text | None = None
    falls_by: Annotated[Percent, Field(gt=0, lt=100)] | None = None
    rises_by: Annotated[Percent, Field(gt=0)] | None = None
    days: Annotated[Days, Field(ge=1)] = Field(default=1.0, alias="for")

    @model_validator(mode="after")
    def _one_limit(self) -> Condition:
        given = [name for name in ("above", "below", "falls_by", "rises_by") if getattr(self, name) is not None]
        if len(given) != 1:
            context = {"expected": "one of above, below, falls_by, rises_by"}
            raise PydanticCustomError("limit", "the condition has no limit, or several", context)
        return self

    def problem(self, model: Model) -> tuple[str, str, str] | None:
        """What makes the condition impossible: the problem, what was expected, and a hint; None where nothing does."""
        known = known_quantities(model)
        if self.quantity not in known:
            near = did_you_mean(self.quantity, known)
            return f"{self.quantity!r} is not a quantity of a day", "such as time_below_54 or glucose_mean", near
        if self.days != int(self.days):
            return f"{self.days:g} days are not whole days", "a whole number of days", ""
        text = self.above or self.below
        if text is None:
            return None
        unit, found = known[self.quantity].unit, _VALUE.fullmatch(text)
        factor = ratio(found["unit"], unit) if found and unit != "%" else float(bool(found and found["unit"] == "%"))
        if found is None or not factor:
            return f"{text!r} is no limit of {self.quantity}", f"a number with its unit, such as '5 {unit}'", ""
        return self._never(float(found["number"]) * factor, unit)

    def _never(self, limit: float, unit: str) -> tuple[str, str, str] | None:
        largest = {"%": 100.0, "min": MINUTES_A_DAY}.get(unit, float("inf"))
        if self.above is not None and limit >= largest:
            return f"{self.quantity} is never above {self.above}", f"a limit below {largest:g} {unit}", ""
        if self.below is not None and limit <= 0:
            return f"{self.quantity} is never below {self.below}", "a limit above 0", ""
        return None

    def met(self, model: Model, days: Mapping[str, Floats], before: Mapping[str, Floats]) -> npt.NDArray[np.bool_]:
        """Patients by days: whether the quantity is beyond its limit; `before` holds the last day of the run-in."""
        known = known_quantities(model)[self.quantity]
        values = known.of(days)
        if self.falls_by is not None:
            return values < (1 - self.falls_by / 100) * known.of(before)
        if self.rises_by is not None:
            return values > (1 + self.rises_by / 100) * known.of(before)
        limit = _number(self.above or self.below or "", known.unit)
        return values > limit if self.above is not None else values < limit


def _number(text: str, unit: str) -> float:
    found = _VALUE.fullmatch(text)
    assert found is not None  # noqa: S101
    return float(found["number"]) * (1.0 if unit == "%" else ratio(found["unit"], unit) or 1.0)
