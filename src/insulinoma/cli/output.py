"""What a command writes: JSON for machines, text for people, progress to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from insulinoma.intended_use import INTENDED_USE

Item = TypeVar("Item")


def as_json(result: dict[str, Any]) -> str:
    """A result as JSON text, with the software version and the intended use."""
    from insulinoma import __version__

    whole = {"software": f"insulinoma {__version__}", "intended_use": INTENDED_USE, **result}
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)


def write(text: str, target: Path | None) -> None:
    """Writes text to a file (said on stderr) or to stdout."""
    if target is None:
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    say(f"wrote {target}")


def say(message: str) -> None:
    """One line of progress on stderr."""
    sys.stderr.write(message + "\n")


def progress(items: Sequence[Item], *, label: Callable[[Item], str]) -> Iterator[Item]:
    """The items one by one, shown on stderr: a bar on a terminal, a line each elsewhere."""
    if not sys.stderr.isatty():
        for item in items:
            say(label(item))
            yield item
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(items))
        for item in items:
            bar.update(task, description=label(item))
            yield item
            bar.advance(task)
