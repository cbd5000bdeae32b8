"""A matplotlib figure as SVG and PNG with the settings of the report."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = "'DejaVu Sans', Arial, Helvetica, sans-serif"
_SETTINGS: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "insulinoma", "font.family": "DejaVu Sans", "font.size": 7,
    "axes.linewidth": 0.6, "text.parse_math": False, "xtick.major.size": 2, "ytick.major.size": 2,
}  # fmt: skip
_INCH = 25.4


@dataclass(frozen=True)
class Picture:
    """A figure of a size in mm, drawn by a function; `title` says what it shows."""

    title: str
    size: tuple[float, float]
    draw: Callable[[Figure], None]

    def svg(self) -> str:
        """The picture as SVG text; the same data give the same bytes."""
        buffer = io.StringIO()
        self._save(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return buffer.getvalue().replace("'DejaVu Sans'", FONTS)

    def png(self, *, dots_per_inch: int = 200) -> bytes:
        """The picture as PNG bytes."""
        buffer = io.BytesIO()
        self._save(buffer, format="png", dpi=dots_per_inch, metadata={"Software": "insulinoma", "Title": self.title})
        return buffer.getvalue()

    def _save(self, buffer: io.StringIO | io.BytesIO, **how: Any) -> None:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        with mpl.rc_context(_SETTINGS):
            figure = Figure(figsize=(self.size[0] / _INCH, self.size[1] / _INCH))
            FigureCanvasAgg(figure)
            self.draw(figure)
            figure.savefig(buffer, **how)


def plain(axes: Axes) -> None:
    """Takes the upper and right lines away."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
