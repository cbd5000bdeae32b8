"""What the jobs on twins do: a posterior, and scenarios on its draws, as the page shows and keeps them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from insulinoma.app.scenarios import checked, text_of
from insulinoma.calibrate.calibrate import calibrate
from insulinoma.calibrate.posterior import Posterior
from insulinoma.record.schema import CaseRecord
from insulinoma.report.twin.build import QUICK, posterior_of
from insulinoma.report.twin.tables import what_if_csv
from insulinoma.what_if.what_if import Comparison, what_if

Tell = Callable[[float, str], None]
PERCENTILES = (5, 25, 50, 75, 95)
_FOLLOWED = {
    "glucose_min": "mg/dL",
    "insulin_mean": "pmol/L",
    "burden.V_tumor": "mL",
    "nse.M": "ng/mL",
    "ca19_9.M": "U/mL",
}
_PER_STEP = 0.88


def calibrated(
    record: CaseRecord,
    tell: Tell,
    *,
    seed: int,
    draws: int,
    method: Literal["auto", "importance", "tempering"],
    rounds: int,
    share: float = 1.0,
) -> Posterior:
    """The posterior of a record; `share` is the part of the job that this is.

    How many steps sampling takes is not known before, so that each step goes the same part of what is left.
    """
    left = 1.0

    def shown(text: str) -> None:
        nonlocal left
        tell(share * (1 - left), text)
        left *= _PER_STEP

    return calibrate(record, seed=seed, draws=draws, method=method, rounds=rounds, shown=shown)


def posterior_for(record: CaseRecord, source: Path | None, seed: int, tell: Tell) -> Posterior:
    """The posterior that is kept, or a quick one."""
    if source is not None:
        return posterior_of(record, source)
    return calibrated(record, tell, seed=seed, share=0.7, **QUICK)


def compared(
    posterior: Posterior, record: CaseRecord, request: Mapping[str, Any], tell: Tell
) -> tuple[dict[str, Any], dict[str, str]]:
    """The result of `what-if --json`, and the files to keep by name: table, bands, scenarios."""
    texts = {item["name"]: text_of(item["name"], item["text"]) for item in request["scenarios"]}
    scenarios = [checked(name, text, record) for name, text in texts.items()]
    begin = 0.0 if request["posterior"] is not None else 0.7
    count = 0

    def shown(text: str) -> None:
        nonlocal count
        tell(begin + (1 - begin) * count / (1 + len(scenarios)), text)
        count += 1

    found = what_if(posterior, scenarios, draws=request["draws"], shown=shown)
    files = {f"{name}.yaml": text for name, text in texts.items()}
    rows = _bands(found)
    files |= {"bands.json": json.dumps(_table(rows)), "bands.csv": _csv(rows), "what-if.csv": what_if_csv(found.result)}
    return found.result, files


def _bands(found: Comparison) -> list[tuple[str, str, str, int, list[float | None]]]:
    """Scenario, quantity, unit, record day and percentiles of each day from day 0 on."""
    rows = []
    for outcome in found.outcomes:
        course = outcome.course
        for name, unit in _FOLLOWED.items():
            if name not in course.days:
                continue
            levels = np.nanpercentile(course.days[name][:, -course.start :], PERCENTILES, axis=0)
            for day, values in enumerate(levels.T):
                kept = [float(f"{value:.4g}") if np.isfinite(value) else None for value in values]
                rows.append((outcome.scenario.name, name, unit, day, kept))
    return rows


def _table(rows: list[tuple[str, str, str, int, list[float | None]]]) -> dict[str, Any]:
    """Bands by scenario and quantity, `levels` by percentile and day."""
    found: dict[str, Any] = {"percentiles": PERCENTILES, "units": {}, "scenarios": {}}
    for scenario, name, unit, _, values in rows:
        found["units"][name] = unit
        levels = found["scenarios"].setdefault(scenario, {}).setdefault(name, [[] for _ in PERCENTILES])
        for level, value in zip(levels, values, strict=True):
            level.append(value)
    return found


def _csv(rows: list[tuple[str, str, str, int, list[float | None]]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("scenario", "quantity", "unit", "day", *(f"p{level}" for level in PERCENTILES)))
    writer.writerows((*begin, *values) for *begin, values in rows)
    return buffer.getvalue()
