"""Writes docs/reference/cli.md from the program's own help; --check fails when it is out of date."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from insulinoma.cli import app

TARGET = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cli.md"
HEAD = "# Commands\n\nMade from the program's own help by `scripts/cli_reference.py`.\n"


def pages(command: Any, name: str, parent: typer.Context | None = None) -> list[str]:
    """The help of a command and of all beneath it."""
    context = typer.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    title = context.command_path
    texts = [f"\n## `{title}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"]
    for child_name in getattr(command, "commands", {}):
        texts += pages(command.commands[child_name], child_name, context)
    return texts


def main() -> None:
    """Writes the page, or compares it."""
    text = HEAD + "".join(pages(typer.main.get_command(app), "insulinoma"))
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != text:
        sys.exit(f"{TARGET.name} is out of date: run 'python scripts/cli_reference.py'.")


if __name__ == "__main__":
    main()
