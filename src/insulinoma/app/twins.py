"""The twin of a record: its orders, and its course under other orders on draws of a posterior or of the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.app.orders import after, moved, until
from insulinoma.app.runs import DAY, Curves, simulated, step
from insulinoma.calibrate.calibrate import recorded
from insulinoma.calibrate.facts.therapy import twin_model
from insulinoma.calibrate.problem import WARM_UP, Problem, problem_of
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.model.compose import Model
from insulinoma.model.tumor import SITES
from insulinoma.record.schema import CaseRecord
from insulinoma.report.twin.build import posterior_of
from insulinoma.simulate.regimen import Order, Regimen

Floats = npt.NDArray[np.float64]
# What the page offers for every twin, so that adding a treatment needs no other model.
_OFFERED = ("dextrose", "diazoxide", "etoposide_cisplatin", "everolimus", "glucagon", "glucocorticoid", "octreotide")
_BEGIN = WARM_UP * DAY


@dataclass(frozen=True)
class Twin:
    """A record as a model with uncertain parameters, and the draws (draws, names) that are known of it.

    `draws` are those of a posterior, or of the prior where there is none.
    """

    problem: Problem
    draws: Floats
    of: str

    @property
    def model(self) -> Model:
        """The model with every treatment that was given or that the page offers."""
        sites = tuple(site for site in SITES if site in self.problem.model.parts)
        return twin_model(sites, tuple(sorted({*self.problem.given.treatments, *_OFFERED})))

    def habits(self) -> dict[str, Any]:
        """How the patient lives by the model, and what can be given or done, with the unit of each."""
        who, model = self.problem.who, self.model
        units = {place: item.unit for place, item in model.inputs.items()}
        units |= {place: item.unit for place, item in model.events.items()}
        return {
            "subject": self.problem.record.id,
            "weight_kg": self.problem.fixed.get("person.weight", who.weight),
            "carbohydrate_g_per_kg": who.carbohydrate if who.meals else 0.0,
            "meals": [list(meal) for meal in who.meals],
            "dextrose_mg_per_kg_min": 0.0,
            "orders": units,
        }

    def given(self) -> dict[str, Any]:
        """What was given and done before and from day 0 on; what was assumed, what was left out, the last day."""
        given = self.problem.given
        before = [part for item in given.regimen.orders for part in until(item, _BEGIN)]
        return {
            "before": [_told(item, -_BEGIN) for item in before],
            "given": [_told(part) for item in given.regimen.orders for part in after(item, _BEGIN)],
            "assumed": [*self.problem.clock.assumed, *given.assumed],
            "left_out": list(given.left_out.values()),
            "days": int(self.problem.clock.end),
        }

    def run(self, orders: Sequence[Order], days: int, patients: int) -> Curves:
        """The course from day 0 on under orders, on so many draws; one is the middle of the draws."""
        problem = self.problem
        before = [part for item in problem.given.regimen.orders for part in until(item, _BEGIN)]
        regimen = Regimen((*before, *(part for item in self._assumed(orders) for part in moved(item, _BEGIN))))
        z = self.draws.mean(axis=0, keepdims=True) if patients == 1 else evenly(self.draws, patients)
        known = problem.parameters(z)
        if patients > 1:
            known |= problem.drawn_for(self.model, len(z), 0)
        typical = {name: item.value for name, item in self.model.parameters.items()}
        lanes = {name: np.broadcast_to(known.get(name, value), (len(z),)) for name, value in typical.items()}
        start = {name: np.full(len(z), value) for name, value in problem.who.begin if name in self.model.states}
        window = (_BEGIN, _BEGIN + days * DAY, step(days, patients))
        return simulated(self.model, problem.as_given([regimen] * len(z), known), window, lanes, start)

    def _assumed(self, orders: Sequence[Order]) -> list[Order]:
        """The orders of a page; one that begins as it was assumed, in the same amount, is as unsure as that."""
        given = [part for item in self.problem.given.regimen.orders for part in after(item, _BEGIN)]
        return [
            replace(item, unsure=next((known.unsure for known in given if _alike(item, known)), item.unsure))
            for item in orders
        ]


def _alike(one: Order, other: Order) -> bool:
    """Whether two orders begin alike, the numbers of one rounded by a page."""
    return (
        one.what.rpartition(".")[2] == other.what.rpartition(".")[2]
        and abs(one.start - other.start) < 1
        and abs(one.every - other.every) < 1
        and abs(one.amount - other.amount) < 0.01 * other.amount
    )


def _told(item: Order, minutes: float = 0.0) -> dict[str, Any]:
    """An order as the page reads it, so many minutes later."""
    stop = None if item.stop is None else item.stop + minutes
    told = asdict(replace(item, start=item.start + minutes, stop=stop))
    return {key: value for key, value in told.items() if key not in ("place", "unsure")}


def evenly(draws: Floats, count: int) -> Floats:
    """So many draws, evenly taken, or all where there are fewer."""
    found: Floats = draws[np.linspace(0, len(draws) - 1, min(count, len(draws))).round().astype(int)]
    return found


def twin_of(record: CaseRecord, posterior: Path | None, most: int) -> Twin:
    """The twin of a record with the draws of a posterior, or with so many of its prior.

    ComputationError where the record holds nothing that the model predicts; UsageError where the posterior is
    one of another record.
    """
    return _twin(recorded(record), posterior, most)


@lru_cache(maxsize=8)
def _twin(text: str, posterior: Path | None, most: int) -> Twin:
    record = CaseRecord.model_validate_json(text)
    if posterior is None:
        problem = problem_of(record)
        return Twin(problem, noise(0, 1, (most, len(problem.coordinates))), "prior")
    found = posterior_of(record, posterior)
    return Twin(found.problem, found.z, "posterior")
