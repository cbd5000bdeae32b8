"""Makes the whole report of a record in a folder: HTML, PDF, the figure, and every table as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from insulinoma.record.schema import CaseRecord
from insulinoma.report.blocks import Listing, Report, Table

Step = tuple[str, Callable[[], None]]


@dataclass
class ReportBuilder:
    """Builds the report step by step, so that a caller can show how far it is."""

    record: CaseRecord
    folder: Path
    glucose_unit: str = "mg/dL"
    twin: bool = False
    seed: int = 0
    posterior: Path | None = None
    contradictions: list[str] = field(default_factory=list)

    def steps(self) -> Iterator[Step]:
        """The steps in their order, each with what it does in words."""
        yield "assessing", self._assess
        yield "reading the evidence", self._read_evidence
        yield "drawing the clinical course", self._draw
        if self.twin:
            yield "calibrating the twin, and asking what if", self._add_twin
        yield "writing tables", self._write_tables
        yield "writing report.html", self._write_html
        yield "writing report.pdf", self._write_pdf

    def files(self) -> list[Path]:
        """The files of the folder."""
        return sorted(self.folder.iterdir())

    def _assess(self) -> None:
        from insulinoma.assessment.assess import assess

        self.folder.mkdir(parents=True, exist_ok=True)
        self.assessment = assess(self.record).to_json()

    def _read_evidence(self) -> None:
        from insulinoma.report.content import report_of
        from insulinoma.report.literature import treatments_of

        self.report = report_of(self.record, self.assessment, treatments_of(self.record))

    def _draw(self) -> None:
        from insulinoma.report.content import COURSE
        from insulinoma.report.course.figure import plot_course

        picture = plot_course(self.record, glucose_unit=self.glucose_unit)
        self.figures = {COURSE: picture.svg()}
        (self.folder / f"{COURSE}.svg").write_text(self.figures[COURSE], encoding="utf-8")
        (self.folder / f"{COURSE}.png").write_bytes(picture.png())
        (self.folder / f"{COURSE}.csv").write_text(picture.csv(), encoding="utf-8")

    def _add_twin(self) -> None:
        from insulinoma.report.twin.build import build_twin, posterior_of

        given = None if self.posterior is None else posterior_of(self.record, self.posterior)
        made = build_twin(self.record, self.folder, seed=self.seed, glucose_unit=self.glucose_unit, posterior=given)
        self.figures |= made.figures
        self.contradictions = made.contradictions
        *first, last = self.report.sections
        self.report = replace(self.report, sections=(*first, made.section, last))

    def _write_tables(self) -> None:
        for name, text in tables_of(self.report).items():
            (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")

    def _write_html(self) -> None:
        from insulinoma.report.html import write_html

        write_html(self.report, self.figures, self.folder / "report.html")

    def _write_pdf(self) -> None:
        from insulinoma.report.pdf import write_pdf

        write_pdf(self.report, self.figures, self.folder / "report.pdf")


def tables_of(report: Report) -> dict[str, str]:
    """Every table and listing of a report as CSV text, by name."""
    found = {}
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                found[block.name] = _csv(block.columns, [[cell.text for cell in row] for row in block.rows])
            elif isinstance(block, Listing):
                found[block.name] = _csv(("key", "text"), block.items)
    return found


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
