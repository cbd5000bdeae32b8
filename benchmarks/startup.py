"""How long a person waits before anything happens: import and --help, beside a bare interpreter."""

from __future__ import annotations

from benchmarks.measure import Row, process_seconds


def rows() -> list[Row]:
    """Import under 0.3 s and --help under 0.5 s are the targets on two cores."""
    bare = process_seconds("-c", "pass")
    imported = process_seconds("-c", "import insulinoma")
    helped = process_seconds("-c", "from insulinoma.cli import main; main(['--help'])")
    return [
        Row("import insulinoma (target 0.3)", imported, "python -c pass", bare),
        Row("insulinoma --help (target 0.5)", helped, "python -c pass", bare),
    ]
