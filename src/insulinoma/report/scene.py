"""A picture as plain data in millimeters, y downward: boxes, lines, marks and single lines of text.

Layouts write scenes, drawers read them; neither knows the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from insulinoma.report.palette import INK

MM_PER_POINT = 25.4 / 72
ASCENT, DESCENT = 0.76, 0.24
Align = Literal["left", "center", "right"]
Span = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle; `hatch` draws thin diagonals in the edge color over the fill."""

    x0: float
    y0: float
    x1: float
    y1: float
    fill: str | None
    edge: str | None = None
    hatch: bool = False
    key: str = ""
    z: float = 1.0


@dataclass(frozen=True)
class Line:
    """A line through points; a `gives_way` line is interrupted wherever it meets a text."""

    points: tuple[tuple[float, float], ...]
    color: str = INK
    width: float = 0.6
    dash: tuple[float, ...] = ()
    gives_way: bool = False
    key: str = ""
    z: float = 1.5


@dataclass(frozen=True)
class Shape:
    """A filled polygon: the wedge of an open end, the head of an arrow."""

    points: tuple[tuple[float, float], ...]
    fill: str
    key: str = ""
    z: float = 2.0
    hatch: bool = False


@dataclass(frozen=True)
class Mark:
    """A point of data (`role` value) or the sign of a treatment or event; `size` is its width."""

    x: float
    y: float
    shape: str
    size: float
    color: str
    hollow: bool = False
    role: Literal["value", "treatment", "event", "legend"] = "value"
    key: str = ""
    z: float = 3.0


@dataclass(frozen=True)
class Text:
    """One line of text, its height centered on `y`; `size` in points.

    `about` is the span of the sign or the tick that it belongs to.
    """

    x: float
    y: float
    words: str
    size: float
    align: Align = "left"
    bold: bool = False
    color: str = INK
    key: str = ""
    z: float = 4.0
    about: Span | None = None

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its bounding box (x0, y0, x1, y1) in millimeters."""
        width = text_width(self.words, self.size, self.bold)
        x0 = self.x - {"left": 0.0, "center": width / 2, "right": width}[self.align]
        em = self.size * MM_PER_POINT
        return x0, self.baseline - ASCENT * em, x0 + width, self.baseline + DESCENT * em

    @property
    def baseline(self) -> float:
        """Where its baseline runs, in millimeters."""
        return self.y + 0.36 * self.size * MM_PER_POINT


Item = Box | Line | Shape | Mark | Text


@dataclass(frozen=True)
class Scene:
    """A finished picture: its size in millimeters, what it shows, and the span of the day axis.

    `days` is (first day, last day) and `axis` (left, right) in millimeters, None without a day axis.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    axis: Span | None = None
    days: Span | None = None

    def texts(self) -> list[Text]:
        """All lines of text."""
        return [item for item in self.items if isinstance(item, Text)]

    def marks(self, role: str = "value") -> list[Mark]:
        """All marks of a role."""
        return [item for item in self.items if isinstance(item, Mark) and item.role == role]


@lru_cache(maxsize=8192)
def text_width(words: str, size: float, bold: bool = False) -> float:
    """The width of a text in millimeters, in the font that every installation has.

    >>> text_width("day 12", 14.0) > text_width("day 12", 7.0)
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width: float = text_to_path.get_text_width_height_descent(words, font, ismath=False)[0]
    return width * MM_PER_POINT


def wrap(words: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The lines of a text that fit into a width in millimeters; a word too long stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shorten(words: str, size: float, width: float) -> str:
    """A text cut to a width, with an ellipsis where it was cut."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words.rstrip(" ,;") + "…", size) > width:
        words = words[:-1]
    return words.rstrip(" ,;") + "…"


def give_way(items: Iterable[Item], *, pad: float = 0.5) -> tuple[Item, ...]:
    """The items with every yielding straight line interrupted where it would meet a text."""
    kept = list(items)
    boxes = [item.box for item in kept if isinstance(item, Text)]
    done: list[Item] = []
    for item in kept:
        if isinstance(item, Line) and item.gives_way:
            done.extend(_pieces(item, boxes, pad))
        else:
            done.append(item)
    return tuple(done)


def _pieces(line: Line, boxes: list[tuple[float, float, float, float]], pad: float) -> list[Line]:
    (x0, y0), (x1, y1) = line.points
    upright = x0 == x1
    across, start, end = (x0, y0, y1) if upright else (y0, x0, x1)
    gaps = sorted(
        (box[1] - pad, box[3] + pad) if upright else (box[0] - pad, box[2] + pad)
        for box in boxes
        if (box[0] - pad < across < box[2] + pad if upright else box[1] < across < box[3])
    )
    pieces, at = [], start
    for low, high in [*gaps, (end, end)]:
        if min(low, end) - at > 0.4:
            ends = ((across, at), (across, min(low, end))) if upright else ((at, across), (min(low, end), across))
            pieces.append(replace(line, points=ends))
        at = max(at, high)
    return pieces


def balanced(words: str, size: float, width: float) -> list[str]:
    """The lines of a text in as few lines as fit a width, of about equal length."""
    lines = wrap(words, size, width)
    while len(lines) > 1:
        width = max(text_width(line, size) for line in lines) - 0.1
        tighter = wrap(words, size, width)
        if len(tighter) > len(lines) or max(text_width(line, size) for line in tighter) > width:
            break
        lines = tighter
    return lines


def spread(wanted: list[float], gaps: list[float], low: float, high: float) -> list[float]:
    """Positions with at least `gaps` between neighbors, as near to the wanted (rising) ones as can be.

    >>> spread([1.0, 1.2, 5.0], [1.0, 1.0], 0.0, 9.0)
    [0.6, 1.6, 5.0]
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    blocks: list[list[float]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        blocks.append([want - offset])
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    flat = [_mean(block) for block in blocks for _ in block]
    roof = high - offsets[-1]
    return [round(max(low, min(base, roof)) + offset, 4) for base, offset in zip(flat, offsets, strict=True)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
