"""Rounds of steps: each lane takes some steps of its own length, and its round counts if its error is small.

Steps are third-order Runge-Kutta with four stages in low storage (Williamson 1980), the fourth for
stability: a step of 5.9 times the fastest time constant, 1.8 times as far by stage as with three. The
term of third order is the measure of error; it grows where a step is longer than the fastest mode of
the patient allows. Such a round is done again with shorter steps.
"""

from __future__ import annotations

from typing import Any

from insulinoma.simulate.batch.layout import ABOVE, BELOW
from insulinoma.simulate.batch.memory import I32, Memory
from insulinoma.simulate.batch.trace import Trace

# By stage: what is kept of the slope before, the weight of the slope, and the part of the stage in the error.
# Solved for order three, fourth coefficient of the stability polynomial 0.0187 (real axis to -5.9), and the third
# derivative as the error; A_3 = -1.6 and B_1 = 0.1 are free, and chosen for small coefficients.
STAGES = (
    (0.0, 0.1, 4.633998248719006),
    (-0.38952034810437164, 1.005954616865871, -5.382340743486874),
    (-1.6, 0.6695643723201026, 0.5020271873643354),
    (-1.1322866108681497, 0.2776328694113401, 0.24631530740353194),
)
ROUND = 2
FIRST, LARGEST = 1.0, 8.0
SAFETY, SHRINK, GROW, _NEAR = 0.8, 0.2, 1.25, 1e-6
REFUSED = 64.0


class Steps:
    """Emits one round of steps for all lanes."""

    def __init__(self, memory: Memory, traced: Trace) -> None:
        self.m, self.b, self.lanes, self.traced = memory, memory.b, memory.lanes, traced
        self.states = range(len(memory.layout.states))

    def round(self) -> None:
        """Some steps, and then their verdict."""
        self._save()
        count = self._counts()
        step = self._step_length(count)
        with self.m.loop(self._longest(count)) as number:
            reached = self.lanes.less(self.lanes.spread(self.b.sitofp(number, self.m.form.scalar)), count)
            self._step(self.b.select(reached, step, self.lanes.constant(0.0)))
        self._judge(step, count)

    def _save(self) -> None:
        m, lanes = self.m, self.lanes
        for row in self.states:
            state, scale = m.load("states", row), m.load("scale", row)
            m.store(state, "saved", row)
            size = self.b.fadd(lanes.absolute(state), scale)
            weight = lanes.reciprocal(self.b.fmul(size, lanes.constant(m.form.tolerance)))
            counted = lanes.less(lanes.constant(0.0), scale)
            m.store(self.b.select(counted, weight, lanes.constant(0.0)), "weight", row)
        for row in range(len(m.layout.measures)):
            m.store(m.load("measured", row), "saved_measured", row)
        for row, name in enumerate(m.layout.day):
            m.store(lanes.constant(float("inf") if name == "minimum" else 0.0), "round", row)
        m.store(lanes.constant(0.0), "worst")

    def _counts(self) -> Any:
        """The steps of each lane in this round: those left to its edge, at most a full round, none where it is done."""
        lanes = self.lanes
        left = lanes.ceil(self.b.fdiv(self.m.load("gap"), self.m.load("wanted")))
        return lanes.larger(lanes.smaller(left, lanes.constant(ROUND)), lanes.constant(0.0))

    def _step_length(self, count: Any) -> Any:
        """The wanted step, shortened where the edge is within the round so that the last step ends on it."""
        gap, wanted = self.m.load("gap"), self.m.load("wanted")
        return self.lanes.smaller(wanted, self.b.fdiv(gap, self.lanes.larger(count, self.lanes.constant(1.0))))

    def _longest(self, count: Any) -> Any:
        return self.b.fptosi(self.lanes.largest_lane(count), I32)

    def _step(self, h: Any) -> None:
        m, b, lanes = self.m, self.b, self.lanes
        for row in self.states:
            m.store(lanes.constant(0.0), "slope", row)
            m.store(lanes.constant(0.0), "error", row)
        with m.loop(len(STAGES)) as stage:
            carried, weight, part = (lanes.spread(m.one_of(column, stage)) for column in zip(*STAGES, strict=True))
            found = m.evaluate(lanes, self.traced.rates)
            for row, name in enumerate(m.layout.states):
                slope = b.fmul(h, found[name])
                m.store(lanes.fma(part, slope, m.load("error", row)), "error", row)
                slope = lanes.fma(carried, m.load("slope", row), slope)
                m.store(slope, "slope", row)
                self._move(row, name, weight, slope)
        self._worst_error()
        self._summarize(h)

    def _move(self, row: int, name: str, weight: Any, slope: Any) -> None:
        """Moves a state; one on the clock of days, of which a step is a few units in the last place, without loss."""
        m, b, lanes = self.m, self.b, self.lanes
        state = m.load("states", row)
        if m.form.bits == 64 or name not in self.traced.slow:
            m.store(lanes.fma(weight, slope, state), "states", row)
            return
        change = lanes.fma(weight, slope, lanes.negative(m.load("lost", row)))
        moved = b.fadd(state, change)
        m.store(b.fsub(b.fsub(moved, state), change), "lost", row)
        m.store(moved, "states", row)

    def _worst_error(self) -> None:
        """The largest error of a step: squares of the errors by their weight, summed over the states."""
        m, lanes = self.m, self.lanes
        total = lanes.constant(0.0)
        for row in self.states:
            error = self.b.fmul(m.load("error", row), m.load("weight", row))
            total = lanes.fma(error, error, total)
        m.store(lanes.larger(total, m.load("worst")), "worst")

    def _summarize(self, h: Any) -> None:
        """The integrals by the trapezoid rule, the minimum, and the minutes beyond limits."""
        m, b, lanes = self.m, self.b, self.lanes
        found = m.evaluate(lanes, self.traced.measures)
        half = b.fmul(h, lanes.constant(0.5))
        for row, name in enumerate(m.layout.measures):
            before = m.load("measured", row)
            self._add(m.layout.day.index(name), b.fmul(half, b.fadd(before, found[name])))
            if name == "glucose":
                self._beyond(h, before, found[name])
            m.store(found[name], "measured", row)

    def _beyond(self, h: Any, before: Any, after: Any) -> None:
        m, b, lanes = self.m, self.b, self.lanes
        low, high = lanes.smaller(before, after), lanes.larger(before, after)
        m.store(lanes.smaller(m.load("round", 0), low), "round", 0)
        spread = lanes.reciprocal(b.fadd(b.fsub(high, low), lanes.constant(1e-30)))
        gaps = [b.fsub(lanes.constant(limit), low) for limit in BELOW]
        gaps += [b.fsub(high, lanes.constant(limit)) for limit in ABOVE]
        for row, gap in enumerate(gaps, start=1):
            share = lanes.larger(lanes.smaller(b.fmul(gap, spread), lanes.constant(1.0)), lanes.constant(0.0))
            self._add(row, b.fmul(h, share))

    def _add(self, row: int, value: Any) -> None:
        self.m.store(self.b.fadd(self.m.load("round", row), value), "round", row)

    def _judge(self, step: Any, count: Any) -> None:
        """Keeps the round of each lane or takes it back, and chooses its next step."""
        m, b, lanes = self.m, self.b, self.lanes
        self._refuse_negative()
        good = lanes.less(m.load("worst"), lanes.constant(1.0))
        factor = self._factor(m.load("worst"))
        shorter = b.fmul(m.load("wanted"), lanes.smaller(factor, lanes.constant(1.0)))
        proposed = b.fmul(step, factor)
        wanted = lanes.smaller(b.select(good, lanes.larger(proposed, shorter), proposed), lanes.constant(LARGEST))
        idle = lanes.less(count, lanes.constant(0.5))
        m.store(b.select(idle, m.load("wanted"), wanted), "wanted")
        gap = m.load("gap")
        left = b.fsub(gap, b.fmul(count, step))
        arrived = lanes.less(left, b.fmul(gap, lanes.constant(_NEAR)))
        left = b.select(arrived, lanes.constant(0.0), left)
        m.store(b.select(idle, gap, b.select(good, left, gap)), "gap")
        m.store(b.fadd(m.load("steps"), count), "steps")
        self._settle(good)

    def _refuse_negative(self) -> None:
        """A lane in which what is positive at rest has become negative: its steps were too long for a fast mode."""
        m, b, lanes = self.m, self.b, self.lanes
        lowest = lanes.constant(0.0)
        for row in self.states:
            lowest = lanes.smaller(lowest, b.fmul(m.load("states", row), m.load("weight", row)))
        refused = lanes.larger(m.load("worst"), lanes.constant(REFUSED))
        m.store(b.select(lanes.less(lowest, lanes.constant(0.0)), refused, m.load("worst")), "worst")

    def _factor(self, worst: Any) -> Any:
        """The factor on the step that would bring the error to its limit, with some safety."""
        lanes = self.lanes
        power = self.b.fmul(lanes.log2(lanes.larger(worst, lanes.constant(1e-9))), lanes.constant(-1 / 6))
        factor = self.b.fmul(lanes.constant(SAFETY), lanes.exp2(power))
        factor = lanes.finite_or(factor, SHRINK)
        return lanes.smaller(lanes.larger(factor, lanes.constant(SHRINK)), lanes.constant(GROW))

    def _settle(self, good: Any) -> None:
        m, b, lanes = self.m, self.b, self.lanes
        tables = (("states", "saved", len(self.states)), ("measured", "saved_measured", len(m.layout.measures)))
        for name, saved, count in tables:
            for row in range(count):
                m.store(b.select(good, m.load(name, row), m.load(saved, row)), name, row)
        for row in self.states:
            m.store(b.select(good, m.load("lost", row), lanes.constant(0.0)), "lost", row)
        for row, name in enumerate(m.layout.day):
            before, found = m.load("sums", row), m.load("round", row)
            after = lanes.smaller(before, found) if name == "minimum" else b.fadd(before, found)
            m.store(b.select(good, after, before), "sums", row)
