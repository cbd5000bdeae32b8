"""A report as an accessible PDF, set by typst from the same parts as the HTML."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insulinoma.data import read_text
from insulinoma.intended_use import INTENDED_USE
from insulinoma.report.blocks import Report
from insulinoma.report.html import SIGNS


def write_pdf(report: Report, figures: dict[str, str], target: Path) -> None:
    """Writes the PDF (PDF/UA-1) of a report; `figures` holds the SVG text of each figure by name."""
    import typst

    data = json.dumps({**_printed(asdict(report)), "signs": SIGNS, "intended_use": INTENDED_USE}, ensure_ascii=False)
    with TemporaryDirectory() as folder:
        for name, svg in figures.items():
            Path(folder, f"{name}.svg").write_text(svg, encoding="utf-8")
        Path(folder, "report.typ").write_text(read_text("templates", "report.typ"), encoding="utf-8")
        Path(folder, "report.json").write_text(data, encoding="utf-8")
        typst.compile(
            str(Path(folder, "report.typ")),
            output=str(target),
            font_paths=[str(_font_folder())],
            pdf_standards=["ua-1"],
        )


def _printed(report: dict[str, Any]) -> dict[str, Any]:
    """The report with its long tables cut to the rows that are printed."""
    for section in report["sections"]:
        for block in section["blocks"]:
            shown = block.get("printed")
            part = {"table": "rows", "listing": "items"}.get(block["kind"])
            if shown is not None and part is not None:
                block[part] = [block[part][index] for index in shown]
    return report


def _font_folder() -> Path:
    """The folder of the fonts that matplotlib ships, in which the figures are set."""
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf")
