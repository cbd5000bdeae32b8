"""What one thread of a GPU does for its patient: edges, rounds of steps, sums of a day.

The functions are made for one trace; sizes and formats are constants in them. The walk is that of the
lanes (`edges.py`, `steps.py`), for one patient.
"""

from __future__ import annotations

import math
from typing import Any

import numba.cuda

from insulinoma.simulate.batch.lanes import Format
from insulinoma.simulate.batch.layout import ABOVE, ADD, BELOW, DAY, MOMENT, RESET, SET, Layout
from insulinoma.simulate.batch.scalar import events, function
from insulinoma.simulate.batch.steps import GROW, SAFETY, SHRINK, STAGES
from insulinoma.simulate.batch.trace import Trace

# By this name, so that numba's simulator can put itself in its place.
cuda: Any = numba.cuda


class Parts:
    """The functions of one thread."""

    def __init__(self, traced: Trace, form: Format, rows: Layout, real: Any) -> None:
        self.traced, self.form, self.rows, self.real = traced, form, rows, real
        self.measure = self._function(traced.measures)
        self.observe = self._function(traced.observed)
        self.reset, self.merge = self._sums()
        self.serve = self._serve()
        self.round = self._round()
        self.factor = self._factor()
        self.blame = self._blame()

    def _function(self, wanted: Any) -> Any:
        return cuda.jit(device=True)(function(wanted, self.rows, self.real, self.form.largest))

    def _serve(self) -> Any:
        """What is due at an edge; `at` counts the days and moments written."""
        observe, reset, change, zero = self.observe, self.reset, self._change(), self.real(0)
        columns, observed = len(self.rows.day), len(self.rows.observed)

        @cuda.jit(device=True)
        def serve(y, u, p, i, flag, changes, amounts, days, moments, sums, seen, out, at):  # type: ignore[no-untyped-def]
            if flag & DAY:
                observe(y, u, p, i, zero, seen)
                for row in range(columns):
                    days[i, at[0], row] = sums[row]
                for row in range(observed):
                    days[i, at[0], columns + row] = seen[row]
                reset(sums)
                at[0] += 1
            begin, end, kinds, targets, orders = changes
            for index in range(begin, end):
                change(y, u, p, i, kinds[index], targets[index], amounts[i, orders[index]], out)
            if flag & MOMENT:
                observe(y, u, p, i, zero, seen)
                for row in range(observed):
                    moments[i, at[1], row] = seen[row]
                at[1] += 1

        return serve

    def _change(self) -> Any:
        happen = self._events()
        defaults = tuple(self.real(value) for value in self.traced.inputs.values()) or (self.real(0),)

        @cuda.jit(device=True)
        def change(y, u, p, i, kind, target, amount, out):  # type: ignore[no-untyped-def]
            if kind == RESET:
                u[target] = defaults[target]
            elif kind == SET:
                u[target] = amount
            elif kind == ADD:
                u[target] += amount
            else:
                happen(y, u, p, i, target, amount, out)

        return change

    def _events(self) -> Any:
        """One function for all events: a chain, as a GPU calls no function by number."""

        @cuda.jit(device=True)
        def happen(y, u, p, i, target, amount, out):  # type: ignore[no-untyped-def]
            pass

        found = happen
        for number, (changed, where) in enumerate(events(self.traced.events, self.rows, self.real, self.form.largest)):
            found = _chained(number, cuda.jit(device=True)(changed), tuple(int(row) for row in where), found)
        return found

    def _round(self) -> Any:
        """Some steps of one length; the worst error of a step."""
        step, error_of, summarize, measure = self._step(), self._error(), self._summary(), self.measure
        measures, zero = len(self.rows.measures), self.real(0)

        @cuda.jit(device=True)
        def some_steps(y, lost, u, p, scale, i, h, count, saved, slope, error, rate, before, after, part):  # type: ignore[no-untyped-def]
            worst = zero
            for _ in range(count):
                step(y, lost, u, p, i, h, slope, error, rate)
                total = error_of(error, saved, scale, i)
                if not total <= worst:
                    worst = total
                measure(y, u, p, i, zero, after)
                summarize(h, before, after, part)
                for row in range(measures):
                    before[row] = after[row]
            return worst

        return some_steps

    def _step(self) -> Any:
        """A step; a state on the clock of days, of which it is a few units in the last place, moves without loss."""
        compensated = tuple(self.form.bits == 32 and name in self.traced.slow for name in self.rows.states)
        rates, states, zero = self._function(self.traced.rates), len(self.rows.states), self.real(0)
        stages = tuple(tuple(self.real(value) for value in stage) for stage in STAGES)

        @cuda.jit(device=True)
        def step(y, lost, u, p, i, h, slope, error, rate):  # type: ignore[no-untyped-def]
            for stage in range(len(stages)):
                carried, weight, part = stages[stage]
                rates(y, u, p, i, zero, rate)
                for row in range(states):
                    new = h * rate[row]
                    error[row] = part * new + (error[row] if stage else zero)
                    slope[row] = new + (carried * slope[row] if stage else zero)
                for row in range(states):
                    change = weight * slope[row] - lost[row]
                    moved = y[row] + change
                    lost[row] = (moved - y[row]) - change if compensated[row] else zero
                    y[row] = moved

        return step

    def _error(self) -> Any:
        states, zero, tolerance = len(self.rows.states), self.real(0), self.real(self.form.tolerance)

        @cuda.jit(device=True)
        def error_of(error, saved, scale, i):  # type: ignore[no-untyped-def]
            total = zero
            for row in range(states):
                if scale[row, i] > zero:
                    share = error[row] / (tolerance * (abs(saved[row]) + scale[row, i]))
                    total += share * share
            return total

        return error_of

    def _blame(self) -> Any:
        """The state with the largest error for its size, or the last whose error is not a number."""
        states, zero = len(self.rows.states), self.real(0)

        @cuda.jit(device=True)
        def blame(error, saved, scale, i):  # type: ignore[no-untyped-def]
            found, largest = 0, zero
            for row in range(states):
                if scale[row, i] > zero:
                    share = abs(error[row]) / (abs(saved[row]) + scale[row, i])
                    if not share <= largest:
                        found, largest = row, share
            return found

        return blame

    def _factor(self) -> Any:
        real = self.real
        sixth, safety, least, most = real(-1 / 6), real(SAFETY), real(SHRINK), real(GROW)

        @cuda.jit(device=True)
        def factor(worst):  # type: ignore[no-untyped-def]
            if not worst < real(1e18):
                return least
            return min(max(safety * real(math.pow(max(worst, real(1e-9)), sixth)), least), most)

        return factor

    def _sums(self) -> tuple[Any, Any]:
        """The start of a day or round, and a round added to a day."""
        columns, zero, high = len(self.rows.day), self.real(0), self.real(math.inf)
        lowest = 0 if "minimum" in self.rows.day else -1

        @cuda.jit(device=True)
        def reset(sums):  # type: ignore[no-untyped-def]
            for row in range(columns):
                sums[row] = high if row == lowest else zero

        @cuda.jit(device=True)
        def merge(sums, part):  # type: ignore[no-untyped-def]
            for row in range(columns):
                sums[row] = min(sums[row], part[row]) if row == lowest else sums[row] + part[row]

        return reset, merge

    def _summary(self) -> Any:
        """The integrals by the trapezoid rule, the minimum, and the minutes beyond limits."""
        rows, real, beyond = self.rows, self.real, self._beyond()
        measures, offset = len(rows.measures), len(rows.day) - len(rows.measures)
        glucose = rows.measures.index("glucose") if "glucose" in rows.measures else -1
        half = real(0.5)

        @cuda.jit(device=True)
        def summarize(h, before, after, part):  # type: ignore[no-untyped-def]
            for row in range(measures):
                part[offset + row] += half * h * (before[row] + after[row])
            if glucose >= 0:
                beyond(h, min(before[glucose], after[glucose]), max(before[glucose], after[glucose]), part)

        return summarize

    def _beyond(self) -> Any:
        real = self.real
        below, above = tuple(real(limit) for limit in BELOW), tuple(real(limit) for limit in ABOVE)
        tiny, one, zero = real(1e-30), real(1), real(0)

        @cuda.jit(device=True)
        def beyond(h, low, high, part):  # type: ignore[no-untyped-def]
            part[0] = min(part[0], low)
            spread = high - low + tiny
            for row in range(len(below)):
                part[1 + row] += h * max(min((below[row] - low) / spread, one), zero)
            for row in range(len(above)):
                part[1 + len(below) + row] += h * max(min((high - above[row]) / spread, one), zero)

        return beyond


def _chained(number: int, changed: Any, where: tuple[int, ...], others: Any) -> Any:
    @cuda.jit(device=True)
    def happen(y, u, p, i, target, amount, out):  # type: ignore[no-untyped-def]
        if target == number:
            changed(y, u, p, i, amount, out)
            for row in range(len(where)):
                y[where[row]] = out[row]
        else:
            others(y, u, p, i, target, amount, out)

    return happen
