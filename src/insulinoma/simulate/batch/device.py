"""The same course on a GPU: one thread for each patient, its states in registers and local memory."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numba.cuda
import numpy as np

from insulinoma.errors import UsageError
from insulinoma.simulate.batch.blocks import Blocks
from insulinoma.simulate.batch.lanes import Format
from insulinoma.simulate.batch.layout import END, layout
from insulinoma.simulate.batch.steps import FIRST, LARGEST, REFUSED, ROUND
from insulinoma.simulate.batch.threads import Parts
from insulinoma.simulate.batch.trace import Trace

# By this name, so that numba's simulator can put itself in its place.
cuda: Any = numba.cuda
THREADS = 64
_ARGUMENTS = (
    "states", "inputs", "patient", "scale", "amounts", "edge", "times", "flags", "first", "kinds", "targets",
    "orders", "days", "moments", "failed", "failed_at", "steps",
)  # fmt: skip


def require() -> None:
    """UsageError where there is no GPU to compute on."""
    if not cuda.is_available():
        raise UsageError("'cuda' needs an NVIDIA GPU with its driver, and none is here. Expected the device 'cpu'.")


def launch(traced: Trace, form: Format, blocks: Blocks) -> None:
    """Runs all patients of one block; the results are in its tables afterwards."""
    arrays = {**blocks.arrays(0), "days": blocks.days, "moments": blocks.moments}
    there = [cuda.to_device(arrays[name]) for name in _ARGUMENTS]
    count = arrays["states"].shape[1]
    threads = min(count, THREADS)
    _course(traced, form)[-(-count // threads), threads](*there)
    for name, array in zip(_ARGUMENTS, there, strict=True):
        if name in ("states", "days", "moments", "failed", "failed_at", "steps"):
            array.copy_to_host(arrays[name])


@lru_cache(maxsize=16)
def _course(traced: Trace, form: Format) -> Any:
    """The kernel of a trace: every thread walks along the edges of its patient's plan."""
    rows, real = layout(traced), np.dtype(form.name).type
    parts = Parts(traced, form, rows, real)
    blame = parts.blame
    walk = _walk(parts)
    states, inputs, measures = len(rows.states), max(len(rows.inputs), 1), len(rows.measures) + 1
    columns, observed = len(rows.day) + 1, len(rows.observed) + 1

    # fmt: off
    @cuda.jit
    def course(  # type: ignore[no-untyped-def]
        y0, u0, p, scale, amounts, start, times, flags, first, kinds, targets, orders,
        days, moments, failed, when, steps
    ):
        # fmt: on
        i = cuda.grid(1)
        if i < y0.shape[1]:
            y, u, lost = cuda.local.array(states, real), cuda.local.array(inputs, real), cuda.local.array(states, real)
            saved, slope = cuda.local.array(states, real), cuda.local.array(states, real)
            error, rate = cuda.local.array(states, real), cuda.local.array(states, real)
            before, after = cuda.local.array(measures, real), cuda.local.array(measures, real)
            kept, seen = cuda.local.array(measures, real), cuda.local.array(observed, real)
            sums, part = cuda.local.array(columns, real), cuda.local.array(columns, real)
            for row in range(states):
                y[row], lost[row] = y0[row, i], real(0)
            for row in range(u0.shape[0]):
                u[row] = u0[row, i]
            plan, changes = (start[i], times, flags, first), (kinds, targets, orders, amounts)
            work, tables = (saved, slope, error, rate, before, after, kept, sums, part), (days, moments, seen, steps)
            edge = walk(y, lost, u, p, scale, i, plan, changes, work, tables)
            if edge >= 0:
                failed[i], when[i] = blame(error, saved, scale, i), times[edge + 1]
            for row in range(states):
                y0[row, i] = y[row]

    return course


def _walk(parts: Parts) -> Any:
    """From edge to edge of a plan to its end, -1, or to the edge after which no step was short enough."""
    serve, measure, reset, real = parts.serve, parts.measure, parts.reset, parts.real
    segment = _segment(parts)
    zero, first_step = real(0), real(FIRST)

    @cuda.jit(device=True)
    def walk(y, lost, u, p, scale, i, plan, changes, work, tables):  # type: ignore[no-untyped-def]
        edge, times, flags, first = plan
        kinds, targets, orders, amounts = changes
        days, moments, seen, steps = tables
        rate, before, sums = work[3], work[4], work[7]
        at = cuda.local.array(2, np.int32)
        at[0], at[1] = 0, 0
        reset(sums)
        wanted = first_step
        while edge >= 0:
            here = (first[edge], first[edge + 1], kinds, targets, orders)
            serve(y, u, p, i, flags[edge], here, amounts, days, moments, sums, seen, rate, at)
            if flags[edge] & END:
                return -1
            measure(y, u, p, i, zero, before)
            wanted = min(wanted, first_step) if here[1] > here[0] else wanted
            wanted = segment(y, lost, u, p, scale, i, real(times[edge + 1] - times[edge]), wanted, work, steps)
            if wanted < zero:
                return edge
            edge += 1
        return -1

    return walk


def _segment(parts: Parts) -> Any:
    """From one edge to the next; the step wanted after it, negative where no step was short enough."""
    some_steps, factor, reset, merge, real = parts.round, parts.factor, parts.reset, parts.merge, parts.real
    zero, one, longest, smallest = real(0), real(1), real(LARGEST), real(parts.form.smallest_step)
    keep, take_back, below_zero = _rescue(parts)
    refused = real(REFUSED)

    @cuda.jit(device=True)
    def segment(y, lost, u, p, scale, i, gap, wanted, work, steps):  # type: ignore[no-untyped-def]
        saved, slope, error, rate, before, after, kept, sums, part = work
        while gap > zero:
            left = math.ceil(gap / wanted)
            count = min(left, ROUND)
            h = gap / real(count) if left <= ROUND else wanted
            keep(y, before, saved, kept)
            reset(part)
            worst = some_steps(y, lost, u, p, scale, i, h, count, saved, slope, error, rate, before, after, part)
            if below_zero(y, scale, i):
                worst = max(worst, refused)
            steps[0, i] += real(count)
            f = factor(worst)
            if worst < one:
                wanted = min(max(h * f, wanted * min(f, one)), longest)
                gap = zero if left <= ROUND else gap - real(count) * h
                merge(sums, part)
            else:
                wanted = h * f
                take_back(y, before, saved, kept, lost)
            if wanted < smallest:
                return -one
        return wanted

    return segment


def _rescue(parts: Parts) -> Any:
    """What keeps the states and measures before a round, what takes them back, and whether a round is to be refused."""
    states, measures, zero = len(parts.rows.states), len(parts.rows.measures), parts.real(0)

    @cuda.jit(device=True)
    def keep(y, before, saved, kept):  # type: ignore[no-untyped-def]
        for row in range(states):
            saved[row] = y[row]
        for row in range(measures):
            kept[row] = before[row]

    @cuda.jit(device=True)
    def take_back(y, before, saved, kept, lost):  # type: ignore[no-untyped-def]
        for row in range(states):
            y[row], lost[row] = saved[row], zero
        for row in range(measures):
            before[row] = kept[row]

    @cuda.jit(device=True)
    def below_zero(y, scale, i):  # type: ignore[no-untyped-def]
        found = False
        for row in range(states):
            if y[row] < zero and scale[row, i] > zero:
                found = True
        return found

    return keep, take_back, below_zero
