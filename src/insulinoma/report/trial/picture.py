"""One picture as SVG and PNG, the same bytes from the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from insulinoma.report.palette import BLUE, GREEN, INK, ORANGE, PURPLE, SKY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, INK)
LINES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
MARKS = ("o", "s", "^", "D", "v", "P", "X")
_PAPER, _TALLEST = 174.0, 215.0
_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 7.5, "axes.linewidth": 0.6, "svg.fonttype": "none",
    "svg.hashsalt": "insulinoma", "axes.spines.top": False, "axes.spines.right": False, "xtick.major.width": 0.6,
    "ytick.major.width": 0.6, "legend.frameon": False, "legend.fontsize": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A drawn picture, and its height on a page of paper, in mm."""

    svg: str
    png: bytes
    height_mm: float


def picture(width: float, height: float, draw: Callable[[Figure], None]) -> Picture:
    """A picture of a size in inches; `draw` fills the figure."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        text, bitmap = StringIO(), BytesIO()
        figure.savefig(text, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        figure.savefig(bitmap, format="png", dpi=200, metadata={"Software": "insulinoma"})
    return Picture(text.getvalue(), bitmap.getvalue(), min(_PAPER * height / width, _TALLEST))


def zero_line(axes: Axes, *, upright: bool) -> None:
    """A thin line where there is no difference."""
    line = axes.axvline if upright else axes.axhline
    line(0, color=INK, linewidth=0.6, zorder=0)
