"""The inference problem of one record: what is uncertain, what was given, what was seen, and how well they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.coordinates import Coordinates, uncertain
from insulinoma.calibrate.facts.clock import Clock, clock_of
from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.observation import score, total_of
from insulinoma.calibrate.facts.quantity import AT_MOMENTS, all_times
from insulinoma.calibrate.facts.read import Facts, facts_of
from insulinoma.calibrate.facts.readings import Readings
from insulinoma.calibrate.facts.therapy import Therapy, covariates, therapy, twin_model
from insulinoma.calibrate.given import as_given, lateness, unknown_amounts, unknown_days
from insulinoma.calibrate.link import Link
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.sampling.target import Scores
from insulinoma.errors import ComputationError
from insulinoma.model.compose import Model
from insulinoma.model.markers import MARKERS
from insulinoma.model.subsystem import Parameter
from insulinoma.model.tumor import SITES
from insulinoma.record.schema import CaseRecord
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import MAN_BY_WOMAN
from insulinoma.simulate.regimen import Regimen, UnknownDay
from insulinoma.simulate.subject import Subject, subject

Floats = npt.NDArray[np.float64]
WARM_UP = 7
_DAILY = ("glucose_min", "glucose_mean", "minutes_below_54", "minutes_below_70", "insulin_mean", "c_peptide_mean")
_FOLLOWED = ("burden.V_tumor", "burden.CT_liver", "nse.M", "ca19_9.M", "dupan_2.M", "span_1.M")


@dataclass(frozen=True)
class Problem:
    """A record as an inference problem; parameters as standard normal coordinates.

    `fixed` holds covariates; `start` the states at which the simulation begins, `WARM_UP` days before day 0.
    """

    clock: Clock
    who: Subject
    model: Model
    given: Therapy
    facts: Facts
    coordinates: Coordinates
    fixed: Mapping[str, float]

    @property
    def record(self) -> CaseRecord:
        """The record, its undated events placed."""
        return self.clock.record

    @property
    def smooth(self) -> npt.NDArray[np.bool_]:
        """Which coordinates have derivatives: all but traits."""
        return ~self.coordinates.traits

    @cached_property
    def readings(self) -> Readings:
        """What the facts read of a course."""
        return Readings.of(item.quantity for item in self.facts.observations)

    @property
    def alike(self) -> list[npt.NDArray[np.int_]]:
        """The columns of the features of each quantity."""
        return self.readings.alike

    @cached_property
    def _link(self) -> Link:
        markers = {name: self.readings.named(f"{name}.M") for name in MARKERS if name in self.model.parts}
        return Link(markers, self.coordinates, {**dict(self.who.parameters), **self.fixed})

    def acting(self, z: Floats) -> Floats:
        """The coordinates as they act within the bounds of the parameters."""
        return self.coordinates.acting(z)

    @property
    def days(self) -> int:
        """The length of the simulation, warm-up included."""
        return int(self.clock.end) + WARM_UP

    @property
    def unknown(self) -> tuple[UnknownDay, ...]:
        """The days that are parameters: of undated events, and on which something assumed began."""
        return tuple({item.name: item for item in (*self.clock.unknown, *self.given.days)}.values())

    def parameters(self, z: Floats) -> dict[str, Any]:
        """The parameters of the model, and what is unknown of the orders, at coordinates (lanes, names)."""
        return {**dict(self.who.parameters), **self.fixed, **self.coordinates.values(z)}

    def as_given(self, regimens: Sequence[Regimen], parameters: Mapping[str, Floats]) -> list[Regimen]:
        """The orders that each patient had, one regimen a lane, where the parameters (lanes,) hold what is unknown."""
        return as_given(regimens, parameters, lateness(self.unknown, parameters))

    @cached_property
    def asked(self) -> tuple[tuple[float, ...], tuple[str, ...]]:
        """The record days at which glucose and hormones are kept, and the names followed by day."""
        times, follows = all_times(item.quantity for item in self.facts.observations)
        known = {**self.model.states, **self.model.outputs}
        return times, tuple(dict.fromkeys((*follows, *(name for name in _FOLLOWED if name in known))))

    def drawn_for(self, model: Model, lanes: int, seed: int) -> dict[str, Floats]:
        """Parameters of another model that this problem does not know, from their priors, (lanes,) each."""
        new = {name: item for name, item in self.who.priors.items() if name not in self.model.parameters}
        other = uncertain({name: item for name, item in new.items() if name in model.parameters}, self.fixed)
        return other.values(noise(seed, 5, (lanes, len(other))))

    def course(
        self,
        z: Floats,
        *,
        regimen: Regimen | Sequence[Regimen] | None = None,
        model: Model | None = None,
        changes: Mapping[str, Any] | None = None,
        follow: tuple[str, ...] = (),
        seed: int = 0,
    ) -> Course:
        """What the model predicts at coordinates (lanes, names), under what was given or another regimen.

        `changes` replaces parameters, `follow` names more states and outputs to keep at the end of each day.
        """
        times, follows = self.asked
        chosen = model or self.model
        parameters = {**self.parameters(z), **self.drawn_for(chosen, len(z), seed), **(changes or {})}
        lanes = {
            name: np.broadcast_to(value, (len(z),)) for name, value in parameters.items() if name in chosen.parameters
        }
        kept = tuple(dict.fromkeys((*follows, *follow)))
        planned = self.given.regimen if regimen is None else regimen
        every = [planned] * len(z) if isinstance(planned, Regimen) else planned
        batch = simulate_batch(
            chosen,
            self.as_given(every, parameters),
            days=self.days,
            parameters=lanes,
            start={name: value for name, value in self.who.begin if name in chosen.states},
            follow=kept,
            moments=1440.0 * (np.array(times) + WARM_UP),
        )
        days = {name: np.asarray(batch.days[name].values, float) for name in (*_DAILY, "dextrose_g", *kept)}
        moments = {name: np.asarray(batch.moments[name].values, float) for name in AT_MOMENTS} if times else {}
        return Course(-WARM_UP, days, moments, np.array(times), lateness(self.unknown, parameters))

    def score(self, z: Floats) -> Scores:
        """The likelihood of all facts at coordinates (lanes, names)."""
        return score(self.facts.observations, self.course(z))

    def linked(self, z: Floats, features: Floats) -> Floats:
        """The features (lanes, columns) in the form in which they are smooth in the coordinates."""
        return self._link.linked(z, features)

    def logs_of(self, z: Floats, linked: Floats) -> Floats:
        """The logarithms of what the facts speak of, (lanes, readings), from linked features."""
        features = self._link.unlinked(z, linked)
        logs = [self.readings.log(item.quantity, features) for item in self.facts.observations]
        return np.concatenate(logs, axis=1)

    def total_of(self, logs: Floats, misses: Floats) -> Floats:
        """The joint log-likelihood (lanes,) of what the facts speak of, in error as by `misses` (lanes, readings)."""
        return total_of(self.facts.observations, logs, misses)


def problem_of(record: CaseRecord) -> Problem:
    """The inference problem of a record; ComputationError when no fact speaks of the model.

    The priors are those of a typical patient of the kind, not of the case: a table made from the same
    facts would count them twice.
    """
    clock = clock_of(record)
    who = subject(kind_of(record))
    fixed = _covariates(record)
    given = therapy(clock, who, WARM_UP)
    model = twin_model(tuple(site for site in SITES if site in who.model.parts), given.treatments)
    facts = facts_of(clock, model, given)
    if not facts.observations:
        raise ComputationError(
            f"The record {record.id} holds no fact that the model predicts; nothing can be inferred."
        )
    unknown = unknown_amounts(given.regimen.orders) | unknown_days((*clock.unknown, *given.days))
    coordinates = uncertain(_priors(who, model, fixed) | unknown, fixed)
    known = tuple((name, value) for name, value in who.parameters if name in model.parameters)
    return Problem(clock, replace(who, parameters=known), model, given, facts, coordinates, fixed)


def kind_of(record: CaseRecord) -> str:
    """The subject whose table gives the priors: malignant where the record says so or names metastases.

    >>> from insulinoma.record.load import load_case
    >>> kind_of(load_case())
    'malignant-insulinoma'
    """
    malignant = any("malignant" in item.diagnosis or "carcinoma" in item.diagnosis for item in record.diagnoses)
    spread = any(item.role == "metastasis" for item in record.lesions)
    return "malignant-insulinoma" if malignant or spread else "insulinoma"


def _priors(who: Subject, model: Model, fixed: Mapping[str, float]) -> dict[str, Parameter]:
    declared = {**model.parameters, **{name: item for name, item in who.priors.items() if name in model.parameters}}
    if fixed.get("person.woman") == 0.0:
        for name, factor in MAN_BY_WOMAN.items():
            declared[name] = replace(declared[name], value=declared[name].value * factor)
    return declared


def _covariates(record: CaseRecord) -> dict[str, float]:
    found = {}
    if record.patient.age is not None:
        found["person.age"] = record.patient.age.years
    if record.patient.sex is not None:
        found["person.woman"] = float(record.patient.sex.value == "female")
    return covariates(record.measurements, found)
