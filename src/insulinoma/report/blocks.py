"""The parts of a report, written once and rendered as HTML and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["met", "not met", "open", "caution", "plain"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table; its tone is shown by color and by a sign, never by color alone."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str
    tone: Tone = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Table:
    """A table with a caption; `name` is the file name of its CSV, `widths` are shares of the page.

    Where the table is too long for paper, `printed` names the rows that the PDF shows.
    """

    name: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    printed: tuple[int, ...] | None = None
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Listing:
    """Keys with a line of text each, such as references; `printed` names those that the PDF shows."""

    name: str
    caption: str
    items: tuple[tuple[str, str], ...]
    printed: tuple[int, ...] | None = None
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True)
class Figure:
    """A figure by the name of its files, with what it shows in words for those who cannot see it.

    `height_mm` is the room that it has at most on paper.
    """

    name: str
    caption: str
    alternative: str
    height_mm: float = 198.0
    kind: Literal["figure"] = "figure"


Block = Paragraph | Table | Listing | Figure


@dataclass(frozen=True)
class Section:
    """A titled part of the report."""

    title: str
    blocks: tuple[Block, ...] = field(default=())


@dataclass(frozen=True)
class Report:
    """A whole report: its title, one line under it, its sections, and how it was made."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    colophon: str


def table(
    name: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell | str]],
    widths: Sequence[float],
    printed: Sequence[int] | None = None,
) -> Table:
    """A table whose plain texts become cells.

    >>> table("t", "Two", ["a", "b"], [["1", Cell("2", "met")]], [1, 1]).rows[0][1].tone
    'met'
    """
    cells = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows)
    shown = None if printed is None else tuple(printed)
    return Table(name, caption, tuple(columns), cells, tuple(widths), shown)
