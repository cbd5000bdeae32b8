"""The tables of some patients as the kernel reads and writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.batch.layout import Layout
from insulinoma.simulate.batch.numeric import values
from insulinoma.simulate.batch.plan import Plan, joined, plan
from insulinoma.simulate.batch.task import Task, at_rest
from insulinoma.simulate.batch.trace import Trace


class Blocks:
    """The tables of some patients, a multiple of the lanes of a block."""

    def __init__(self, task: Task, traced: Trace, rows: Layout, patients: npt.NDArray[np.int64], lanes: int) -> None:
        self.rows, self.lanes, kind = rows, lanes, np.dtype(task.form.name)
        self.count = len(patients) // lanes
        rest, known = at_rest(task, patients)
        self.states = self._by_block([known[name] for name in rows.states], kind)
        self.scale = self._by_block([np.abs(rest[name]) for name in rows.states], kind)
        self.patient = self._by_block(values(rows.patient, known), kind)
        inputs = [np.full(len(patients), value) for value in traced.inputs.values()]
        self.inputs = self._by_block(inputs, kind)
        self._plans(task, traced, patients, kind)
        self.days = np.full((len(patients), task.days, len(rows.day) + len(rows.observed)), np.nan, kind)
        width = task.moments.shape[-1]
        self.moments = np.full((len(patients), width, len(rows.observed)), np.nan, kind)
        self.steps = np.zeros((self.count, 1, lanes), kind)
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

    def arrays(self, block: int) -> dict[str, npt.NDArray[Any]]:
        """The tables of one block by name."""
        lane = slice(block * self.lanes, (block + 1) * self.lanes)
        return {
            "states": self.states[block], "inputs": self.inputs[block], "patient": self.patient[block],
            "scale": self.scale[block], "amounts": self.amounts[lane], "edge": self.edge[lane],
            "times": self.plan.times, "flags": self.plan.flags, "first": self.plan.first, "kinds": self.plan.kinds,
            "targets": self.plan.targets, "orders": self.plan.orders, "days": self.days[lane],
            "moments": self.moments[lane], "failed": self.failed[lane], "failed_at": self.failed_at[lane],
            "steps": self.steps[block],
        }  # fmt: skip
