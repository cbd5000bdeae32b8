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
    serve, measure, reset, blame = parts.serve, parts.measure, parts.reset, parts.blame
    segment = _segment(parts)
    states, inputs, measures = len(rows.states), max(len(rows.inputs), 1), len(rows.measures) + 1
    columns, observed = len(rows.day) + 1, len(rows.observed) + 1
    zero, first_step = real(0), real(FIRST)

    # fmt: off
    @cuda.jit
    def course(  # type: ignore[no-untyped-def]
        y0, u0, p, scale, amounts, start, times, flags, first, kinds, targets, orders,
        days, moments, failed, when, steps
    ):
        # fmt: on
        i = cuda.grid(1)
        if i < y0.shape[1]:
            y, u = cuda.local.array(states, real), cuda.local.array(inputs, real)
            saved, slope = cuda.local.array(states, real), cuda.local.array(states, real)
            error, rate = cuda.local.array(states, real), cuda.local.array(states, real)
            before, after = cuda.local.array(measures, real), cuda.local.array(measures, real)
            kept, seen = cuda.local.array(measures, real), cuda.local.array(observed, real)
            sums, part = cuda.local.array(columns, real), cuda.local.array(columns, real)
            lost, work = cuda.local.array(states, real), (saved, slope, error, rate)
            at = cuda.local.array(2, np.int32)
            for row in range(states):
                y[row], lost[row] = y0[row, i], zero
            for row in range(u0.shape[0]):
                u[row] = u0[row, i]
            at[0], at[1] = 0, 0
            reset(sums)
            edge, wanted = start[i], first_step
            while edge >= 0:
                changes = (first[edge], first[edge + 1], kinds, targets, orders)
                serve(y, u, p, i, flags[edge], changes, amounts, days, moments, sums, seen, rate, at)
                if flags[edge] & END:
                    break
                measure(y, u, p, i, zero, before)
                wanted = min(wanted, first_step) if changes[1] > changes[0] else wanted
                gap = real(times[edge + 1] - times[edge])
                wanted = segment(y, lost, u, p, scale, i, gap, wanted, work, before, after, kept, sums, part, steps)
                if wanted < zero:
                    failed[i], when[i] = blame(error, saved, scale, i), times[edge + 1]
                    break
                edge += 1
            for row in range(states):
                y0[row, i] = y[row]

    return course


def _segment(parts: Parts) -> Any:
    """From one edge to the next; the step wanted after it, negative where no step was short enough."""
    states, measures, real = len(parts.rows.states), len(parts.rows.measures), parts.real
    some_steps, factor, reset, merge = parts.round, parts.factor, parts.reset, parts.merge
    zero, one, longest, smallest = real(0), real(1), real(LARGEST), real(parts.form.smallest_step)
    refused = real(REFUSED)

    @cuda.jit(device=True)
    def copy(source, target, count):  # type: ignore[no-untyped-def]
        for row in range(count):
            target[row] = source[row]

    @cuda.jit(device=True)
    def segment(y, lost, u, p, scale, i, gap, wanted, work, before, after, kept, sums, part, steps):  # type: ignore[no-untyped-def]
        saved, slope, error, rate = work
        while gap > zero:
            left = math.ceil(gap / wanted)
            count = min(left, ROUND)
            h = gap / real(count) if left <= ROUND else wanted
            copy(y, saved, states)
            copy(before, kept, measures)
            reset(part)
            worst = some_steps(y, lost, u, p, scale, i, h, count, saved, slope, error, rate, before, after, part)
            for row in range(states):
                if y[row] < zero and scale[row, i] > zero:
                    worst = max(worst, refused)
            steps[0, i] += real(count)
            f = factor(worst)
            if worst < one:
                wanted = min(max(h * f, wanted * min(f, one)), longest)
                gap = zero if left <= ROUND else gap - real(count) * h
                merge(sums, part)
            else:
                wanted = h * f
                copy(saved, y, states)
                copy(kept, before, measures)
                for row in range(states):
                    lost[row] = zero
            if wanted < smallest:
                return -one
        return wanted

    return segment
