"""What a batch is asked for, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.errors import UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.simulate.batch.lanes import FORMATS, Format, Precision
from insulinoma.simulate.batch.plan import MINUTES, Floats, Orders, read_orders
from insulinoma.simulate.batch.trace import measured
from insulinoma.simulate.regimen import Regimen

Whole = tuple[tuple[str, float], ...]
_WHOLE = range(1, 9)


@dataclass(frozen=True)
class Task:
    """What was asked for, checked, with all values by patient."""

    model: Model
    orders: list[Orders]
    days: int
    parameters: dict[str, Any]
    start: dict[str, Any]
    follow: tuple[str, ...]
    moments: Floats
    form: Format

    @property
    def patients(self) -> int:
        """How many there are."""
        return len(self.orders)

    @property
    def observed(self) -> list[str]:
        """The names kept at moments and day ends."""
        return [*dict.fromkeys([*measured(self.model).values(), *self.follow])] if self.moments.size else [*self.follow]

    def groups(self) -> dict[tuple[frozenset[str], Whole], list[int]]:
        """The patients of one kernel: orders of the same kinds, the same exponents that become products.

        Exponents are small whole numbers without unit and spread that a patient has as they are declared.
        """
        values = {name: item.value for name, item in self.model.parameters.items() if self._may_be_folded(name)}
        same = np.ones((len(values), self.patients), bool)
        for row, (name, value) in enumerate(values.items()):
            same[row] = np.asarray(self.parameters.get(name, value)) == value
        kinds, which = np.unique(same, axis=1, return_inverse=True)
        whole = [tuple(item for item, fits in zip(values.items(), kept, strict=True) if fits) for kept in kinds.T]
        found: dict[tuple[frozenset[str], Whole], list[int]] = {}
        for patient, (orders, kind) in enumerate(zip(self.orders, which.tolist(), strict=True)):
            found.setdefault((orders.kinds, whole[kind]), []).append(patient)
        return found

    def _may_be_folded(self, name: str) -> bool:
        item = self.model.parameters[name]
        given = name in self.parameters and (item.log_spread or item.share is not None)
        return item.unit == "1" and item.value in _WHOLE and not given

    def moments_of(self, patient: int) -> Floats:
        """The moments of one patient."""
        return self.moments if self.moments.ndim == 1 else self.moments[patient]


def read_task(
    model: Model,
    regimen: Regimen | Sequence[Regimen],
    days: int,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
    follow: tuple[str, ...],
    moments: Floats,
    precision: Precision,
    tolerance: float | None,
) -> Task:
    """The task with one regimen for each patient; UsageError where sizes or names do not fit."""
    model.parameter_values(parameters)
    _known(start, {**model.states, **model.constants}, "neither a state nor a constant", model)
    _known(follow, {**model.states, **model.outputs}, "neither a state nor an output", model)
    if moments.size and not (np.isfinite(moments).all() and moments.min() >= 0 and moments.max() <= days * MINUTES):
        raise UsageError(
            f"A moment is outside the {days} days that are simulated. Expected minutes from 0 to {days * MINUTES:g}."
        )
    if precision not in FORMATS:
        raise UsageError(f"{precision!r} is not a precision. Expected {' or '.join(FORMATS)}.")
    sizes = {f"{name!r}": np.shape(value) for name, value in {**parameters, **start}.items() if np.ndim(value)}
    if moments.ndim == 2:
        sizes["'moments'"] = moments.shape[:1]
    if not isinstance(regimen, Regimen):
        sizes["'regimen'"] = (len(regimen),)
    patients = next(iter(sizes.values()), (1,))[0]
    for name, size in sizes.items():
        if size != (patients,):
            raise UsageError(
                f"{name} has the shape {size}, and others have {patients} patients. Expected ({patients},)."
            )
    regimens = [regimen] * patients if isinstance(regimen, Regimen) else list(regimen)
    orders = read_orders(model, regimens)
    form = replace(FORMATS[precision], tolerance=tolerance or FORMATS[precision].tolerance)
    return Task(model, orders, days, dict(parameters), dict(start), follow, moments, form)


def _known(names: Iterable[str], declared: Mapping[str, Any], problem: str, model: Model) -> None:
    for name in names:
        if name not in declared:
            raise UsageError(f"{name!r} is {problem} of {model.name}. {did_you_mean(name, declared)}".strip())


def rows_of(table: Mapping[str, Any], chosen: npt.NDArray[np.int64]) -> dict[str, Any]:
    """The values of chosen patients; a number is that of all."""
    return {name: np.asarray(value)[chosen] if np.ndim(value) else value for name, value in table.items()}


def at_rest(task: Task, patients: npt.NDArray[np.int64]) -> tuple[dict[str, Any], dict[str, Any]]:
    """States at rest, and parameters, constants and states at the start, of some patients in 64 bits."""
    count = len(patients)

    def column(value: Any) -> Floats:
        return np.asarray(value, float)[patients] if np.ndim(value) else np.full(count, float(value))

    parameters = {name: column(value) for name, value in task.model.parameter_values(task.parameters).items()}
    inputs = {name: column(value) for name, value in task.model.input_values().items()}
    with np.errstate(all="ignore"):
        rest = task.model.at_rest(parameters, inputs)
    found = {name: np.broadcast_to(np.asarray(value, float), count) for name, value in rest.items()}
    return found, {**parameters, **found, **{name: column(value) for name, value in task.start.items()}}
