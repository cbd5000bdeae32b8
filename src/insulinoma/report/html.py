"""A report as one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from insulinoma.data import read_text
from insulinoma.intended_use import INTENDED_USE
from insulinoma.report.blocks import Report

SIGNS = {"met": "●", "not met": "○", "open": "◌", "caution": "▲", "plain": ""}


def render_html(report: Report, figures: dict[str, str]) -> str:
    """The HTML text of a report; `figures` holds the SVG text of each figure by name."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(read_text("templates", "report.html"))
    inline = {name: Markup(_inline(svg)) for name, svg in figures.items()}  # noqa: S704
    style = Markup(read_text("templates", "report.css"))  # noqa: S704
    return page.render(report=report, figures=inline, style=style, signs=SIGNS, intended_use=INTENDED_USE)


def write_html(report: Report, figures: dict[str, str], target: Path) -> None:
    """Writes the HTML file of a report."""
    target.write_text(render_html(report, figures), encoding="utf-8")


def _inline(svg: str) -> str:
    """An SVG without its XML head, as it stands inside a page."""
    return svg[svg.index("<svg") :]
