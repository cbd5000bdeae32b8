"""Runs every benchmark, or those named: python -m benchmarks [startup records ...]."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.measure import machine

ALL = (
    "startup", "records", "cgm", "course", "calibrate", "trials", "app", "app_load", "batch", "batch_cpp",
    "batch_scaling",
)  # fmt: skip


def main() -> None:
    """Prints one table; the last column is the other time divided by ours."""
    print(machine())
    for name in sys.argv[1:] or ALL:
        print(f"\n{name}")
        for row in import_module(f"benchmarks.{name}").rows():
            print(row)


if __name__ == "__main__":
    main()
