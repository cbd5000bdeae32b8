"""The kernel in LLVM: one block of patients, a lane each, from time zero to the end.

Every lane walks through its own plan with its own steps: what a patient gets does not depend on the
patients beside it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from insulinoma.simulate.batch.edges import DONE, Edges
from insulinoma.simulate.batch.lanes import Format, has_sse
from insulinoma.simulate.batch.layout import layout
from insulinoma.simulate.batch.memory import F64, I32, POINTER, Memory
from insulinoma.simulate.batch.steps import FIRST, Steps
from insulinoma.simulate.batch.trace import Trace

_FLUSH = 0x8040


def kernel(traced: Trace, form: Format) -> str:
    """The text of the kernel in LLVM's language."""
    return str(_Kernel(traced, form).m.module)


class _Kernel:
    def __init__(self, traced: Trace, form: Format) -> None:
        self.m = Memory(form, layout(traced))
        self.b = self.m.b
        self.edges, self.steps = Edges(self.m, traced), Steps(self.m, traced)
        before = self._flush_subnormals()
        self.edges.resume()
        self._run()
        self._restore(before)
        self.b.ret_void()

    def _flush_subnormals(self) -> Any:
        """Makes numbers too small for full precision zero: a drug that has left would slow each step fourfold."""
        if not has_sse():
            return None
        before, now = (self.b.alloca(I32) for _ in range(2))
        self._status("st", before)
        self.b.store(self.b.or_(self.b.load(before, typ=I32), self.m.whole(_FLUSH)), now)
        self._status("ld", now)
        return before

    def _restore(self, before: Any) -> None:
        if before is not None:
            self._status("ld", before)

    def _status(self, verb: str, place: Any) -> None:
        """Stores or loads the word that controls the processor's floating-point arithmetic."""
        name = f"llvm.x86.sse.{verb}mxcsr"
        declared = self.m.module.globals.get(name)
        self.b.call(declared or ir.Function(self.m.module, ir.FunctionType(ir.VoidType(), [POINTER]), name), [place])

    def _run(self) -> None:
        """Edges where lanes are due, and rounds of steps, until all lanes are done."""
        m, b, lanes = self.m, self.b, self.m.lanes
        head, rounds, end = (m.function.append_basic_block(name) for name in ("head", "rounds", "end"))
        b.branch(head)
        b.position_at_end(head)
        gap = m.load("gap")
        with b.if_then(lanes.any(lanes.equal(gap, lanes.constant(0.0)))):
            self.edges.serve()
        busy = lanes.any(lanes.less(lanes.constant(0.0), m.load("gap")))
        b.cbranch(busy, rounds, end)
        b.position_at_end(rounds)
        self.steps.round()
        hopeless = lanes.less(m.load("wanted"), lanes.constant(m.form.smallest_step))
        with b.if_then(lanes.any(hopeless)):
            self._give_up()
        b.branch(head)
        b.position_at_end(end)

    def _give_up(self) -> None:
        """A lane whose steps have become too short is done; the state with the largest error and the time are kept."""
        m, b = self.m, self.b
        with m.loop(m.form.lanes) as lane:
            wanted = m.load_lane("wanted", 0, lane)
            with b.if_then(b.fcmp_ordered("<", wanted, m.one.constant(m.form.smallest_step))):
                self._blame(lane)
                edge = m.item("edge", lane)
                gap = m.load_lane("gap", 0, lane)
                gap = gap if m.form.bits == 64 else b.fpext(gap, F64)
                m.set_item(b.fsub(m.item("times", edge, F64), gap), "failed_at", lane)
                m.store_lane(m.one.constant(DONE), "gap", 0, lane)
                m.store_lane(m.one.constant(FIRST), "wanted", 0, lane)

    def _blame(self, lane: Any) -> None:
        m, b = self.m, self.b
        m.store_lane(m.one.constant(-1.0), "worst", 0, lane)
        with m.loop(len(m.layout.states)) as row:
            error = m.one.absolute(m.load_lane("error", row, lane))
            size = b.fmul(error, m.load_lane("weight", row, lane))
            with b.if_then(b.fcmp_unordered(">", size, m.load_lane("worst", 0, lane))):
                m.store_lane(size, "worst", 0, lane)
                m.set_item(row, "failed", lane)
