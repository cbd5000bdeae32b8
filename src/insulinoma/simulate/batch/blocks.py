"""The tables of some patients as the kernel reads and writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.batch.compiled import Kernel
from insulinoma.simulate.batch.numeric import values
from insulinoma.simulate.batch.plan import Plan, joined, plan
from insulinoma.simulate.batch.task import Task, at_rest
from insulinoma.simulate.batch.trace import Trace


class Blocks:
    """The tables of some patients, a multiple of the lanes, and one call of the kernel for each block."""

    def __init__(self, task: Task, traced: Trace, kernel: Kernel, patients: npt.NDArray[np.int64], kind: Any) -> None:
        self.kernel, self.lanes = kernel, kernel.form.lanes
        self.count = len(patients) // self.lanes
        rest, known = at_rest(task, patients)
        rows = kernel.layout
        self.states = self._by_block([known[name] for name in rows.states], kind)
        self.scale = self._by_block([np.abs(rest[name]) for name in rows.states], kind)
        self.patient = self._by_block(values(rows.patient, known), kind)
        inputs = [np.full(len(patients), value) for value in traced.inputs.values()]
        self.inputs = self._by_block(inputs, kind)
        self._plans(task, traced, patients, kind)
        self.days = np.full((len(patients), task.days, len(rows.day) + len(rows.observed)), np.nan, kind)
        width = task.moments.shape[-1]
        self.moments = np.full((len(patients), width, len(rows.observed)), np.nan, kind)
        self.steps = np.zeros(len(patients), kind)
        self.failed = np.full(len(patients), -1, np.int32)
        self.failed_at = np.full(len(patients), np.nan)

    def _by_block(self, table: Sequence[Any], kind: Any) -> npt.NDArray[Any]:
        """`(rows, patients)` as `(blocks, rows, lanes)`."""
        found = np.zeros((max(len(table), 1), self.count * self.lanes), kind)
        with np.errstate(over="ignore"):
            for row, column in enumerate(table):
                found[row] = column
        return np.ascontiguousarray(found.reshape(len(found), self.count, self.lanes).swapaxes(0, 1))

    def _plans(self, task: Task, traced: Trace, patients: npt.NDArray[np.int64], kind: Any) -> None:
        plans: dict[Any, Plan] = {}
        keys = []
        for patient in patients:
            orders, moments = task.orders[patient], task.moments_of(patient)
            key = (orders.names, orders.timing, moments.tobytes() if task.moments.ndim == 2 else b"")
            if key not in plans:
                plans[key] = plan(orders, list(traced.inputs), list(traced.events), task.days, moments)
            keys.append(key)
        starts, self.plan = joined(plans)
        self.edge = np.array([starts[key] for key in keys], np.int32)
        self.pitch = max(1, *(len(task.orders[patient].amounts) for patient in patients))
        self.amounts = np.zeros((len(patients), self.pitch), kind)
        for row, patient in enumerate(patients):
            amounts = task.orders[patient].amounts
            self.amounts[row, : len(amounts)] = amounts

    def run(self, block: int) -> None:
        """One block from time zero to the end."""
        rows, lanes = self.kernel.layout, self.lanes
        first = block * lanes
        work = np.zeros((sum(rows.work.values()), lanes), self.states.dtype)
        days = _pointers(self.days[first : first + lanes])
        moments = _pointers(self.moments[first : first + lanes])
        lane = slice(first, first + lanes)
        arrays = {
            "states": self.states[block], "inputs": self.inputs[block], "patient": self.patient[block],
            "scale": self.scale[block],            "amounts": self.amounts[lane], "edge": self.edge[lane],
            "times": self.plan.times, "flags": self.plan.flags, "first": self.plan.first, "kinds": self.plan.kinds,
            "targets": self.plan.targets, "orders": self.plan.orders, "days": days, "moments": moments,
            "failed": self.failed[lane], "failed_at": self.failed_at[lane], "steps": self.steps[lane], "work": work,
        }  # fmt: skip
        self.kernel.call(arrays, self.pitch)


def _pointers(table: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The address of every patient's rows."""
    return np.array([row.ctypes.data for row in table], np.int64)
