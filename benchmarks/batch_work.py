"""The work of the benchmarks of the batch engine: random patients of a subject with their daily meals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.batch.expression import MOVING, in_order
from insulinoma.simulate.batch.lanes import Precision
from insulinoma.simulate.batch.layout import Layout, layout
from insulinoma.simulate.batch.task import Task, read_task
from insulinoma.simulate.batch.trace import Trace, trace
from insulinoma.simulate.draws import draws
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.subject import Subject, daily_meals, subject

Floats = npt.NDArray[np.float64]
SUBJECTS = ("healthy-man", "insulinoma", "malignant-insulinoma")
LIMIT, SEED, _TIGHT = 0.05, 11, 1e-6


@dataclass(frozen=True)
class Work:
    """So many random patients of a subject for so many days, with their meals and what is given besides."""

    name: str
    patients: int
    days: int
    given: Regimen = field(default_factory=Regimen)

    @cached_property
    def who(self) -> Subject:
        return subject(self.name)

    @cached_property
    def table(self) -> dict[str, Floats]:
        return draws(self.who, range(self.patients), seed=SEED)

    @cached_property
    def orders(self) -> Regimen:
        return daily_meals(self.who, days=self.days) + self.given

    @property
    def patient_days(self) -> int:
        return self.patients * self.days

    @property
    def end(self) -> float:
        return self.days * 1440.0

    @cached_property
    def task(self) -> Task:
        none = np.zeros(0)
        return read_task(
            self.who.model, self.orders, self.days, self.table, dict(self.who.begin), (), none, "float32", None
        )

    @cached_property
    def traced(self) -> Trace:
        """The equations as the kernel of these patients has them."""
        ((kinds, whole),) = self.task.groups()
        return trace(self.who.model, orders=kinds, observed=[], whole=dict(whole), moved=frozenset(self.task.start))

    @property
    def rows(self) -> Layout:
        return layout(self.traced)

    def run(self, precision: Precision = "float32", **how: Any) -> Any:
        """The batch engine, on one core unless told otherwise."""
        how = {"threads": 1, **how}
        return simulate_batch(
            self.who.model,
            self.orders,
            days=self.days,
            parameters=self.table,
            start=dict(self.who.begin),
            precision=precision,
            **how,
        )

    def glucose(self, precision: Precision, moments: Floats, **how: Any) -> Floats:
        """Plasma glucose (mg/dL) by patient at the moments."""
        return np.asarray(self.run(precision, moments=moments, **how).moments["glucose"].values, float)

    def exact(self, moments: Floats) -> Floats:
        """The same with steps a thousandth as tolerant."""
        return self.glucose("float64", moments, tolerance=_TIGHT)

    def one(self, patient: int) -> dict[str, float]:
        """The parameters of one patient."""
        return {name: float(column[patient]) for name, column in self.table.items()}

    def described(self) -> str:
        """States and operations, as the cost goes with them."""
        count = sum(item.level == MOVING for item in in_order(self.traced.rates.values()))
        all_states, moving = len(self.who.model.states), len(self.traced.rates)
        return f"{self.name}: {all_states} states, {moving} of them move, {count} operations a stage"


def worst(found: Floats, exact: Floats, patients: Sequence[int] | slice = slice(None)) -> float:
    """The largest difference of glucose (mg/dL)."""
    return float(np.abs(found - exact[patients]).max())


@dataclass(frozen=True)
class Speed:
    """How fast an engine is, how far off, and how many times as fast as the one it is held against."""

    name: str
    by_second: float
    error: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.name:<58} {self.by_second:>10,.0f} patient-days/s {self.error:>9.4f} mg/dL   x {self.ratio:.2f}"
