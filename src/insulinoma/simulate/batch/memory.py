"""The tables of a block in memory, loops over them, and expressions evaluated on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

from insulinoma.simulate.batch.expression import PATIENT, Expression
from insulinoma.simulate.batch.lanes import Format, Lanes
from insulinoma.simulate.batch.layout import Layout, computed

POINTER, I32, F64 = ir.PointerType(), ir.IntType(32), ir.DoubleType()
ARGUMENTS = (
    "states", "inputs", "patient", "scale", "carried", "amounts", "pitch", "edge", "times", "flags", "first", "kinds",
    "targets", "orders", "days", "moments", "failed", "failed_at", "steps", "until", "work",
)  # fmt: skip


class Memory:
    """Emits access to tables `[rows][lanes]`, by row for all lanes at once or for one lane."""

    def __init__(self, form: Format, rows: Layout) -> None:
        self.form, self.layout = form, rows
        self.module = ir.Module("batch")
        kind = ir.FunctionType(ir.VoidType(), [I32 if name == "pitch" else POINTER for name in ARGUMENTS])
        self.function = ir.Function(self.module, kind, "block")
        self.b = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.arg = dict(zip(ARGUMENTS, self.function.args, strict=True))
        self.lanes, self.one = Lanes(self.b, form, form.lanes), Lanes(self.b, form, 1)
        self.table = {name: self.arg[name] for name in ("states", "inputs", "patient", "scale", "steps")}
        for base, tables in (("carried", rows.carried), ("work", rows.work)):
            at = 0
            for name, count in tables.items():
                self.table[name] = self.at(self.arg[base], self.whole(at), self.lanes.type)
                at += count
        self._rows = {item.number: row for row, item in enumerate(rows.patient)}
        self._symbols = {name: ("states", row) for row, name in enumerate(rows.states)}
        self._symbols |= {name: ("inputs", row) for row, name in enumerate(rows.inputs)}

    def whole(self, value: int) -> Any:
        """A whole number."""
        return ir.Constant(I32, value)

    def load(self, name: str, row: int = 0) -> Any:
        """A row, all lanes."""
        place = self.at(self.table[name], self.whole(row), self.lanes.type)
        return self.b.load(place, typ=self.lanes.type, align=self.form.bits // 8)

    def store(self, value: Any, name: str, row: int = 0) -> None:
        """Writes a row, all lanes."""
        place = self.at(self.table[name], self.whole(row), self.lanes.type)
        self.b.store(value, place, align=self.form.bits // 8)

    def load_lane(self, name: str, row: Any, lane: Any) -> Any:
        """One lane of a row."""
        return self.b.load(self._place(name, row, lane), typ=self.form.scalar)

    def store_lane(self, value: Any, name: str, row: Any, lane: Any) -> None:
        """Writes one lane of a row."""
        self.b.store(value, self._place(name, row, lane))

    def item(self, name: str, index: Any, kind: Any = I32) -> Any:
        """One item of an argument that is a plain array."""
        return self.b.load(self.at(self.arg[name], index, kind), typ=kind)

    def set_item(self, value: Any, name: str, index: Any) -> None:
        """Writes one item of an argument that is a plain array."""
        self.b.store(value, self.at(self.arg[name], index, value.type))

    def one_of(self, numbers: Sequence[float], index: Any) -> Any:
        """One of some constant numbers."""
        kind = ir.ArrayType(self.form.scalar, len(numbers))
        table = ir.GlobalVariable(self.module, kind, self.module.get_unique_name("numbers"))
        table.global_constant, table.linkage, table.initializer = True, "private", ir.Constant(kind, list(numbers))
        return self.b.load(self.at(table, index, self.form.scalar), typ=self.form.scalar)

    def at(self, base: Any, index: Any, kind: Any) -> Any:
        """The address of an item."""
        return self.b.gep(base, [index], source_etype=kind)

    def _place(self, name: str, row: Any, lane: Any) -> Any:
        row = self.whole(row) if isinstance(row, int) else row
        index = self.b.add(self.b.mul(row, self.whole(self.form.lanes)), lane)
        return self.at(self.table[name], index, self.form.scalar)

    @contextmanager
    def loop(self, count: Any) -> Iterator[Any]:
        """Repeats what is emitted inside, with the number of the repetition."""
        b = self.b
        count = self.whole(count) if isinstance(count, int) else count
        before = b.block
        head, body, after = (self.function.append_basic_block(name) for name in ("loop", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        index = b.phi(I32)
        index.add_incoming(self.whole(0), before)
        b.cbranch(b.icmp_signed("<", index, count), body, after)
        b.position_at_end(body)
        yield index
        index.add_incoming(b.add(index, self.whole(1)), b.block)
        b.branch(head)
        b.position_at_end(after)

    def evaluate(
        self, lanes: Lanes, wanted: Mapping[str, Expression], *, lane: Any = None, amount: Any = None
    ) -> dict[str, Any]:
        """The values of expressions in all lanes, or in one lane."""
        found: dict[int, Any] = {}
        for item in computed(wanted.values()):
            if item.op == "constant":
                found[item.number] = lanes.constant(item.value)
            elif item.level == PATIENT:
                found[item.number] = self._read("patient", self._rows[item.number], lane)
            elif item.op == "symbol":
                found[item.number] = amount if item.value == "amount" else self._read(*self._symbols[item.value], lane)
            else:
                found[item.number] = lanes.emit(item, [found[arg.number] for arg in item.args])
        return {name: found[item.number] for name, item in wanted.items()}

    def _read(self, name: str, row: int, lane: Any) -> Any:
        return self.load(name, row) if lane is None else self.load_lane(name, row, lane)
