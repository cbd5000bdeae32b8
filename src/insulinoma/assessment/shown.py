"""How glucose is shown to a reader; values are compared in the unit in which they were reported."""

from __future__ import annotations

from typing import Any

from insulinoma.quantities import convert


def show_glucose(result: dict[str, Any], unit: str) -> None:
    """Adds `shown` in the reader's unit beside every glucose that was reported in another unit."""
    levels = result["hypoglycemia"]
    places = [
        result["criteria"]["whipple"]["low_glucose"],
        result["criteria"]["endocrine_society_2009"]["glucose"],
        result["criteria"]["endocrine_society_2009"]["glucagon_response"],
        *levels["levels"].values(),
        *levels["episodes"],
        result["toxicity"]["hypoglycemia"],
        *([levels["max_level_basis"]] if levels["max_level_basis"] else []),
    ]
    for place in places:
        if place["value"] is not None and place["unit"] not in (None, unit):
            shown = convert("glucose", place["value"], place["unit"], unit).value
            place["shown"] = {"value": round(shown, 1 if unit == "mg/dL" else 3), "unit": unit}
