"""A test on a population: all patients at once, each until a rule ends the test."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.model.compose import Model
from insulinoma.model.patient import patient
from insulinoma.simulate.batch import Batch, Failure, simulate_batch
from insulinoma.simulate.batch.task import rows_of
from insulinoma.simulate.batch.trace import declared, measured
from insulinoma.simulate.draws import drawn
from insulinoma.simulate.failure import suspect
from insulinoma.simulate.population import Population
from insulinoma.simulate.population_stop import Stop, Wholes, stops
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.solution import reported
from insulinoma.simulate.subject import NO_GROWTH, Subject, daily_meals

_FOLLOWED = (
    "liver.EGP",
    "glucose.R_d",
    "liver.Gc",
    "counter_regulation.Ep",
    "symptoms.neuroglycopenia",
    "burden.V_tumor",
)
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
    return run.population(grid, seed)


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

    def population(self, grid: Floats, seed: int) -> Population:
        """All patients at once; where a rule ends the test of one, what was found beyond is left out."""
        model = self.test.model(self.who)
        shown = _followed(model)
        limits = [limit.quantity for rule in self.test.rules for limit in rule.limits]
        follow = list(dict.fromkeys([*shown.values(), *limits]))
        regimens, habits = [self.test.regimen(person) for person in self.people], self._habits()
        batch = self._batch(model, regimens, 1, self.parameters, habits, follow, grid)
        self._note(batch.failures, "")
        table = _moments(batch, model, follow)
        kept = np.array(self._kept(), int)

        def again(rows: Wholes, moments: Floats) -> dict[str, Floats]:
            chosen = kept[rows]
            some = [regimens[number] for number in chosen]
            given = rows_of(self.parameters, chosen), rows_of(habits, chosen)
            return _moments(self._batch(model, some, None, *given, follow, moments), model, follow)

        found = stops(self.test.rules, grid, {name: values[kept] for name, values in table.items()}, again)
        units = {name: item.unit for name, item in declared(model).items()}
        series = {}
        for label, name in shown.items():
            values = table[name][kept]
            for row, stop in found.items():
                values[row, grid > stop.minutes] = np.nan
            series[label] = (values, units[name])
        ends = [self._end(number, found.get(row), shown, table, units) for row, number in enumerate(kept.tolist())]
        return self._population(series, kept.tolist(), grid, ends, seed)

    def _end(
        self, number: int, stop: Stop | None, shown: dict[str, str], table: dict[str, Floats], units: dict[str, str]
    ) -> dict[str, Any]:
        """How the test of a patient ended, and the glucose and hormones at that moment."""
        found: dict[str, Any] = {"patient": number, "ended_by": stop.rule.name if stop else "completed"}
        found["time_minutes"] = stop.minutes if stop else self.test.minutes
        found["rule"] = stop.rule.text if stop else ""
        last = {
            label: (stop.values[name] if stop else float(table[name][number, -1]), units[name])
            for label, name in shown.items()
        }
        return found | reported(last)

    def _habits(self) -> dict[str, Floats]:
        """The states of every body after days of daily life, as `habitual_state` has them."""
        model, states = self.who.model, list(patient().states)
        held = {"tumor.VDT": NO_GROWTH} if "tumor.VDT" in model.parameters else {}
        # A test may begin with the last meal, which is then its own.
        meals = [daily_meals(person, days=_HABIT).before(self.habit_minutes) for person in self.people]
        end = np.array([self.habit_minutes])
        batch = self._batch(model, meals, 0, {**self.parameters, **held}, dict(self.who.begin), states, end)
        self._note(batch.failures, "Daily life before the test: ")
        return {name: values[:, 0] for name, values in _moments(batch, model, states).items()}

    def _batch(
        self,
        model: Model,
        regimens: list[Regimen],
        part: int | None,
        parameters: Any,
        start: Any,
        follow: list[str],
        moments: Floats,
    ) -> Batch:
        """Daily life is part 0, the test part 1, and what is run once more is none."""
        count = len(self.people)
        before, total = (self.days[0] * count if part else 0), sum(self.days) * count

        def told(done: int) -> None:
            if self.shown and part is not None:
                self.shown(before + done, total)

        return simulate_batch(
            model,
            regimens,
            days=self.days[part if part is not None else 1],
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


def _moments(batch: Batch, model: Model, names: list[str]) -> dict[str, Floats]:
    """Followed quantities by qualified name, (patients, times)."""
    analytes = {name: analyte for analyte, name in measured(model).items()}
    return {name: batch.moments[analytes.get(name, name)].values.astype(float) for name in names}
