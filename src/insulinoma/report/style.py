"""The two layouts of one picture: sizes of type in points, of everything else in millimeters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """Measures of a layout; `narrow` puts the names of lanes above them instead of beside."""

    width: float
    narrow: bool
    text: float
    title: float
    head: float
    gutter: float
    right: float
    line: float
    bar: float
    mark: float
    chart: float
    margin: float = 1.5

    @property
    def left(self) -> float:
        """Where the plotting area begins."""
        return self.margin + self.gutter

    @property
    def end(self) -> float:
        """Where the plotting area ends."""
        return self.width - self.right


WIDE = Style(
    width=180, narrow=False, text=7, title=9, head=8, gutter=36, right=15, line=3.1, bar=1.7, mark=2.0, chart=27
)
NARROW = Style(
    width=85, narrow=True, text=5.5, title=7, head=6.2, gutter=6.5, right=8.2, line=2.5, bar=1.3, mark=1.6, chart=22
)


def style_for(width_mm: float) -> Style:
    """The layout for a column of 85 mm or a page of 180 mm.

    >>> style_for(85).narrow
    True
    """
    return NARROW if width_mm < 120 else WIDE
