"""Days of daily life before a trial: they bring every patient to the state in which treatment begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import DayTable, Engine, run_days
from insulinoma.cohort.orders import meals
from insulinoma.cohort.population import Population, subject_of
from insulinoma.simulate.subject import Subject

_NO_GROWTH = 1e9


@dataclass(frozen=True)
class Start:
    """The state of each patient at the first midnight of the trial, and the last day before it."""

    states: dict[str, Floats]
    before: DayTable

    def taken(self, rows: Any) -> Start:
        """Some of the patients."""
        states = {name: values[rows] for name, values in self.states.items()}
        return Start(states, {name: values[rows] for name, values in self.before.items()})


def held(who: Subject, parameters: dict[str, Floats]) -> dict[str, Any]:
    """The parameters with a tumor that does not grow, as before time zero."""
    return {**parameters, "tumor.VDT": _NO_GROWTH} if "tumor.VDT" in who.model.parameters else parameters


def run_in(population: Population, patients: Patients, engine: Engine, follow: tuple[str, ...] = ()) -> Start:
    """Each patient after the run-in of the population; NaN where daily life cannot be computed."""
    who = subject_of(population)
    days = int(np.ceil(population.run_in))
    table = run_days(
        engine,
        who.model,
        [meals(who, weight, days) for weight in patients.parameters["person.weight"]],
        days=days,
        parameters=held(who, patients.parameters),
        start=dict(who.begin),
        follow=tuple(dict.fromkeys((*who.model.states, *follow))),
    )
    last = {name: values[:, -1:] for name, values in table.items()}
    return Start({name: last[name][:, 0] for name in who.model.states}, last)
