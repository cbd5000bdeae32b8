"""A test on a population: all patients at once, or one by one where a rule ends the test."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.model.compose import Model
from insulinoma.model.patient import patient
from insulinoma.simulate.batch import Batch, Failure, simulate_batch
from insulinoma.simulate.batch.trace import declared, measured
from insulinoma.simulate.draws import drawn
from insulinoma.simulate.failure import suspect
from insulinoma.simulate.population import Population
from insulinoma.simulate.program import Solver
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.solution import Solution, reported
from insulinoma.simulate.subject import NO_GROWTH, Subject, daily_meals

_FOLLOWED = (
    "liver.EGP",
    "glucose.R_d",
    "liver.Gc",
    "counter_regulation.Ep",
    "symptoms.neuroglycopenia",
    "burden.V_tumor",
)
_FAST = Solver(rtol=1e-6, atol=1e-8)
_HABIT = 14
DAY = 1440.0
Floats = npt.NDArray[np.float64]


def run_population(
    who: Subject,
    test: Protocol,
    *,
    patients: int,
    seed: int = 0,
    fixed: Mapping[str, float] | None = None,
    device: str = "cpu",
    shown: Callable[[int, int], None] | None = None,
) -> Population:
    """Patients 0 to `patients` - 1 in a test; one who cannot be computed is counted, the others go on.

    `shown` is told how many patient-days are done, and of how many.
    """
    test.model(who)
    people = [drawn(who, number, seed=seed, fixed=fixed) for number in range(patients)]
    run = _Run(who, test, people, device, shown)
    grid = np.append(np.arange(0.0, test.minutes, test.every), test.minutes)
    return (run.until_stopped if test.rules else run.to_the_end)(grid, seed)


@dataclass
class _Run:
    who: Subject
    test: Protocol
    people: list[Subject]
    device: str
    shown: Callable[[int, int], None] | None

    def __post_init__(self) -> None:
        hours = self.test.hours(self.who)
        self.habit_minutes = (_HABIT - 1) * DAY + 60 * (self.who.last_meal + hours)
        self.days = math.ceil(self.habit_minutes / DAY), math.ceil(self.test.minutes / DAY)
        self.parameters = _columns([dict(person.parameters) for person in self.people])
        self.failures: dict[int, dict[str, Any]] = {}

    def to_the_end(self, grid: Floats, seed: int) -> Population:
        """All patients at once, each to the end of the test."""
        model = self.test.model(self.who)
        names = _followed(model)
        regimens = [self.test.regimen(person) for person in self.people]
        batch = self._batch(model, regimens, 1, self.parameters, self._habits(), list(names.values()), grid)
        self._note(batch.failures, "")
        kept = self._kept()
        analytes = {name: analyte for analyte, name in measured(model).items()}
        units = {name: item.unit for name, item in declared(model).items()}
        series = {
            shown: (batch.moments[analytes.get(name, name)].values[kept].astype(float), units[name])
            for shown, name in names.items()
        }
        ends = [
            {"patient": number, "ended_by": "completed", "time_minutes": self.test.minutes, "rule": ""}
            for number in kept
        ]
        for row, end in enumerate(ends):
            end |= reported({name: (float(values[row, -1]), unit) for name, (values, unit) in series.items()})
        return self._population(series, kept, grid, ends, seed)

    def until_stopped(self, grid: Floats, seed: int) -> Population:
        """Each patient by the reference solver, which finds the moment at which a rule ends the test."""
        states = self._habits()
        kept = self._kept()

        def one(number: int) -> Solution:
            start = {name: float(values[number]) for name, values in states.items()}
            return self.test.run(self.people[number], start=start, solver=_FAST)

        found, total = {}, sum(self.days) * len(self.people)
        for done, (number, solution) in enumerate(zip(kept, _in_order(one, kept), strict=True), start=1):
            found[number] = solution
            if solution.ending.status == "failed":
                self.failures[number] = _failure(number, solution.ending.minutes, solution.ending.message)
            if self.shown:
                self.shown(self.days[0] * len(self.people) + self.days[1] * done, total)
        kept = self._kept()
        series = _until_the_end([found[number] for number in kept], grid)
        ends = [{**found[number].last(), "patient": number} for number in kept]
        return self._population(series, kept, grid, ends, seed)

    def _habits(self) -> dict[str, Floats]:
        """The states of every body after days of daily life, as `habitual_state` has them."""
        model, states = self.who.model, list(patient().states)
        held = {"tumor.VDT": NO_GROWTH} if "tumor.VDT" in model.parameters else {}
        meals = [daily_meals(person, days=_HABIT) for person in self.people]
        end = np.array([self.habit_minutes])
        batch = self._batch(model, meals, 0, {**self.parameters, **held}, dict(self.who.begin), states, end)
        self._note(batch.failures, "Daily life before the test: ")
        analytes = {name: analyte for analyte, name in measured(model).items()}
        return {name: batch.moments[analytes.get(name, name)].values[:, 0].astype(float) for name in states}

    def _batch(
        self,
        model: Model,
        regimens: list[Regimen],
        part: int,
        parameters: Any,
        start: Any,
        follow: list[str],
        moments: Floats,
    ) -> Batch:
        count = len(self.people)
        before, total = (self.days[0] * count if part else 0), sum(self.days) * count

        def told(done: int) -> None:
            if self.shown:
                self.shown(before + done, total)

        return simulate_batch(
            model,
            regimens,
            days=self.days[part],
            parameters=parameters,
            start=start,
            follow=follow,
            moments=moments,
            device=self.device,
            shown=told,
        )

    def _note(self, failures: Sequence[Failure], when: str) -> None:
        for item in failures:
            if item.patient not in self.failures:
                person = self.people[item.patient]
                why = suspect(person.model, person.values, dict(person.declared))
                text = f"{when}The integration failed at {item.minutes:.6g} min in {item.state}; {why}."
                self.failures[item.patient] = _failure(item.patient, item.minutes, text)

    def _kept(self) -> list[int]:
        return [number for number in range(len(self.people)) if number not in self.failures]

    def _population(
        self,
        series: Mapping[str, tuple[Any, str]],
        kept: list[int],
        grid: Floats,
        ends: list[dict[str, Any]],
        seed: int,
    ) -> Population:
        import xarray

        variables = {name: (("patient", "time"), values, {"units": unit}) for name, (values, unit) in series.items()}
        time = ("time", grid, {"units": "min", "long_name": "time"})
        about = {"subject": self.who.name, "protocol": self.test.name, "seed": seed}
        data = xarray.Dataset(variables if kept else {}, coords={"patient": kept, "time": time}, attrs=about)
        return Population(data, ends, [self.failures[number] for number in sorted(self.failures)])


def _columns(people: list[dict[str, float]]) -> dict[str, Floats]:
    return {name: np.array([values[name] for values in people]) for name in people[0]}


def _failure(number: int, minutes: float, message: str) -> dict[str, Any]:
    return {"patient": number, "time_minutes": minutes, "message": message}


def _followed(model: Model) -> dict[str, str]:
    """What a population shows: laboratory values by analyte, and some more by name."""
    names = {item.analyte: name for name, item in declared(model).items() if item.analyte}
    return names | {name: name for name in _FOLLOWED if name in declared(model)}


def _until_the_end(solutions: Sequence[Solution], grid: Floats) -> dict[str, tuple[Any, str]]:
    """The followed quantities by patient and time, not a number after the end of a patient's test."""
    if not solutions:
        return {}
    data = solutions[0].data
    names = solutions[0].analytes | {name: name for name in _FOLLOWED if name in data}
    table = {name: np.full((len(solutions), len(grid)), np.nan) for name in names}
    for row, solution in enumerate(solutions):
        count = int(np.searchsorted(grid, solution.ending.minutes, side="right"))
        for shown, name in names.items():
            table[shown][row, :count] = solution[name].values[:count]
    return {shown: (table[shown], str(data[name].attrs["units"])) for shown, name in names.items()}


def _in_order(one: Callable[[int], Solution], numbers: Sequence[int]) -> Iterator[Solution]:
    """The results in the order of the patients; the first alone, so that its compilation serves all."""
    if not numbers:
        return
    yield one(numbers[0])
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(one, numbers[1:])
