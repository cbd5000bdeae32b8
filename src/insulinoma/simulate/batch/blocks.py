"""The tables of some patients as the kernel reads and writes them, and patients put together anew on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.simulate.batch.layout import Layout
from insulinoma.simulate.batch.numeric import values
from insulinoma.simulate.batch.plan import Plan, joined, plan
from insulinoma.simulate.batch.steps import FIRST
from insulinoma.simulate.batch.task import Task, at_rest
from insulinoma.simulate.batch.trace import Trace

_LINE = 64
_BY_BLOCK = ("states", "inputs", "patient", "scale", "carried", "steps")
_BY_PATIENT = ("amounts", "edge", "failed", "failed_at", "day_rows", "moment_rows")


class Blocks:
    """The tables of some patients, a multiple of the lanes of a block.

    `until` is the minute at which the next call stops; `days` and `moments` keep the order of `patients`.
    """

    def __init__(self, task: Task, traced: Trace, rows: Layout, patients: npt.NDArray[np.int64], lanes: int) -> None:
        self.rows, self.lanes, kind = rows, lanes, np.dtype(task.form.name)
        self.count, self.until = len(patients) // lanes, np.array([math.inf])
        self._order = np.arange(len(patients))
        rest, known = at_rest(task, patients)
        self.states = self._by_block([known[name] for name in rows.states], kind)
        self.scale = self._by_block([np.abs(rest[name]) for name in rows.states], kind)
        self.patient = self._by_block(values(rows.patient, known), kind)
        inputs = [np.full(len(patients), value) for value in traced.inputs.values()]
        self.inputs = self._by_block(inputs, kind)
        begin = {"gap": [0.0], "wanted": [FIRST], "lost": [0.0] * len(rows.states)}
        begin["sums"] = [math.inf if name == "minimum" else 0.0 for name in rows.day]
        self.carried = self._by_block([value for name in rows.carried for value in begin[name]], kind)
        self.steps = self._by_block([0.0], kind)
        self._plans(task, traced, patients, kind)
        self.days = np.full((len(patients), task.days, len(rows.day) + len(rows.observed)), np.nan, kind)
        width = task.moments.shape[-1]
        self.moments = np.full((len(patients), width, len(rows.observed)), np.nan, kind)
        self.day_rows, self.moment_rows = _addresses(self.days), _addresses(self.moments)
        self.failed = np.full(len(patients), -1, np.int32)
        self.failed_at = np.full(len(patients), np.nan)

    def arrays(self, block: int) -> dict[str, npt.NDArray[Any]]:
        """The tables of one block by name."""
        lane = slice(block * self.lanes, (block + 1) * self.lanes)
        found = {name: getattr(self, name)[block] for name in _BY_BLOCK}
        found |= {name: getattr(self, name)[lane] for name in _BY_PATIENT}
        found |= {name: getattr(self.plan, name) for name in ("times", "flags", "first", "kinds", "targets", "orders")}
        return {**found, "days": found["day_rows"], "moments": found["moment_rows"], "until": self.until}

    def regroup(self, order: npt.NDArray[np.int64]) -> None:
        """Puts the patients into another order, and so into other blocks."""
        self._order = self._order[order]
        for name in _BY_BLOCK:
            table = getattr(self, name)
            lined = table.swapaxes(0, 1).reshape(table.shape[1], -1)
            setattr(self, name, self._by_block(lined[:, order], table.dtype))
        for name in _BY_PATIENT:
            setattr(self, name, getattr(self, name)[order])

    def restore(self) -> None:
        """Puts the patients back into the order in which they came."""
        self.regroup(np.argsort(self._order))

    def _by_block(self, table: Sequence[Any] | npt.NDArray[Any], kind: Any) -> npt.NDArray[Any]:
        """`(rows, patients)` as `(blocks, rows, lanes)`; a row may be one number for all."""
        found = np.zeros((max(len(table), 1), self.count * self.lanes), kind)
        with np.errstate(over="ignore"):
            for row, column in enumerate(table):
                found[row] = column
        lined = aligned((self.count, len(found), self.lanes), kind)
        lined[:] = found.reshape(len(found), self.count, self.lanes).swapaxes(0, 1)
        return lined

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


def aligned(shape: tuple[int, ...], kind: Any) -> npt.NDArray[Any]:
    """Zeros that begin at a line of the cache, so that no vector lies on two of them."""
    size = math.prod(shape) * np.dtype(kind).itemsize
    room = np.zeros(size + _LINE, np.uint8)
    skip = -room.ctypes.data % _LINE
    found: npt.NDArray[Any] = room[skip : skip + size].view(kind).reshape(shape)
    return found


def _addresses(table: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Where the rows of each patient begin."""
    first, pitch = table.ctypes.data, table.strides[0]
    found: npt.NDArray[np.int64] = first + pitch * np.arange(len(table), dtype=np.int64)
    return found
