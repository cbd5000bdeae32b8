"""Fields of population and trial files: numbers that carry their unit, read from short texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_QUANTITY = re.compile(r"(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?P<unit>.*)")
_DAYS = {"h": 1 / 24, "d": 1.0, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0, "year": 365.25, "years": 365.25}
_PER_DAY = {"/d": 1.0, "/day": 1.0, "/year": 1 / 365.25}


class Strict(BaseModel):
    """A part of a file: frozen, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _with_unit(units: dict[str, float], example: str) -> Callable[[Any], float]:
    def read(given: Any) -> float:
        found = _QUANTITY.fullmatch(str(given).strip())
        if found is None or found["unit"] not in units:
            context = {"expected": f"a number with its unit, such as '{example}' (units: {', '.join(units)})"}
            raise PydanticCustomError("quantity", "{given} is not a quantity here", {**context, "given": repr(given)})
        return float(found["number"]) * units[found["unit"]]

    return read


Days = Annotated[float, BeforeValidator(_with_unit(_DAYS, "30 d"))]
Percent = Annotated[float, BeforeValidator(_with_unit({"%": 1.0}, "5 %"))]
Rate = Annotated[float, BeforeValidator(_with_unit(_PER_DAY, "0.1 /year")), Field(ge=0)]
"""A rate by day, written with its unit."""
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1)]
