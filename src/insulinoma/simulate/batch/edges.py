"""What is due at an edge of a lane's plan: its day is written, inputs change, events happen, a moment is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from insulinoma.simulate.batch.expression import Expression
from insulinoma.simulate.batch.layout import ADD, DAY, END, EVENT, MOMENT, RESET, SET
from insulinoma.simulate.batch.memory import F64, POINTER, Memory
from insulinoma.simulate.batch.steps import FIRST
from insulinoma.simulate.batch.trace import Trace

DONE, PAUSED = -1.0, -2.0


class Edges:
    """Emits what happens to the lanes that have reached an edge (their gap is zero)."""

    def __init__(self, memory: Memory, traced: Trace) -> None:
        self.m, self.b, self.traced = memory, memory.b, traced

    def serve(self) -> None:
        """First what ends at the edge, then what starts there; a lane that has come to the end of the call waits."""
        m = self.m
        with m.loop(m.form.lanes) as lane, self.b.if_then(self.is_due(lane)):
            self._pause(lane)
        self._observe()
        with m.loop(m.form.lanes) as lane, self.b.if_then(self.is_due(lane)):
            self._finish(lane)
        for row, value in enumerate(m.evaluate(m.lanes, self.traced.measures).values()):
            m.store(value, "new", row)
        self._observe()
        with m.loop(m.form.lanes) as lane, self.b.if_then(self.is_due(lane)):
            self._start(lane)

    def is_due(self, lane: Any) -> Any:
        """Whether a lane is at an edge."""
        return self.b.fcmp_ordered("==", self.m.load_lane("gap", 0, lane), self.m.one.constant(0.0))

    def resume(self) -> None:
        """Lanes that waited are at their edge again."""
        gap, lanes = self.m.load("gap"), self.m.lanes
        waiting = lanes.equal(gap, lanes.constant(PAUSED))
        self.m.store(self.b.select(waiting, lanes.constant(0.0), gap), "gap")

    def _pause(self, lane: Any) -> None:
        m, b = self.m, self.b
        now, until = m.item("times", m.item("edge", lane), F64), m.item("until", m.whole(0), F64)
        with b.if_then(b.fcmp_ordered(">=", now, until)):
            m.store_lane(m.one.constant(PAUSED), "gap", 0, lane)

    def _reset_day(self, lane: Any) -> None:
        """Starts the sums of a day."""
        for row, name in enumerate(self.m.layout.day):
            self.m.store_lane(self.m.one.constant(float("inf") if name == "minimum" else 0.0), "sums", row, lane)

    def _observe(self) -> None:
        for row, value in enumerate(self.m.evaluate(self.m.lanes, self.traced.observed).values()):
            self.m.store(value, "observed", row)

    def _finish(self, lane: Any) -> None:
        m, b = self.m, self.b
        edge = m.item("edge", lane)
        with b.if_then(self._has(m.item("flags", edge), DAY)):
            self._write_day(lane)
            self._reset_day(lane)
        first, last = m.item("first", edge), m.item("first", b.add(edge, m.whole(1)))
        with m.loop(b.sub(last, first)) as count:
            self._apply(lane, b.add(first, count))

    def _apply(self, lane: Any, index: Any) -> None:
        """One change at an edge: of an input, or an event."""
        m, b = self.m, self.b
        kind, target, order = (m.item(name, index) for name in ("kinds", "targets", "orders"))
        amount = m.item("amounts", b.add(b.mul(lane, m.arg["pitch"]), order), m.form.scalar)
        changes = {RESET: self._default, SET: self._set, ADD: self._raise, EVENT: self._happen}
        for code, change in changes.items():
            with b.if_then(b.icmp_signed("==", kind, m.whole(code))):
                change(lane, target, amount)

    def _default(self, lane: Any, target: Any, amount: Any) -> None:
        for row, value in enumerate(self.traced.inputs.values()):
            with self.b.if_then(self.b.icmp_signed("==", target, self.m.whole(row))):
                self.m.store_lane(self.m.one.constant(value), "inputs", row, lane)

    def _set(self, lane: Any, target: Any, amount: Any) -> None:
        self.m.store_lane(amount, "inputs", target, lane)

    def _raise(self, lane: Any, target: Any, amount: Any) -> None:
        self.m.store_lane(self.b.fadd(self.m.load_lane("inputs", target, lane), amount), "inputs", target, lane)

    def _happen(self, lane: Any, target: Any, amount: Any) -> None:
        for number, changed in enumerate(self.traced.events.values()):
            with self.b.if_then(self.b.icmp_signed("==", target, self.m.whole(number))):
                self._change(lane, changed, amount)

    def _change(self, lane: Any, changed: Mapping[str, Expression], amount: Any) -> None:
        found = self.m.evaluate(self.m.one, changed, lane=lane, amount=amount)
        for state, value in found.items():
            row = self.m.layout.states.index(state)
            self.m.store_lane(value, "states", row, lane)
            self.m.store_lane(self.m.one.constant(0.0), "lost", row, lane)

    def _start(self, lane: Any) -> None:
        m, b = self.m, self.b
        edge = m.item("edge", lane)
        flags = m.item("flags", edge)
        with b.if_then(self._has(flags, MOMENT)):
            self._write(lane, "moments", 0, len(m.layout.observed), lambda row: m.load_lane("observed", row, lane))
            self._forward(lane, "moments", len(m.layout.observed))
        with m.loop(len(m.layout.measures)) as row:
            m.store_lane(m.load_lane("new", row, lane), "measured", row, lane)
        with b.if_else(self._has(flags, END)) as (last, other):
            with last:
                m.store_lane(m.one.constant(DONE), "gap", 0, lane)
            with other:
                self._next_segment(lane, edge)
        m.set_item(b.add(edge, m.whole(1)), "edge", lane)

    def _next_segment(self, lane: Any, edge: Any) -> None:
        m, b = self.m, self.b
        now, then = m.item("times", edge, F64), m.item("times", b.add(edge, m.whole(1)), F64)
        gap = b.fsub(then, now)
        m.store_lane(gap if m.form.bits == 64 else b.fptrunc(gap, m.form.scalar), "gap", 0, lane)
        kept = m.one.smaller(m.load_lane("wanted", 0, lane), m.one.constant(FIRST))
        changed = b.icmp_signed("!=", m.item("first", edge), m.item("first", b.add(edge, m.whole(1))))
        with b.if_then(changed):
            m.store_lane(kept, "wanted", 0, lane)

    def _write_day(self, lane: Any) -> None:
        m = self.m
        sums, observed = len(m.layout.day), len(m.layout.observed)
        self._write(lane, "days", 0, sums, lambda row: m.load_lane("sums", row, lane))
        self._write(lane, "days", sums, observed, lambda row: m.load_lane("observed", row, lane))
        self._forward(lane, "days", sums + observed)

    def _write(self, lane: Any, name: str, skip: int, count: int, value: Callable[[Any], Any]) -> None:
        """Writes columns where the lane's pointer is."""
        m, b = self.m, self.b
        row = m.item(name, lane, POINTER)
        with m.loop(count) as column:
            b.store(value(column), m.at(row, b.add(column, m.whole(skip)), m.form.scalar))

    def _forward(self, lane: Any, name: str, count: int) -> None:
        m = self.m
        m.set_item(m.at(m.item(name, lane, POINTER), m.whole(count), m.form.scalar), name, lane)

    def _has(self, flags: Any, flag: int) -> Any:
        return self.b.icmp_signed("!=", self.b.and_(flags, self.m.whole(flag)), self.m.whole(0))
