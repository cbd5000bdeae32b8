"""Writes the report of a trial into its folder: HTML, PDF, pictures, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from insulinoma.cohort.analysis.frame import measure_of
from insulinoma.cohort.analysis.results import Results, results
from insulinoma.cohort.design import Trial
from insulinoma.cohort.population import Population
from insulinoma.cohort.run.store import Store

if TYPE_CHECKING:
    from insulinoma.report.trial.picture import Picture

Step = tuple[str, Callable[[], None]]


@dataclass
class TrialReport:
    """Builds the report step by step, so that a caller can show how far it is; `found` holds the results."""

    trial: Trial
    population: Population
    store: Store

    def steps(self) -> Iterator[Step]:
        """The steps in their order, each with what it does in words."""
        yield "analyzing", self._analyze
        yield "drawing", self._draw
        yield "writing the report", self._write

    def _analyze(self) -> None:
        self.found = results(self.trial, self.store.frames)
        for name, table in self.found.tables.items():
            (self.store.folder / f"{name}.csv").write_text(table.csv(), encoding="utf-8")

    def _draw(self) -> None:
        self.pictures = pictures(self.found)
        for name, made in self.pictures.items():
            (self.store.folder / f"{name}.svg").write_text(made.svg, encoding="utf-8")
            (self.store.folder / f"{name}.png").write_bytes(made.png)

    def _write(self) -> None:
        from insulinoma.report.html import write_html
        from insulinoma.report.pdf import write_pdf
        from insulinoma.report.trial.content import trial_report

        heights = {name: made.height_mm for name, made in self.pictures.items()}
        figures = {name: made.svg for name, made in self.pictures.items()}
        report = trial_report(self.found, self.population, identity=self.store.identity, heights=heights)
        write_html(report, figures, self.store.folder / "report.html")
        write_pdf(report, figures, self.store.folder / "report.pdf")


def pictures(found: Results) -> dict[str, Picture]:
    """All pictures of a trial by name; each shows the table of its name."""
    from insulinoma.report.trial.contrasts import difference_picture, forest_picture, power_picture
    from insulinoma.report.trial.curves import curve_picture
    from insulinoma.report.trial.patients import swimmer_picture, waterfall_picture

    drawn = {
        f"curve-{endpoint.name}": curve_picture(found, endpoint)
        for endpoint in found.trial.endpoints
        if measure_of(endpoint).kind == "time"
    }
    made = {
        "subgroups": forest_picture,
        "power": power_picture,
        "differences": difference_picture,
        "stays": swimmer_picture,
        "changes": waterfall_picture,
    }
    return drawn | {
        name: draw(found) for name, draw in made.items() if name in found.tables and found.tables[name].rows
    }
