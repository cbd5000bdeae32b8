"""Kernels compiled by LLVM, and kept on disk by what they were compiled from."""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy.typing as npt
from llvmlite import binding

from insulinoma.simulate.batch.blocks import aligned
from insulinoma.simulate.batch.kernel import kernel
from insulinoma.simulate.batch.lanes import Format
from insulinoma.simulate.batch.layout import Layout, layout
from insulinoma.simulate.batch.memory import ARGUMENTS
from insulinoma.simulate.batch.trace import Trace
from insulinoma.simulate.cache import cache_directory


@dataclass(frozen=True)
class Kernel:
    """A compiled kernel: call `block` with the addresses of its arguments."""

    form: Format
    layout: Layout
    block: Any
    owner: Any = field(repr=False)

    def call(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Runs one block on its arrays by name; without Python's lock."""
        work = aligned((sum(self.layout.work.values()), self.form.lanes), arrays["states"].dtype)
        given = {**arrays, "work": work}
        pitch = arrays["amounts"].shape[1]
        self.block(*(pitch if name == "pitch" else given[name].ctypes.data for name in ARGUMENTS))


def compiled(traced: Trace, form: Format) -> Kernel:
    """The kernel of a trace, from the disk if it is there."""
    rows = layout(traced)
    engine = _engine(traced, form)
    kinds = [ctypes.c_int32 if name == "pitch" else ctypes.c_void_p for name in ARGUMENTS]
    block = ctypes.CFUNCTYPE(None, *kinds)(engine.get_function_address("block"))
    return Kernel(form, rows, block, engine)


def _engine(traced: Trace, form: Format) -> Any:
    """The code, loaded; its file is named by all that it depends on: equations, this room, processor, LLVM."""
    machine = _machine()
    parts = (_sources(), traced.text(), form, machine.triple, binding.get_host_cpu_name(), _features())
    key = "\n".join(map(str, (*parts, binding.llvm_version_info)))
    path = cache_directory("kernels") / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.o"
    try:
        code = path.read_bytes()
    except OSError:
        code = _compile(kernel(traced, form), machine)
        _keep(path, code)
    empty = binding.parse_assembly("")
    engine = binding.create_mcjit_compiler(empty, _machine())
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


def _compile(text: str, machine: Any) -> bytes:
    module = binding.parse_assembly(text)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    tuning = binding.create_pipeline_tuning_options(speed_level=2)
    builder = binding.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def _keep(path: Path, code: bytes) -> None:
    """Writes the file at once, so that no other process reads half of it; without a disk nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(code)
        part.replace(path)
    except OSError:
        return


@cache
def _sources() -> str:
    """What this room's files hold."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@cache
def _features() -> str:
    return str(binding.get_host_cpu_features().flatten()) + ",-prefer-256-bit"


def _machine() -> Any:
    """This machine as a target of LLVM; a new one each time, as an engine takes it over."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple()
    return target.create_target_machine(
        cpu=binding.get_host_cpu_name(), features=_features(), opt=2, reloc="pic", codemodel="jitdefault", jit=True
    )
