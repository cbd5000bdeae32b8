"""The clinical course as one page for a browser: the picture, what stands behind each sign, the table."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from insulinoma.quantities import convert
from insulinoma.report.course import GLUCOSE, CourseRow
from insulinoma.report.scene import MM_PER_POINT, Box, Item, Line, Mark, Scene, Shape, Text

if TYPE_CHECKING:
    from insulinoma.report.course_figure import CourseFigure

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<figure>
<div id="tools" hidden>
<form id="zoom">Days <label>from <input id="first-day" type="number" step="any"></label>
<label>to <input id="last-day" type="number" step="any"></label>
<button type="submit">Show these days</button> <button type="button" id="all-days">All days</button></form>
<span>Or draw across the days in the picture. Point at a sign, or tab to it, for its value and source.</span>
</div>
<div id="picture">{svg}<div id="tip" role="status" hidden></div><div id="band" hidden></div></div>
</figure>
<details><summary>The table behind the picture ({count} facts)</summary>{table}</details>
<script type="application/json" id="course-data">{data}</script>
<script>{script}</script>
</body>
</html>
"""
_COLUMNS = {
    "item": "Item", "kind": "Kind", "words": "What is said", "time": "Time", "when": "Time in the record",
    "time_known": "Time known", "text": "In full", "source": "Source",
}  # fmt: skip


def course_html(course: CourseFigure) -> str:
    """The page of a course; it needs no network, and shows picture and table without its script."""
    assets = files("insulinoma.report").joinpath("assets")
    rows = {row.key: row for row in course.data}
    scene = course.scene
    data = {
        "rows": {key: _told(row) for key, row in rows.items()},
        "items": [_motion(f"i{index}", item, scene) for index, item in enumerate(scene.items) if _moves(item, scene)],
        "axis": scene.axis,
        "days": scene.days,
        "width": scene.width,
        "scale": 1 / MM_PER_POINT,
    }
    return _PAGE.format(
        title=escape(course.title),
        css=assets.joinpath("course.css").read_text(encoding="utf-8"),
        svg=_inline(course.svg(), scene, rows),
        count=len(rows),
        table=_table(course.data),
        data=json.dumps(data, ensure_ascii=False).replace("</", "<\\/"),
        script=assets.joinpath("course.js").read_text(encoding="utf-8"),
    )


def hover_words(row: CourseRow) -> str:
    """What a row says when pointed at: the value in its unit, and glucose in both units.

    >>> from insulinoma.record.load import load_case
    >>> from insulinoma.report.course import course_table
    >>> next(hover_words(row) for row in course_table(load_case()) if row.key == "glucose-emergency")
    '20 mg/dL (1.11 mmol/L), level 3'
    """
    words = row.words or row.text
    if row.name in GLUCOSE and row.value is not None and row.unit:
        other = "mmol/L" if row.unit == "mg/dL" else "mg/dL"
        figure = convert(row.name, row.value, row.unit, other).value
        words += f" ({figure:.3g} {other})"
    if row.times_limit:
        words += f", {row.times_limit:.3g} times the upper limit"
    return f"{words}, {row.level}" if row.level else words


def _told(row: CourseRow) -> dict[str, str]:
    words = hover_words(row)
    detail = row.text if row.text != row.words else ""
    time = row.time or f"time: {row.when}"
    return {
        "head": row.item,
        "said": "; ".join(part for part in (words if words != row.text else "", detail) if part) or row.item,
        "where": f"{row.kind}, {time} ({row.time_known}). Source: {row.source}",
    }


def _moves(item: Item, scene: Scene) -> bool:
    """Whether a part of the picture stands on the day axis, and so moves when days are chosen."""
    if scene.axis is None:
        return False
    low, high = _extent(item)
    if isinstance(item, Text) and item.about is None:
        return False
    return low >= scene.axis[0] - 0.2 and high <= scene.axis[1] + 3.2


def _extent(item: Item) -> tuple[float, float]:
    if isinstance(item, Text):
        return item.about or (item.x, item.x)
    if isinstance(item, Mark):
        return item.x, item.x
    if isinstance(item, Box):
        return item.x0, item.x1
    xs = [x for x, _ in item.points]
    return min(xs), max(xs)


def _motion(name: str, item: Item, scene: Scene) -> dict[str, Any]:
    low, high = _extent(item)
    how = "move"
    if isinstance(item, Box) or (isinstance(item, Line) and high - low > 2.5):
        how = "clip" if isinstance(item, Line) and item.key == "thread" else "stretch"
    if isinstance(item, Text) and item.about is not None and abs(item.box[2] - low) > abs(item.box[0] - high):
        low = high
    low = max(low, scene.axis[0] if scene.axis else low)
    if isinstance(item, Shape):
        low = high = min(max((low + high) / 2, low), high)
    return {"id": name, "x0": round(low, 3), "x1": round(high, 3), "how": how}


def _inline(svg: str, scene: Scene, rows: dict[str, CourseRow]) -> str:
    """The SVG for use inside a page: no prolog, no name spaces, each fact named and reachable by keyboard."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r' xmlns(:\w+)?="[^"]*"', "", body)
    if scene.axis is not None:
        x0, x1 = (edge / MM_PER_POINT for edge in scene.axis)
        area = f'<clipPath id="day-area"><rect x="{x0:.2f}" y="0" width="{x1 - x0:.2f}" height="100%"/></clipPath>'
        body = body.replace("<defs>", f"<defs>{area}", 1)
    reachable: set[str] = set()
    for index, item in enumerate(scene.items):
        keys = [key for key in item.key.split() if key in rows]
        if keys:
            body = body.replace(f'<g id="i{index}">', _fact(index, keys, rows, reachable), 1)
    return body


def _fact(index: int, keys: list[str], rows: dict[str, CourseRow], reachable: set[str]) -> str:
    label = escape(
        "; ".join(f"{rows[key].item}: {hover_words(rows[key])}, {rows[key].time or rows[key].when}" for key in keys)
    )
    focus = "" if set(keys) <= reachable else f' tabindex="0" role="img" aria-label="{label}"'
    reachable.update(keys)
    return f'<g id="i{index}" class="fact" data-k="{escape(" ".join(keys))}"{focus}><title>{label}</title>'


def _table(rows: tuple[CourseRow, ...]) -> str:
    head = "".join(f"<th scope='col'>{label}</th>" for label in _COLUMNS.values())
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(getattr(row, column)))}</td>" for column in _COLUMNS) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
