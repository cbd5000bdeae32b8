"""The clinical course as a matplotlib figure, and as SVG, PNG, HTML and CSV files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from insulinoma.errors import UsageError
from insulinoma.record.schema import CaseRecord
from insulinoma.report.course import CourseRow, course_csv, course_table
from insulinoma.report.course_layout import course_scene
from insulinoma.report.palette import PAPER
from insulinoma.report.scene import MM_PER_POINT, Item, Line, Mark, Scene, Shape, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = "'DejaVu Sans', Arial, Helvetica, sans-serif"
WIDTHS = (85, 180)
_SHAPES: dict[str, Any] = {
    "circle": "o", "square": "s", "triangle": "v", "diamond": "D", "pentagon": "p", "star": "*",
    "below": 11, "above": 10,
}  # fmt: skip
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "insulinoma", "hatch.linewidth": 0.45, "font.family": "DejaVu Sans",
    "text.usetex": False, "text.parse_math": False, "axes.unicode_minus": True, "path.simplify": False,
}  # fmt: skip


@dataclass(frozen=True)
class CourseFigure:
    """The picture of a course: its scene, and `data`, the table behind it."""

    scene: Scene
    data: tuple[CourseRow, ...]
    title: str
    glucose_unit: str

    def csv(self) -> str:
        """The table as CSV text."""
        return course_csv(self.data)

    def figure(self) -> Figure:
        """The picture as a matplotlib figure of its true size."""
        return draw(self.scene)

    def svg(self) -> str:
        """The picture as SVG text; equal records give equal bytes."""
        import matplotlib as mpl

        with mpl.rc_context(_SETTINGS):
            buffer = io.StringIO()
            draw(self.scene).savefig(
                buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
            )
        text = buffer.getvalue().replace("'DejaVu Sans'", FONTS)
        head, mark, rest = text.partition("<defs>")
        return f"{head}<title>{escape(self.title)}</title>\n {mark}{rest}"

    def png(self, *, dots_per_inch: int = 300) -> bytes:
        """The picture as PNG bytes."""
        import matplotlib as mpl

        with mpl.rc_context(_SETTINGS):
            buffer = io.BytesIO()
            draw(self.scene).savefig(
                buffer, format="png", dpi=dots_per_inch, metadata={"Software": "insulinoma", "Title": self.title}
            )
        return buffer.getvalue()

    def html(self) -> str:
        """The picture as one self-contained page with its table, for a browser."""
        from insulinoma.report.course_html import course_html

        return course_html(self)

    def save(self, path: Path | str) -> Path:
        """Writes the picture or its table, by the ending of the path: .svg, .png, .html or .csv."""
        path = Path(path)
        ending = path.suffix.lower()
        if ending not in (".svg", ".png", ".html", ".csv"):
            raise UsageError(
                f"{path.name!r} does not say what to write. Expected a name that ends with .svg, .png, .html or .csv."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        if ending == ".png":
            path.write_bytes(self.png())
            return path
        text = {".svg": self.svg, ".html": self.html, ".csv": self.csv}[ending]()
        path.write_text(text, encoding="utf-8")
        return path


def plot_course(record: CaseRecord, *, width_mm: float = 180.0, glucose_unit: str = "mg/dL") -> CourseFigure:
    """The clinical course of a record, for a column (85 mm) or a page (180 mm).

    >>> from insulinoma.record.load import load_case
    >>> len(plot_course(load_case()).data) > 60
    True
    """
    table = course_table(record, glucose_unit=glucose_unit)
    scene = course_scene(record, width_mm=width_mm, glucose_unit=glucose_unit)
    return CourseFigure(scene, table, record.title, glucose_unit)


def draw(scene: Scene) -> Figure:
    """A scene as a matplotlib figure of its true size; one axes, in millimeters."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(scene.width / 25.4, scene.height / 25.4), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.axis("off")
    for index, item in enumerate(scene.items):
        artist = _draw(item, axes)
        artist.set_gid(f"i{index}")
    return figure


def _draw(item: Item, axes: Axes) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon, Rectangle

    if isinstance(item, Text):
        return _draw_text(item, axes)
    if isinstance(item, Mark):
        return _draw_mark(item, axes)
    if isinstance(item, Line):
        xs, ys = zip(*item.points, strict=True)
        line = Line2D(
            xs, ys, color=item.color, linewidth=item.width, zorder=item.z, solid_capstyle="butt", dash_capstyle="butt"
        )
        if item.dash:
            line.set_dashes(item.dash)
        return axes.add_line(line)
    style: dict[str, Any] = {"zorder": item.z, "linewidth": 0.6}
    if isinstance(item, Shape):
        look = (
            {"facecolor": PAPER, "edgecolor": item.fill, "hatch": "//////"}
            if item.hatch
            else {"facecolor": item.fill, "edgecolor": "none"}
        )
        return axes.add_patch(Polygon(item.points, closed=True, **style, **look))
    if item.hatch:
        style["hatch"] = "//////"
    return axes.add_patch(
        Rectangle(
            (item.x0, item.y0), item.x1 - item.x0, item.y1 - item.y0,
            facecolor=item.fill or "none", edgecolor=item.edge or "none", **style,
        )
    )  # fmt: skip


def _draw_text(item: Text, axes: Axes) -> Any:
    return axes.text(
        item.x, item.baseline, item.words, fontsize=item.size, ha=item.align, va="baseline", color=item.color,
        fontweight="bold" if item.bold else "normal", zorder=item.z, parse_math=False, fontfamily="DejaVu Sans",
    )  # fmt: skip


def _draw_mark(item: Mark, axes: Axes) -> Any:
    from matplotlib.lines import Line2D

    mark = Line2D(
        [item.x], [item.y], linestyle="none", marker=_SHAPES[item.shape], markersize=item.size / MM_PER_POINT * 0.9,
        markerfacecolor=PAPER if item.hollow else item.color, markeredgecolor=item.color, markeredgewidth=0.9,
        zorder=item.z,
    )  # fmt: skip
    return axes.add_line(mark)
