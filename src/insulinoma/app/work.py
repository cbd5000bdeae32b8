"""What jobs do, by kind: each takes a request, writes its files into a folder and tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from insulinoma.app.records import Records
from insulinoma.app.workspace import Workspace

Tell = Callable[[float, str], None]
Work = Callable[[dict[str, Any], Workspace, Path, Tell], None]


def report(request: dict[str, Any], workspace: Workspace, folder: Path, tell: Tell) -> None:
    """The report on a record: HTML, PDF, figures and tables, as `insulinoma report` writes them."""
    from insulinoma.report.build import ReportBuilder

    record = Records(workspace).open(request["record"]).record
    steps = list(ReportBuilder(record, folder, request["glucose_unit"]).steps())
    for number, (words, step) in enumerate(steps):
        tell(number / len(steps), words)
        step()


WORK: dict[str, Work] = {"report": report}
