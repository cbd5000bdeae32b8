"""Virtual insulinomas: patients of the shipped populations, drawn by a seed of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache, cached_property

from insulinoma.model.tumor import SITES
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.draws import drawn
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject, habitual_state, subject
from insulinoma.simulate.validation.daily_life import SOLVER
from insulinoma.simulate.validation.reading import times

SEED = 613
SIZE = {"benign": 256, "malignant": 128}
_SUBJECTS = {"benign": ("insulinoma", ("primary",)), "malignant": ("malignant-insulinoma", SITES)}
_DRUGS = ("diazoxide", "octreotide")


@dataclass(frozen=True)
class Patient:
    """A virtual patient, and the supervised fast that the patient's hypoglycemia ends."""

    who: Subject
    number: int

    @cached_property
    def start(self) -> dict[str, float]:
        """The state after days of frequent meals, right before the late snack."""
        return habitual_state(self.who, hours_fasted=0.0, solver=SOLVER)

    @cached_property
    def fast(self) -> Solution:
        """The fast of 72 hours from the late snack on, as it ships."""
        return replace(protocol("fast-72h"), every=5.0).run(self.who, start=self.start, solver=SOLVER).require()

    @property
    def stopped(self) -> bool:
        """Whether the fast ended by hypoglycemia."""
        return self.fast.ending.status == "stopped"

    @property
    def hours(self) -> float:
        """The length of the fast in hours, infinite where it was not ended by hypoglycemia."""
        return float(times(self.fast)[-1]) / 60 if self.stopped else math.inf


@cache
def cohort(kind: str, count: int | None = None) -> tuple[Patient, ...]:
    """The patients of a kind, benign or malignant; the model has no part that no target needs."""
    name, sites = _SUBJECTS[kind]
    whole = subject(name)
    model = patient_with_tumor(sites=sites, treatments=_DRUGS, markers=False)
    typical = replace(
        whole,
        model=model,
        parameters=tuple(item for item in whole.parameters if item[0] in model.parameters),
        declared=tuple(item for item in whole.declared if item[0] in model.parameters),
    )
    return tuple(Patient(drawn(typical, number, seed=SEED), number) for number in range(count or SIZE[kind]))
