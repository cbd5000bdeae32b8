"""Imaging at visits: measured diameters of the tumor's sites, judged by RECIST 1.1."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from insulinoma.assessment.recist import (
    Imaging,
    Response,
    Target,
    TimeResponse,
    best_response,
    measurable,
    recist_series,
)
from insulinoma.cohort.design import Trial
from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import DayTable
from insulinoma.cohort.fate import Fate
from insulinoma.cohort.visits import visit_days
from insulinoma.model.compose import Model
from insulinoma.simulate.draws import noise

_MM_BY_CM = Decimal(10)
_IMAGED = ("recist_response", "progression_free")


@dataclass(frozen=True)
class TumorResponse:
    """By patient: best response, best change of the sum of diameters in percent, and the day of progression."""

    best: list[Response]
    change: Floats
    progression: Floats


def tumor_sites(model: Model) -> dict[str, str]:
    """The quantity that holds the diameter on CT of every site that can be a target."""
    sites = {"primary": "pancreas", "right_lobe": "liver", "left_lobe": "liver"}
    return {f"{site}.CT_diameter": organ for site, organ in sites.items() if f"{site}.CT_diameter" in model.outputs}


def tumor_responses(
    trial: Trial, model: Model, patients: Patients, table: DayTable, before: DayTable, fate: Fate
) -> TumorResponse:
    """The response of every patient at the visits before the end; NE where there was none or nothing to measure.

    The error of a diameter is drawn by patient, visit and site, and is the same in every arm. Nobody is
    imaged where no endpoint asks for it.
    """
    if not any(item.measure in _IMAGED for item in trial.endpoints):
        nothing = np.full(len(patients), np.nan)
        return TumorResponse(["NE"] * len(patients), nothing, np.full(len(patients), np.inf))
    sites = tumor_sites(model)
    days = visit_days(trial)
    true = np.array([[before[name][:, -1] if day < 0 else table[name][:, day] for name in sites] for day in days])
    errors = [
        [noise(trial.seed, f"diameter of {name} on day {day}", patients.numbers) for name in sites] for day in days
    ]
    sizes = np.moveaxis(true * (1 + trial.visits.diameter_error / 100 * np.array(errors)), 2, 0)
    seen = (np.array(days) < 0) | (np.array(days) + 1 <= fate.day[:, None])
    found = [_judged(sites, days, own, np.flatnonzero(came).tolist()) for own, came in zip(sizes, seen, strict=True)]
    best, change, progression = zip(*found, strict=True)
    return TumorResponse(list(best), np.array(change), np.array(progression))


def _judged(sites: dict[str, str], days: list[int], sizes: Floats, seen: list[int]) -> tuple[Response, float, float]:
    if not np.isfinite(sizes[seen]).all():
        return "NE", np.nan, np.inf
    targets = [Target(name, node=False, organ=organ) for name, organ in sites.items()]
    chosen = [target for column, target in enumerate(targets) if measurable(target, _mm(sizes[0, column]))]
    columns = {target.name: list(sites).index(target.name) for target in chosen}
    images = [
        Imaging(f"day {days[index] + 1}", {name: _mm(sizes[index, column]) for name, column in columns.items()})
        for index in seen
    ]
    if not chosen or len(images) < 2:
        return "NE", np.nan, np.inf
    responses = recist_series(chosen, images[0], images[1:])
    changes = [float(item.from_baseline) for item in responses if item.from_baseline is not None]
    return best_response(responses), min(changes, default=np.nan), _progression(responses, days, seen)


def _progression(responses: list[TimeResponse], days: list[int], seen: list[int]) -> float:
    progressed = [days[index] + 1 for index, item in zip(seen[1:], responses, strict=True) if item.overall == "PD"]
    return float(min(progressed, default=np.inf))


def _mm(centimeters: float) -> Decimal:
    """A diameter as read: to the tenth of a millimeter, never below zero."""
    return max(Decimal(0), round(Decimal(float(centimeters)) * _MM_BY_CM, 1))
