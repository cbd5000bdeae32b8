"""The section of the twin in a report of a short record."""

from __future__ import annotations

from pathlib import Path

from small_record import short_stay

from insulinoma.calibrate.posterior import Posterior
from insulinoma.report.build import ReportBuilder


def test_the_report_holds_the_fit_what_moved_and_the_limits(tmp_path: Path) -> None:
    builder = ReportBuilder(short_stay(), tmp_path, twin=True, seed=1)
    for _, step in builder.steps():
        step()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    result = Posterior.load(tmp_path / "twin.nc").result
    assert result["summary"][0] in page
    assert "It is no forecast, and no advice." in page
    for name in ("twin.svg", "twin.png", "twin.csv", "twin-facts.csv", "twin-parameters.csv", "report.pdf"):
        assert (tmp_path / name).stat().st_size > 100, name
    assert not builder.contradictions
