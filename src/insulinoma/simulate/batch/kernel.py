"""The kernel in LLVM: one block of patients, a lane each, from time zero to the end.

Every lane walks through its own plan with its own step: what a patient gets does not depend on the
patients beside it. A lane whose segment has ended is served at an edge: its day is written, its events
happen, its inputs change, and the step of the next segment is chosen so that it ends on the edge.

Steps are third-order Runge-Kutta with three stages in low storage (Williamson 1980).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from insulinoma.simulate.batch.expression import MOVING, PATIENT, Expression, in_order
from insulinoma.simulate.batch.lanes import Format, Lanes
from insulinoma.simulate.batch.trace import Trace

STAGES = ((0.0, 1 / 3), (-5 / 9, 15 / 16), (-153 / 128, 8 / 15))
BELOW, ABOVE = (54.0, 70.0), (180.0,)
DAY, MOMENT, END = 1, 2, 4
EVENT, RESET, SET, ADD = range(4)
_POINTER, _I32, _I64, _F64 = ir.PointerType(), ir.IntType(32), ir.IntType(64), ir.DoubleType()
_DONE = 1 << 30
ARGUMENTS = (
    "states", "inputs", "patients", "amounts", "pitch", "largest_step", "edge", "times", "flags", "first",
    "kinds", "targets", "orders", "days", "moments", "failed", "failed_at", "work", "left",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Which expression is in which row of the kernel's tables."""

    states: list[str]
    inputs: list[str]
    patient: list[Expression]
    measures: list[str]
    observed: list[str]

    @property
    def day(self) -> list[str]:
        """The columns of a day: the minimum, integrals by time, minutes beyond a limit, values at its end."""
        limits = [f"below_{limit:g}" for limit in BELOW] + [f"above_{limit:g}" for limit in ABOVE]
        return (["minimum", *limits] if "glucose" in self.measures else []) + self.measures

    @property
    def work(self) -> dict[str, int]:
        """The tables that a block needs while it runs, with their rows."""
        measures = len(self.measures)
        return {
            "slope": len(self.states), "measured": measures, "observed": len(self.observed), "new": measures,
            "sums": len(self.day), "step": 1,
        }  # fmt: skip


def layout(traced: Trace) -> Layout:
    """The tables of a trace: all that the kernel reads of a patient is one of them."""
    everything = [*traced.rates.values(), *traced.measures.values(), *traced.observed.values()]
    everything += [value for changed in traced.events.values() for value in changed.values()]
    moving = [item for item in in_order(everything) if item.level == MOVING]
    read = [arg for item in moving for arg in item.args if arg.level == PATIENT]
    read += [item for item in everything if item.level == PATIENT]
    patient = list({item.number: item for item in read}.values())
    return Layout(traced.states, list(traced.inputs), patient, list(traced.measures), list(traced.observed))


def kernel(traced: Trace, form: Format) -> tuple[str, Layout]:
    """The text of the kernel in LLVM's language, and its tables."""
    built = _Kernel(traced, form)
    return str(built.module), built.layout


class _Kernel:
    def __init__(self, traced: Trace, form: Format) -> None:
        self.traced, self.form, self.layout = traced, form, layout(traced)
        self.module = ir.Module("batch")
        kind = ir.FunctionType(ir.VoidType(), [_I32 if name == "pitch" else _POINTER for name in ARGUMENTS])
        self.function = ir.Function(self.module, kind, "block")
        self.b = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.arg = dict(zip(ARGUMENTS, self.function.args, strict=True))
        self.lanes, self.one = Lanes(self.b, form, form.lanes), Lanes(self.b, form, 1)
        self._allocate()
        self._run()

    def _allocate(self) -> None:
        """The tables that live as long as the block, `[rows][lanes]`, one after another in `work`."""
        rows = 0
        self.table = {"states": self.arg["states"], "inputs": self.arg["inputs"], "patient": self.arg["patients"]}
        for name, count in self.layout.work.items():
            self.table[name] = self._at(self.arg["work"], ir.Constant(_I32, rows), self.lanes.type)
            rows += count
        self.left = self.arg["left"]
        with self._loop(self.form.lanes) as lane:
            self._reset_day(lane)

    def _run(self) -> None:
        """Edges, then steps until the next lane reaches an edge, until all lanes are done."""
        b = self.b
        head, steps, end = (self.function.append_basic_block(name) for name in ("edges", "steps", "end"))
        b.branch(head)
        b.position_at_end(head)
        self._edges()
        count = self._fewest()
        b.cbranch(b.icmp_signed("<", count, ir.Constant(_I32, _DONE >> 1)), steps, end)
        b.position_at_end(steps)
        with self._loop(count):
            self._step()
        with self._loop(self.form.lanes) as lane:
            place = self._at(self.left, lane, _I32)
            b.store(b.sub(b.load(place, typ=_I32), count), place)
        b.branch(head)
        b.position_at_end(end)
        b.ret_void()

    def _fewest(self) -> Any:
        """The steps until the next edge of any lane."""
        b = self.b
        fewest = self._at(self.left, ir.Constant(_I32, self.form.lanes), _I32)
        b.store(ir.Constant(_I32, _DONE), fewest)
        with self._loop(self.form.lanes) as lane:
            left, least = b.load(self._at(self.left, lane, _I32), typ=_I32), b.load(fewest, typ=_I32)
            b.store(b.select(b.icmp_signed("<", left, least), left, least), fewest)
        return b.load(fewest, typ=_I32)

    # Steps

    def _step(self) -> None:
        h = self._load("step", 0)
        for carried, weight in STAGES:
            found = self._evaluate(self.lanes, self.traced.rates)
            for row, name in enumerate(self.layout.states):
                slope = self.b.fmul(h, found[name])
                if carried:
                    slope = self.lanes.fma(self.lanes.constant(carried), self._load("slope", row), slope)
                self._store(slope, "slope", row)
                state = self.lanes.fma(self.lanes.constant(weight), slope, self._load("states", row))
                self._store(state, "states", row)
        self._summarize(h)

    def _summarize(self, h: Any) -> None:
        """The day's integrals by the trapezoid rule, the minimum, and the minutes beyond limits."""
        b, lanes = self.b, self.lanes
        found = self._evaluate(lanes, self.traced.measures)
        half = b.fmul(h, lanes.constant(0.5))
        for row, name in enumerate(self.layout.measures):
            before = self._load("measured", row)
            self._add(self.layout.day.index(name), b.fmul(half, b.fadd(before, found[name])))
            if name == "glucose":
                self._beyond(h, before, found[name])
            self._store(found[name], "measured", row)

    def _beyond(self, h: Any, before: Any, after: Any) -> None:
        b, lanes = self.b, self.lanes
        low, high = lanes.smaller(before, after), lanes.larger(before, after)
        self._store(lanes.smaller(self._load("sums", 0), low), "sums", 0)
        spread = lanes.reciprocal(b.fadd(b.fsub(high, low), lanes.constant(1e-30)))
        gaps = [b.fsub(lanes.constant(limit), low) for limit in BELOW]
        gaps += [b.fsub(high, lanes.constant(limit)) for limit in ABOVE]
        for row, gap in enumerate(gaps, start=1):
            share = lanes.larger(lanes.smaller(b.fmul(gap, spread), lanes.constant(1.0)), lanes.constant(0.0))
            self._add(row, b.fmul(h, share))

    def _add(self, row: int, value: Any) -> None:
        self._store(self.b.fadd(self._load("sums", row), value), "sums", row)

    # Edges

    def _edges(self) -> None:
        """What is due for each lane at an edge: first what ends there, then what starts."""
        self._observe()
        with self._loop(self.form.lanes) as lane, self._if(self._is_due(lane)):
            self._finish(lane)
        for row, value in enumerate(self._evaluate(self.lanes, self.traced.measures).values()):
            self._store(value, "new", row)
        self._observe()
        with self._loop(self.form.lanes) as lane, self._if(self._is_due(lane)):
            self._start(lane)

    def _observe(self) -> None:
        for row, value in enumerate(self._evaluate(self.lanes, self.traced.observed).values()):
            self._store(value, "observed", row)

    def _is_due(self, lane: Any) -> Any:
        left = self.b.load(self._at(self.left, lane, _I32), typ=_I32)
        return self.b.icmp_signed("==", left, ir.Constant(_I32, 0))

    def _finish(self, lane: Any) -> None:
        b = self.b
        edge = b.load(self._at(self.arg["edge"], lane, _I32), typ=_I32)
        flags = b.load(self._at(self.arg["flags"], edge, _I32), typ=_I32)
        self._check(lane, edge)
        with self._if(self._is_due(lane)):
            with self._if(self._has(flags, DAY)):
                self._write_day(lane)
                self._reset_day(lane)
            first = b.load(self._at(self.arg["first"], edge, _I32), typ=_I32)
            last = b.load(self._at(self.arg["first"], b.add(edge, ir.Constant(_I32, 1)), _I32), typ=_I32)
            with self._loop(b.sub(last, first)) as count:
                self._apply(lane, b.add(first, count))

    def _check(self, lane: Any, edge: Any) -> None:
        """A lane with a state that is not finite is done; the first such state and the time are kept."""
        b = self.b
        with self._loop(len(self.layout.states)) as row:
            value = self._lane("states", row, lane)
            wrong = b.fcmp_unordered("!=", b.fsub(value, value), self.one.constant(0.0))
            with self._if(b.and_(wrong, self._is_due(lane))):
                b.store(row, self._at(self.arg["failed"], lane, _I32))
                time = b.load(self._at(self.arg["times"], edge, _F64), typ=_F64)
                b.store(time, self._at(self.arg["failed_at"], lane, _F64))
                self._done(lane)

    def _done(self, lane: Any) -> None:
        self.b.store(ir.Constant(_I32, _DONE), self._at(self.left, lane, _I32))
        self._set_lane(self.one.constant(0.0), "step", 0, lane)

    def _apply(self, lane: Any, index: Any) -> None:
        """One change at an edge: an input reset, an input raised, or an event."""
        b = self.b
        kind, target, order = (
            b.load(self._at(self.arg[name], index, _I32), typ=_I32) for name in ("kinds", "targets", "orders")
        )
        place = b.add(b.mul(lane, self.arg["pitch"]), order)
        amount = b.load(self._at(self.arg["amounts"], place, self.form.scalar), typ=self.form.scalar)
        for code, change in ((RESET, self._default), (SET, self._set), (ADD, self._raise)):
            with self._if(b.icmp_signed("==", kind, ir.Constant(_I32, code))):
                change(lane, target, amount)
        for number, changed in enumerate(self.traced.events.values()):
            this = b.icmp_signed("==", target, ir.Constant(_I32, number))
            with self._if(b.and_(this, b.icmp_signed("==", kind, ir.Constant(_I32, EVENT)))):
                self._happen(lane, changed, amount)

    def _default(self, lane: Any, target: Any, amount: Any) -> None:
        for row, value in enumerate(self.traced.inputs.values()):
            with self._if(self.b.icmp_signed("==", target, ir.Constant(_I32, row))):
                self._set_lane(self.one.constant(value), "inputs", ir.Constant(_I32, row), lane)

    def _set(self, lane: Any, target: Any, amount: Any) -> None:
        self._set_lane(amount, "inputs", target, lane)

    def _raise(self, lane: Any, target: Any, amount: Any) -> None:
        self._set_lane(self.b.fadd(self._lane("inputs", target, lane), amount), "inputs", target, lane)

    def _happen(self, lane: Any, changed: Mapping[str, Expression], amount: Any) -> None:
        found = self._evaluate(self.one, changed, lane=lane, amount=amount)
        for state, value in found.items():
            self._set_lane(value, "states", self.layout.states.index(state), lane)

    def _start(self, lane: Any) -> None:
        b = self.b
        edge = b.load(self._at(self.arg["edge"], lane, _I32), typ=_I32)
        flags = b.load(self._at(self.arg["flags"], edge, _I32), typ=_I32)
        with self._if(self._has(flags, MOMENT)):
            self._write(lane, "moments", len(self.layout.observed), lambda row: self._lane("observed", row, lane))
        with self._loop(len(self.layout.measures)) as row:
            self._set_lane(self._lane("new", row, lane), "measured", row, lane)
        with self.b.if_else(self._has(flags, END)) as (last, other):
            with last:
                self._done(lane)
            with other:
                self._next_segment(lane, edge)
        b.store(b.add(edge, ir.Constant(_I32, 1)), self._at(self.arg["edge"], lane, _I32))

    def _next_segment(self, lane: Any, edge: Any) -> None:
        """As few steps as the patient can bear, all alike, of which the last ends on the next edge."""
        b = self.b
        now = b.load(self._at(self.arg["times"], edge, _F64), typ=_F64)
        then = b.load(self._at(self.arg["times"], b.add(edge, ir.Constant(_I32, 1)), _F64), typ=_F64)
        largest = b.load(self._at(self.arg["largest_step"], lane, _F64), typ=_F64)
        exact = b.fdiv(b.fsub(then, now), largest)
        count = b.add(b.fptosi(b.fsub(exact, ir.Constant(_F64, 1e-9)), _I32), ir.Constant(_I32, 1))
        step = b.fdiv(b.fsub(then, now), b.sitofp(count, _F64))
        b.store(count, self._at(self.left, lane, _I32))
        narrow = step if self.form.bits == 64 else b.fptrunc(step, self.form.scalar)
        self._set_lane(narrow, "step", 0, lane)

    def _write_day(self, lane: Any) -> None:
        sums, observed = len(self.layout.day), len(self.layout.observed)
        self._write(lane, "days", sums + observed, lambda row: self._lane("sums", row, lane), count=sums, forward=False)
        self._write(
            lane, "days", sums + observed, lambda row: self._lane("observed", row, lane), count=observed, skip=sums
        )

    def _write(
        self,
        lane: Any,
        name: str,
        width: int,
        value: Callable[[Any], Any],
        *,
        count: int = -1,
        skip: int = 0,
        forward: bool = True,
    ) -> None:
        """Writes a row where the lane's pointer is, and moves the pointer on."""
        b = self.b
        place = self._at(self.arg[name], lane, _POINTER)
        row = b.load(place, typ=_POINTER)
        with self._loop(width if count < 0 else count) as column:
            b.store(value(column), self._at(row, b.add(column, ir.Constant(_I32, skip)), self.form.scalar))
        if forward:
            b.store(self._at(row, ir.Constant(_I32, width), self.form.scalar), place)

    def _reset_day(self, lane: Any) -> None:
        for row, name in enumerate(self.layout.day):
            self._set_lane(self.one.constant(float("inf") if name == "minimum" else 0.0), "sums", row, lane)

    # Expressions and memory

    def _evaluate(
        self, lanes: Lanes, wanted: Mapping[str, Expression], *, lane: Any = None, amount: Any = None
    ) -> dict[str, Any]:
        """The values of expressions in all lanes, or in one lane."""
        rows = {item.number: row for row, item in enumerate(self.layout.patient)}
        symbols = {name: ("states", row) for row, name in enumerate(self.layout.states)}
        symbols |= {name: ("inputs", row) for row, name in enumerate(self.layout.inputs)}
        found: dict[int, Any] = {}
        for item in _reached(wanted.values()):
            if item.op == "constant":
                found[item.number] = lanes.constant(item.value)
            elif item.level == PATIENT:
                found[item.number] = self._read("patient", rows[item.number], lane)
            elif item.op == "symbol":
                found[item.number] = amount if item.value == "amount" else self._read(*symbols[item.value], lane)
            else:
                found[item.number] = lanes.emit(item, [found[arg.number] for arg in item.args])
        return {name: found[item.number] for name, item in wanted.items()}

    def _read(self, name: str, row: int, lane: Any) -> Any:
        return self._load(name, row) if lane is None else self._lane(name, row, lane)

    def _load(self, name: str, row: int) -> Any:
        place = self._at(self.table[name], ir.Constant(_I32, row), self.lanes.type)
        return self.b.load(place, typ=self.lanes.type, align=self.form.bits // 8)

    def _store(self, value: Any, name: str, row: int) -> None:
        self.b.store(
            value, self._at(self.table[name], ir.Constant(_I32, row), self.lanes.type), align=self.form.bits // 8
        )

    def _lane(self, name: str, row: Any, lane: Any) -> Any:
        return self.b.load(self._place(name, row, lane), typ=self.form.scalar)

    def _set_lane(self, value: Any, name: str, row: Any, lane: Any) -> None:
        self.b.store(value, self._place(name, row, lane))

    def _place(self, name: str, row: Any, lane: Any) -> Any:
        row = ir.Constant(_I32, row) if isinstance(row, int) else row
        index = self.b.add(self.b.mul(row, ir.Constant(_I32, self.form.lanes)), lane)
        return self._at(self.table[name], index, self.form.scalar)

    def _at(self, base: Any, index: Any, kind: Any) -> Any:
        return self.b.gep(base, [index], source_etype=kind)

    def _has(self, flags: Any, flag: int) -> Any:
        return self.b.icmp_signed("!=", self.b.and_(flags, ir.Constant(_I32, flag)), ir.Constant(_I32, 0))

    @contextmanager
    def _if(self, condition: Any) -> Iterator[None]:
        with self.b.if_then(condition):
            yield

    @contextmanager
    def _loop(self, count: Any) -> Iterator[Any]:
        """Repeats what is emitted inside, with the number of the repetition."""
        b = self.b
        count = ir.Constant(_I32, count) if isinstance(count, int) else count
        before = b.block
        head, body, after = (self.function.append_basic_block(name) for name in ("loop", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        index = b.phi(_I32)
        index.add_incoming(ir.Constant(_I32, 0), before)
        b.cbranch(b.icmp_signed("<", index, count), body, after)
        b.position_at_end(body)
        yield index
        index.add_incoming(b.add(index, ir.Constant(_I32, 1)), b.block)
        b.branch(head)
        b.position_at_end(after)


def _reached(wanted: Iterable[Expression]) -> list[Expression]:
    """What the kernel itself has to compute: nothing below what belongs to the patient."""
    found: dict[int, Expression] = {}
    waiting = list(wanted)
    while waiting:
        item = waiting.pop()
        if item.number not in found:
            found[item.number] = item
            if item.level == MOVING:
                waiting.extend(item.args)
    return [found[number] for number in sorted(found)]
