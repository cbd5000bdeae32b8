"""Calibrates the twin for a report and writes its figures and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from insulinoma.calibrate.calibrate import calibrate, recorded
from insulinoma.calibrate.posterior import Posterior
from insulinoma.calibrate.result import contradictions
from insulinoma.calibrate.sampling.draws import Method
from insulinoma.errors import ComputationError, UsageError
from insulinoma.record.schema import CaseRecord
from insulinoma.report.blocks import Section
from insulinoma.report.twin.canvas import Picture
from insulinoma.report.twin.fan import fan_chart
from insulinoma.report.twin.forest import forest
from insulinoma.report.twin.section import SCENARIOS, TWIN, WHAT_IF, no_twin_section, twin_section
from insulinoma.report.twin.tables import fan_csv, what_if_csv
from insulinoma.what_if.scenario import Scenario, scenario
from insulinoma.what_if.what_if import Comparison, what_if


class _Quick(TypedDict):
    draws: int
    method: Method
    rounds: int


_DRAWS = 64
# What a report can wait for; a posterior of more draws is made by `calibrate` and handed over.
QUICK: _Quick = {"draws": 160, "method": "importance", "rounds": 8}


@dataclass(frozen=True)
class Made:
    """The section of the twin, its figures as SVG by name, and a sentence for each fact that does not fit."""

    section: Section
    figures: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)


def build_twin(
    record: CaseRecord, folder: Path, *, seed: int, glucose_unit: str, posterior: Posterior | None = None
) -> Made:
    """The twin of a record, from a posterior of it or a quick one; it is kept beside the report as netCDF."""
    try:
        posterior = posterior or calibrate(record, seed=seed, **QUICK)
    except (ComputationError, UsageError) as error:
        return Made(no_twin_section(str(error)))
    posterior.save(folder / f"{TWIN}.nc")
    figures = {TWIN: _written(fan_chart(posterior, glucose_unit=glucose_unit), folder, TWIN, fan_csv(posterior))}
    compared = _compared(posterior)
    if compared is not None:
        figures[WHAT_IF] = _written(forest(compared.result), folder, WHAT_IF, what_if_csv(compared.result))
    section = twin_section(posterior.result, compared.result if compared else None)
    return Made(section, figures, contradictions(posterior.result))


def posterior_of(record: CaseRecord, path: Path) -> Posterior:
    """The posterior of a file; UsageError where it was calibrated to another record."""
    found = Posterior.load(path)
    if found.tree.attrs["record"] != recorded(record):
        raise UsageError(f"{path.name} was calibrated to another record, or to an earlier state of this one.")
    names = found.tree["sample_stats"].to_dataset()["parameter"].values.tolist()
    if names != list(found.problem.coordinates.names):
        version = found.tree.attrs["version"]
        raise UsageError(f"{path.name} was calibrated with other parameters, by version {version}. Calibrate again.")
    return found


def _compared(posterior: Posterior) -> Comparison | None:
    """The scenarios of the report that change something in this record."""
    given = posterior.problem.given.regimen
    fitting = [item for item in map(scenario, SCENARIOS) if _fits(item, {order.what for order in given.orders})]
    return what_if(posterior, fitting, draws=_DRAWS) if fitting else None


def _fits(item: Scenario, given: set[str]) -> bool:
    names = given | {name.partition(".")[2] for name in given}
    return any(name in names for name in item.remove)


def _written(picture: Picture, folder: Path, name: str, table: str) -> str:
    svg = picture.svg()
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    (folder / f"{name}.png").write_bytes(picture.png())
    (folder / f"{name}.csv").write_text(table, encoding="utf-8")
    return svg
