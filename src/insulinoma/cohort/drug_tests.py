"""Tests of diazoxide and octreotide in many patients at once, as the published series did them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.cohort.draw import Floats, Patients
from insulinoma.cohort.engine import Engine
from insulinoma.cohort.orders import meals
from insulinoma.cohort.population import Population, subject_of
from insulinoma.cohort.run_in import Start, held
from insulinoma.model.compose import Model
from insulinoma.simulate.draws import noise
from insulinoma.simulate.protocol import Protocol
from insulinoma.simulate.regimen import Order, Regimen

DAYS, STUDIED, IN_USE = 5, 3.0, 300.0
_MORNING = 420.0
_SAMPLES = tuple(_MORNING + minute for minute in range(0, 181, 20))
_CLAMP = Protocol("night", "a night without food", "ECE2008P274", _MORNING, lambda who: Regimen(), clamped=True)
_FLOOR = Order("target", 50.0, "mg/dL", 0.0, stop=_SAMPLES[-1])
_SECRETION, _VISITS = "tumor_secretion.sigma", 0.4
_PMOL_BY_UU, _MG_DL_BY_MMOL_L = 6.0, 18.016
_SYMPTOMS, _FELT = ("symptoms.neuroglycopenia", "symptoms.autonomic"), 0.5


@dataclass(frozen=True)
class DrugTests:
    """Patients at the midnight after their run-in, and the engine that computes them."""

    population: Population
    patients: Patients
    start: Start
    engine: Engine
    seed: int

    def diazoxide(self) -> tuple[Floats, Floats]:
        """Insulin (uU/mL) by glucose (mmol/L) in the morning, before and after five days at 3 mg/kg [DiazoxideRatio].

        Glucose is kept from falling below 50 mg/dL. What a tumor secretes differs from one examination
        to the next, by an assumed 0.4 of its logarithm.
        """
        daily = STUDIED * self.patients.parameters["person.weight"]
        nothing = np.zeros(len(daily))
        evening = self._days(daily, follow=tuple(subject_of(self.population).model.states)).days
        after = {str(name): np.asarray(evening[name].values[:, -1], float) for name in evening.data_vars}
        states = {name: after[name] for name in self.start.states}
        return self._ratio(nothing, self.start.states, "visit 1"), self._ratio(daily, states, "visit 2")

    def symptoms(self) -> npt.NDArray[np.bool_]:
        """Who has symptoms, at half of their scale as in a fast, on the last two of five days at 300 mg a day."""
        moments = np.arange(1440.0 * (DAYS - 2), 1440.0 * DAYS, 15.0)
        found = self._days(np.full(len(self.patients), IN_USE), follow=_SYMPTOMS, moments=moments).moments
        levels = [np.asarray(found[name].values, float) for name in _SYMPTOMS]
        return np.asarray((np.maximum(*levels) > _FELT).any(axis=1))

    def octreotide(self) -> tuple[Floats, Floats]:
        """Insulin (uU/mL) before and, on the mean of nine samples, in three hours of 100 ug/h [ECE2008P274]."""
        drip = Order("octreotide_drip", 100.0, "ug/h", _MORNING, stop=_SAMPLES[-1])
        found = self._night([[_FLOOR, drip]] * len(self.patients), self.start.states, {}, _SAMPLES)
        insulin = np.asarray(found["insulin"].values, float) / _PMOL_BY_UU
        return insulin[:, 0], insulin[:, 1:].mean(axis=1)

    def _ratio(self, daily: Floats, states: dict[str, Floats], visit: str) -> Floats:
        """The ratio at the end of a night that begins with a third of the daily dose in mg."""
        factor = np.exp(_VISITS * noise(self.seed, visit, self.patients.numbers))
        secretion = {_SECRETION: self.patients.parameters[_SECRETION] * factor}
        orders = [[_FLOOR, Order("diazoxide", dose / 3, "mg", 0.0)] for dose in daily]
        found = self._night(orders, states, secretion, (_MORNING,))
        insulin, glucose = (np.asarray(found[name].values[:, 0], float) for name in ("insulin", "glucose"))
        return np.asarray(insulin / _PMOL_BY_UU / (glucose / _MG_DL_BY_MMOL_L))

    def _night(
        self,
        orders: Sequence[Sequence[Order]],
        states: dict[str, Floats],
        changed: dict[str, Floats],
        moments: Sequence[float],
    ) -> Any:
        model = _CLAMP.model(subject_of(self.population))
        return self._run(model, orders, states, 1, changed=changed, moments=moments).moments

    def _days(self, daily: Floats, *, follow: tuple[str, ...], moments: Any = ()) -> Any:
        """Five days of meals with so many mg of diazoxide a day in three doses."""
        who = subject_of(self.population)
        weights = self.patients.parameters["person.weight"]
        orders = [
            [*meals(who, weight, DAYS), Order("diazoxide", dose / 3, "mg", 0.0, every=480.0, times=3 * DAYS)]
            for weight, dose in zip(weights, daily, strict=True)
        ]
        return self._run(who.model, orders, self.start.states, DAYS, follow=follow, moments=moments)

    def _run(
        self,
        model: Model,
        orders: Sequence[Sequence[Order]],
        states: dict[str, Floats],
        days: int,
        *,
        changed: dict[str, Floats] | None = None,
        follow: tuple[str, ...] = (),
        moments: Any = (),
    ) -> Any:
        return self.engine(
            model,
            [Regimen(tuple(items)) for items in orders],
            days=days,
            parameters=held(subject_of(self.population), {**self.patients.parameters, **(changed or {})}),
            start=states,
            follow=follow,
            moments=moments,
        )
