"""The figures of a comparison, written as files."""

from __future__ import annotations

from pathlib import Path

from insulinoma.calibrate.posterior import Posterior
from insulinoma.report.twin.fan import fan_chart
from insulinoma.report.twin.forest import forest
from insulinoma.report.twin.scenarios import scenario_fans
from insulinoma.what_if.what_if import Comparison


def write_figures(posterior: Posterior, found: Comparison, folder: Path, *, glucose_unit: str = "mg/dL") -> list[Path]:
    """Writes the fan chart, the forest, and the scenarios day by day as SVG and PNG; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    pictures = {"twin": fan_chart(posterior, glucose_unit=glucose_unit), "what-if": forest(found.result)}
    fans = scenario_fans(posterior, found, glucose_unit=glucose_unit)
    for name, picture in (pictures | ({"scenarios": fans} if fans else {})).items():
        (folder / f"{name}.svg").write_text(picture.svg(), encoding="utf-8")
        (folder / f"{name}.png").write_bytes(picture.png())
        written += [folder / f"{name}.svg", folder / f"{name}.png"]
    return written
