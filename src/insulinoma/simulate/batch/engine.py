"""Many patients through a fused kernel: fixed steps aligned to events, all cores, daily summaries."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.errors import UsageError
from insulinoma.model.compose import Model
from insulinoma.simulate.batch.blocks import Blocks
from insulinoma.simulate.batch.compiled import Kernel, compiled
from insulinoma.simulate.batch.lanes import Precision
from insulinoma.simulate.batch.layout import Layout, layout
from insulinoma.simulate.batch.plan import MINUTES
from insulinoma.simulate.batch.result import Batch, Failure, day_table, moment_table
from insulinoma.simulate.batch.summary import boluses, day_columns, summary
from insulinoma.simulate.batch.task import Task, Whole, read_task, rows_of
from insulinoma.simulate.batch.trace import Trace, measured, trace
from insulinoma.simulate.regimen import Regimen

_CHUNK, _LAUNCH, _WEEK, _ROOM = 2048, 65536, 7, 1 << 28


@dataclass(frozen=True)
class Series:
    """Full series of chosen patients, `every` so many minutes."""

    patients: Sequence[int]
    every: float = 5.0


def simulate_batch(
    model: Model,
    regimen: Regimen | Sequence[Regimen],
    *,
    days: int,
    parameters: Mapping[str, Any],
    start: Mapping[str, Any] | None = None,
    follow: Sequence[str] = (),
    moments: npt.ArrayLike = (),
    series: Series | None = None,
    precision: Precision = "float32",
    device: str = "cpu",
    tolerance: float | None = None,
    threads: int | None = None,
    shown: Callable[[int], None] | None = None,
) -> Batch:
    """The course of many patients under their regimens, from 0 to `days` days.

    `parameters` and `start` (states and constants that replace those at rest) are by name a number, or an array
    with one for each patient. `follow` names states and outputs kept at the end of each day. At `moments`
    (minutes; of all patients, or by patient) glucose, insulin, C-peptide and what is followed are kept.
    `tolerance` replaces the error that the precision allows a step. `shown` is told how many patient-days
    are done. A patient has the same numbers in any batch, order and number of threads. A patient who cannot
    be computed is a failure in the
    result. UsageError for an unknown name; InputError for faults of a regimen.
    """
    _check_device(device)
    times = np.asarray(moments, float)
    task = read_task(model, regimen, days, parameters, start or {}, tuple(follow), times, precision, tolerance)
    run = _Run(task, threads or os.cpu_count() or 1, shown, device)
    return run.batch(series)


@dataclass
class _Run:
    task: Task
    threads: int
    shown: Callable[[int], None] | None
    device: str = "cpu"

    def __post_init__(self) -> None:
        task = self.task
        self.kind = np.dtype(task.form.name)
        self.done = 0
        self.day_names = [*day_columns(task.model), *task.follow]
        self.days = {name: np.full((task.patients, task.days), np.nan, self.kind) for name in self.day_names}
        self.width = task.moments.shape[-1]
        names = {name: analyte for analyte, name in measured(task.model).items()}
        self.moment_names = {name: names.get(name, name) for name in task.observed} if self.width else {}
        self.moments = {
            name: np.full((task.patients, self.width), np.nan, self.kind) for name in self.moment_names.values()
        }
        self.failures: list[Failure] = []

    def batch(self, series: Series | None) -> Batch:
        task = self.task
        with ThreadPoolExecutor(self.threads) as pool:
            for (kinds, whole), members in task.groups().items():
                self._group(kinds, whole, np.array(members), pool)
        days = day_table(task.model, self.days)
        everyone = np.arange(task.patients)
        moments = moment_table(task.model, self.moments, task.moments, patients=everyone, along="moment")
        return Batch(days, moments, self._series(series), sorted(self.failures, key=lambda failure: failure.patient))

    def _series(self, series: Series | None) -> Any:
        """The chosen patients once more, with an edge at each time of the grid."""
        import xarray

        if series is None:
            return xarray.Dataset()
        task, chosen = self.task, np.asarray(series.patients, int)
        grid = np.append(np.arange(0.0, task.days * MINUTES, series.every), task.days * MINUTES)
        few = Task(
            task.model,
            [task.orders[patient] for patient in chosen],
            task.days,
            rows_of(task.parameters, chosen),
            rows_of(task.start, chosen),
            task.follow,
            grid,
            task.form,
        )
        run = _Run(few, self.threads, None, self.device)
        run.batch(None)
        return moment_table(task.model, run.moments, grid, patients=chosen, along="time")

    def _group(
        self, kinds: frozenset[str], whole: Whole, members: npt.NDArray[np.int64], pool: ThreadPoolExecutor
    ) -> None:
        """The patients of one kernel."""
        task = self.task
        traced = _trace(task.model, kinds, tuple(task.observed), whole, frozenset(task.start))
        if self.device == "cpu":
            kernel = _compiled(traced, task.form)
            self._on_cores(traced, kernel, members, pool)
            return
        from insulinoma.simulate.batch.device import launch

        for begin in range(0, len(members), _LAUNCH):
            chunk = members[begin : begin + _LAUNCH]
            blocks = Blocks(task, traced, layout(traced), chunk, len(chunk))
            launch(traced, task.form, blocks)
            self._tell(len(chunk) * task.days)
            self._collect(blocks, chunk)

    def _on_cores(
        self, traced: Trace, kernel: Kernel, members: npt.NDArray[np.int64], pool: ThreadPoolExecutor
    ) -> None:
        """All patients in blocks of lanes; from day to week put together with those who take as many steps."""
        lanes = self.task.form.lanes
        size = self._chunk(kernel.layout)
        for begin in range(0, len(members), size):
            chunk = members[begin : begin + size]
            padded = np.concatenate([chunk, np.repeat(chunk[-1], -len(chunk) % lanes)])
            blocks = Blocks(self.task, traced, kernel.layout, padded, lanes)
            for first, last in pairwise(self._stops()):
                before = blocks.steps.copy()
                blocks.until[0] = math.inf if last == self.task.days else last * MINUTES
                at_once = pool.map if blocks.count > 1 else map
                list(at_once(kernel.call, map(blocks.arrays, range(blocks.count))))
                self._tell(len(chunk) * (last - first))
                if last < self.task.days and blocks.count > 1:
                    blocks.regroup(np.argsort((before - blocks.steps).ravel(), kind="stable"))
            blocks.restore()
            self._collect(blocks, chunk)

    def _stops(self) -> list[int]:
        """The days at which patients are put together anew: after the first, then week by week."""
        return [0, *range(1, self.task.days, _WEEK), self.task.days]

    def _chunk(self, rows: Layout) -> int:
        """How many patients at once: as many as have room for what is kept of them, a multiple of the lanes."""
        task = self.task
        numbers = task.days * (len(rows.day) + len(rows.observed)) + self.width * len(rows.observed)
        fit = _ROOM // max(numbers * self.kind.itemsize, 1) // task.form.lanes * task.form.lanes
        return int(np.clip(fit, task.form.lanes, _CHUNK))

    def _tell(self, patient_days: int) -> None:
        self.done += patient_days
        if self.shown:
            self.shown(self.done)

    def _collect(self, blocks: Blocks, chunk: npt.NDArray[np.int64]) -> None:
        task, rows = self.task, blocks.rows
        table = dict(zip([*rows.day, *rows.observed], np.moveaxis(blocks.days[: len(chunk)], -1, 0), strict=True))
        for name, values in summary(table).items():
            if name in self.days:
                self.days[name][chunk] = values
        for name in task.follow:
            self.days[name][chunk] = table[name]
        if "dextrose_g" in self.days:
            self.days["dextrose_g"][chunk] += boluses(task, chunk)
        for column, values in enumerate(np.moveaxis(self._asked(blocks, chunk), -1, 0) if self.width else ()):
            self.moments[self.moment_names[rows.observed[column]]][chunk] = values
        for row in np.flatnonzero(blocks.failed[: len(chunk)] >= 0).tolist():
            patient = int(chunk[row])
            state = rows.states[blocks.failed[row]]
            given = {
                name: float(np.ravel(value)[0])
                for name, value in rows_of(task.parameters, chunk[row : row + 1]).items()
            }
            self.failures.append(Failure(patient, float(blocks.failed_at[row]), state, given))

    def _asked(self, blocks: Blocks, chunk: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        """What was observed (patients, moments, names), in the order in which the moments were asked for."""
        moments, kept = self.task.moments, blocks.moments[: len(chunk)]
        if moments.ndim == 1:
            return np.asarray(kept[:, np.unique(moments, return_inverse=True)[1]])
        backs = [np.unique(self.task.moments_of(member), return_inverse=True)[1] for member in chunk.tolist()]
        return np.stack([part[back] for part, back in zip(kept, backs, strict=True)])


def _check_device(device: str) -> None:
    if device == "cuda":
        from insulinoma.simulate.batch.device import require

        require()
    elif device != "cpu":
        raise UsageError(f"{device!r} is not a device. Expected cpu or cuda.")


@lru_cache(maxsize=64)
def _trace(
    model: Model,
    kinds: frozenset[str],
    observed: tuple[str, ...],
    whole: Whole,
    moved: frozenset[str],
) -> Trace:
    """The equations of a model under some kinds of orders."""
    return trace(model, orders=kinds, observed=observed, whole=dict(whole), moved=moved)


_compiled = lru_cache(maxsize=64)(compiled)
