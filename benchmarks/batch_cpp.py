"""The batch engine beside a kernel in C++: lanes.cpp with the equations of the trace, built here.

The kernels alone are compared on the same patients in the same order, the daily sums of both as well; then a whole call
of the engine, with all that it does in Python, on as many patients as it has at once.
"""

from __future__ import annotations

import ctypes
import hashlib
import math
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.batch_work import LIMIT, SUBJECTS, Speed, Work
from benchmarks.measure import processor_seconds
from insulinoma.simulate.batch.blocks import Blocks
from insulinoma.simulate.batch.compiled import Kernel, compiled
from insulinoma.simulate.batch.expression import PATIENT, Expression
from insulinoma.simulate.batch.lanes import FORMATS, polynomial
from insulinoma.simulate.batch.layout import DAY, Layout, computed, layout
from insulinoma.simulate.batch.plan import MINUTES
from insulinoma.simulate.batch.steps import FIRST, GROW, LARGEST, REFUSED, ROUND, SAFETY, SHRINK, STAGES
from insulinoma.simulate.batch.task import Task
from insulinoma.simulate.batch.trace import Trace
from insulinoma.simulate.cache import cache_directory

SOURCE = Path(__file__).with_name("lanes.cpp")
FORM, MEAL = FORMATS["float32"], "absorption.meal"
PATIENTS, DAYS = 2048, 7
_FORMS = {
    "add": "{} + {}",
    "subtract": "{} - {}",
    "multiply": "{} * {}",
    "negative": "-{}",
    "reciprocal": "reciprocal({})",
    "exp2": "exponential({})",
    "log2": "logarithm({})",
    "sqrt": "root({})",
}
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Course:
    """The compiled kernel with the tables of some patients; `run` gives the sums of each day."""

    function: Any
    tables: list[Any]
    days: Floats
    steps: Floats

    def run(self) -> Floats:
        """The columns of each day by patient, as the engine sums them."""
        self.function(*(item.ctypes.data if isinstance(item, np.ndarray) else item for item in self.tables))
        return self.days


def rows() -> Iterator[str | Speed]:
    """The last column is the speed of the engine divided by that of C++ (target 0.9)."""
    path = compiler()
    if path is None:
        yield "skipped: no C++ compiler (g++, clang++ or c++) is on the path"
        return
    for name in SUBJECTS:
        work = Work(name, PATIENTS, DAYS)
        other, kernel = course(work.task, work.traced, path), compiled(work.traced, FORM)
        blocks = _lanes(work, kernel)
        error = _difference(blocks.days, other.run(), work.rows)
        tables = partial(Blocks, work.task, work.traced, kernel.layout, np.arange(PATIENTS), FORM.lanes)
        calls: dict[str, Any] = {"kernel": partial(_lanes, work, kernel), "tables": tables}
        calls |= {"whole call": work.run, "C++": other.run}
        spent = processor_seconds(calls)
        spent["kernel"] -= spent.pop("tables")
        yield work.described()
        for what, seconds in spent.items():
            yield Speed(f"{what}, {PATIENTS} patients", work.patient_days / seconds, error, spent["C++"] / seconds)


def _lanes(work: Work, kernel: Kernel) -> Blocks:
    """All patients by our kernel, as they come."""
    blocks = Blocks(work.task, work.traced, kernel.layout, np.arange(PATIENTS), FORM.lanes)
    for block in range(blocks.count):
        kernel.call(blocks.arrays(block))
    return blocks


def _difference(ours: Floats, theirs: Floats, rows_: Layout) -> float:
    """The largest difference of the mean glucose of a day (mg/dL)."""
    column = rows_.day.index("glucose")
    found = float((np.abs(ours - theirs)[..., column] / MINUTES).max())
    if not found <= LIMIT:
        raise SystemExit(f"the kernel in C++ and ours differ by {found:.3g} mg/dL")
    return found


def compiler() -> str | None:
    """The C++ compiler of this machine."""
    return next((found for found in map(shutil.which, ("g++", "clang++", "c++")) if found), None)


def course(task: Task, traced: Trace, path: str) -> Course:
    """The kernel of a trace and the tables of all patients of a task, a multiple of 16."""
    rows, patients = layout(traced), np.arange(task.patients)
    blocks = Blocks(task, traced, rows, patients, FORM.lanes)
    lined = [
        np.ascontiguousarray(table.swapaxes(0, 1).reshape(table.shape[1], -1))
        for table in (blocks.states, blocks.scale, blocks.patient)
    ]
    plan = blocks.plan
    edges = len(plan.times)
    first = plan.first[:-1]
    eats = np.diff(plan.first) > 0
    amounts = np.zeros((task.patients, edges), np.float32)
    amounts[:, eats] = blocks.amounts[:, plan.orders[first[eats]]]
    days = np.full((task.patients, task.days, len(rows.day)), np.nan, np.float32)
    steps = np.zeros(task.patients, np.float32)
    midnight = (plan.flags & DAY).astype(np.int32)
    tables = [*lined, task.patients, plan.times, midnight, eats.astype(np.int32), amounts, edges]
    tables += [FORM.tolerance, FORM.smallest_step, days, task.days, steps]
    return Course(_built(equations(traced, rows), path), tables, days, steps)


def equations(traced: Trace, rows: Layout) -> str:
    """The header: sizes, the numbers of the method, and the equations as functions of 16 lanes."""
    sizes = {"STATES": len(rows.states), "MEASURES": len(rows.measures)}
    sizes |= {"PATIENT": len(rows.patient), "COLUMNS": len(rows.day)}
    lines = [f"constexpr int {name} = {size};" for name, size in sizes.items()]
    lines += [f"constexpr int ROUND = {ROUND}, GLUCOSE = {rows.measures.index('glucose')};"]
    numbers = {"FIRST": FIRST, "LARGEST": LARGEST, "SAFETY": SAFETY, "SHRINK": SHRINK, "GROW": GROW}
    numbers |= {"REFUSED": REFUSED, "LARGEST_POWER": FORM.largest}
    lines += [f"constexpr float {name} = {_number(value)};" for name, value in numbers.items()]
    tables: dict[str, tuple[float, ...]] = dict(
        zip(("CARRIED", "WEIGHT", "SHARE"), zip(*STAGES, strict=True), strict=True)
    )
    tables |= {
        "EXP2": polynomial(math.exp2, -0.5, 0.5, FORM.exp2_degree),
        "LOG2": polynomial(_log2, 0.5**0.5 - 1, 2**0.5 - 1, FORM.log2_degree),
    }
    lines += [f"constexpr float {name}[] = {{{', '.join(map(_number, items))}}};" for name, items in tables.items()]
    slow = ", ".join(str(int(name in traced.slow)) for name in rows.states)
    lines += [f"constexpr bool SLOW[] = {{{slow}}};"]
    changed = traced.events[MEAL]
    places = [rows.states.index(name) for name in changed]
    lines += _function("rates", "V *__restrict f", traced.rates.values(), range(len(rows.states)), rows)
    lines += _function("measures", "V *__restrict f", traced.measures.values(), range(len(rows.measures)), rows)
    lines += _function("meal", "V amount, V *__restrict f", changed.values(), places, rows)
    return "\n".join(lines) + "\n"


def _function(name: str, more: str, items: Iterable[Expression], places: Iterable[int], rows: Layout) -> list[str]:
    """Straight-line code: each expression once, in the order in which the trace made them."""
    wanted = list(items)
    known = {item.number: f"p[{row}]" for row, item in enumerate(rows.patient)}
    symbols = {state: f"y[{row}]" for row, state in enumerate(rows.states)} | {"amount": "amount"}
    lines = [f"static inline void {name}(const V *__restrict y, const V *__restrict p, {more}) {{"]
    for item in computed(wanted):
        if item.op == "constant":
            known[item.number] = _number(item.value)
        elif item.op == "symbol" and item.level != PATIENT:
            known[item.number] = symbols[item.value]
        elif item.level != PATIENT:
            text = _FORMS[item.op].format(*(known[arg.number] for arg in item.args))
            lines.append(f"    const V v{item.number} = {text};")
            known[item.number] = f"v{item.number}"
    ends = [f"    f[{place}] = {known[item.number]} - V{{}};" for place, item in zip(places, wanted, strict=True)]
    return [*lines, *ends, "}"]


def _log2(z: float) -> float:
    return math.log1p(z) / z / math.log(2) if z else 1 / math.log(2)


def _number(value: float) -> str:
    return f"({float(np.float32(value))!r}f)" if math.isfinite(value) else str(value)


def _built(header: str, path: str) -> Any:
    """The function of the compiled library, kept by its source and compiler."""
    version = subprocess.run([path, "--version"], capture_output=True, check=True, text=True).stdout
    flags = ["-O3", "-march=native", "-std=c++17", "-fPIC", "-shared", "-Wno-psabi"]
    flags += ["-fschedule-insns", "-fsched-pressure"] if "GCC" in version else []
    key = hashlib.sha256("\n".join([SOURCE.read_text(), header, version, *flags]).encode()).hexdigest()[:16]
    folder = cache_directory("benchmarks") / key
    library = folder / "lanes.so"
    if not library.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "equations.h").write_text(header)
        part = folder / f"{os.getpid()}.so"
        subprocess.run([path, *flags, f"-I{folder}", str(SOURCE), "-o", str(part)], check=True)
        part.replace(library)
    p, i, f = ctypes.c_void_p, ctypes.c_int32, ctypes.c_float
    function = ctypes.CDLL(str(library)).course
    function.argtypes = [p, p, p, i, p, p, p, p, i, f, f, p, i, p]
    function.restype = None
    return function
