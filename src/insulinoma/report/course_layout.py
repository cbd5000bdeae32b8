"""The page: header, panels on one axis of time, ticks, legend and the line of intended use."""

from __future__ import annotations

from insulinoma.intended_use import INTENDED_USE
from insulinoma.record.schema import CaseRecord
from insulinoma.report.axes import TimeScale, ticks, time_scale
from insulinoma.report.chronology import Chronology
from insulinoma.report.course import CourseRow, course_table
from insulinoma.report.course_header import Rule, header, rules_of
from insulinoma.report.course_lanes import Bounds
from insulinoma.report.course_legend import legend
from insulinoma.report.course_panels import panels
from insulinoma.report.palette import FAINT, INK, QUIET, STRIP
from insulinoma.report.scene import Box, Item, Line, Scene, Text, balanced, give_way, wrap
from insulinoma.report.style import Style, style_for


def course_scene(record: CaseRecord, *, width_mm: float = 180.0, glucose_unit: str = "mg/dL") -> Scene:
    """The clinical course as a picture in millimeters, laid out for a column or for a page.

    >>> from insulinoma.record.load import load_case
    >>> course_scene(load_case(), width_mm=85).width
    85
    """
    style = style_for(width_mm)
    chronology = Chronology(record)
    table = course_table(record, glucose_unit=glucose_unit)
    rows = [row for row in table if row.panel != "table only"]
    scale = time_scale(rows, chronology, style)
    rules = rules_of(rows, scale, chronology)
    items, top = title(record, style)
    top_items, y, rules = header(rules, scale, style, top)
    items += top_items
    bounds = Bounds(
        scale.left,
        scale.right,
        tuple(rule.x for rule in rules if rule.heavy),
        tuple(rule.x for rule in rules if not rule.heavy),
    )
    panel_items, y = panels(rows, scale, style, bounds, y, glucose_unit)
    items += panel_items
    items += rule_lines(rules, y)
    items += strip_background(scale, top, y)
    axis_items, y = day_axis(rows, scale, chronology, style, y)
    items += axis_items
    foot_items, y = footer(record, table, style, y, glucose_unit)
    items += foot_items
    return Scene(style.width, y + style.margin, give_way(items), scale.axis, scale.days)


def title(record: CaseRecord, style: Style) -> tuple[list[Item], float]:
    """The title and whose course it is."""
    items: list[Item] = []
    y = style.margin
    width = style.width - 2 * style.margin
    for line in wrap(record.title, style.title, 0.97 * width, bold=True):
        y += style.title * 0.353 * 1.25
        items.append(Text(style.margin, y - style.title * 0.2, line, style.title, bold=True))
    who = patient_words(record)
    if who:
        for line in wrap(who, style.text, 0.97 * width):
            y += style.line
            items.append(Text(style.margin, y - style.line / 2 + 0.3, line, style.text, color=QUIET))
    return items, y + 1.2


def patient_words(record: CaseRecord) -> str:
    """Age and sex as the record has them, and the documents it rests on."""
    sex, age = record.patient.sex, record.patient.age
    person = {"female": "Woman", "male": "Man"}[sex.value] if sex else "Patient" if age else ""
    years = f"{age.years:g} years" if age else ""
    cited = ", ".join(document.citation or name for name, document in record.documents.items())
    parts = [", ".join(part for part in (person, years) if part), f"source: {cited}" if cited else ""]
    zero = record.clock.day_zero
    return "; ".join([part for part in parts if part] + ([f"day 0: {zero}"] if zero else []))


def rule_lines(rules: list[Rule], bottom: float) -> list[Item]:
    """The rules through all panels."""
    return [
        Line(
            ((rule.x, rule.top), (rule.x, bottom)),
            rule.color,
            rule.width,
            rule.dash,
            gives_way=True,
            key=rule.key,
            z=1.4,
        )
        for rule in rules
    ]


def strip_background(scale: TimeScale, top: float, bottom: float) -> list[Item]:
    """The gray strip in which days are not stated."""
    items: list[Item] = []
    spans = [scale.not_stated] if scale.not_stated else []
    if scale.strip:
        spans.append((scale.strip[0], scale.strip[-1]))
    for x0, x1 in spans:
        items.append(Box(x0, top, x1, bottom, STRIP, z=0.0))
    return items


def day_axis(
    rows: list[CourseRow], scale: TimeScale, chronology: Chronology, style: Style, top: float
) -> tuple[list[Item], float]:
    """The axis of days under the panels, with a break before it where a strip precedes."""
    items: list[Item] = []
    y_label = top + 2.4 + style.line / 2
    if scale.axis is not None:
        x0, x1 = scale.axis
        items.append(Line(((x0, top), (x1, top)), INK, 0.7))
        for tick in ticks(rows, scale, chronology, style):
            items.append(Line(((tick.x, top), (tick.x, top + 0.9)), INK, 0.6))
            if abs(tick.x - tick.label_x) > 0.15:
                items.append(Line(((tick.x, top + 0.9), (tick.label_x, top + 2.0)), QUIET, 0.4))
            elif tick.own:
                items.append(Line(((tick.x, top + 0.9), (tick.x, top + 2.0)), QUIET, 0.4))
            color = INK if tick.own else QUIET
            items.append(
                Text(tick.label_x, y_label, tick.label, style.text, "center", color=color, about=(tick.x, tick.x))
            )
        if scale.left < x0:
            items += _break(x0 - 1.3, top)
    items += _strip_captions(scale, style, top)
    if scale.axis is None:
        return items, top + 1.2 + 2 * style.line
    if not scale.hours and chronology.record.clock.day_zero_date is None:
        items.append(Text((scale.axis[0] + scale.axis[1]) / 2, y_label + style.line, "Day", style.text, "center"))
        return items, y_label + 1.6 * style.line
    return items, y_label + style.line


def _break(x: float, y: float) -> list[Item]:
    return [Line(((x + shift - 0.35, y + 0.9), (x + shift + 0.35, y - 0.9)), QUIET, 0.7) for shift in (-0.4, 0.4)]


def _strip_captions(scale: TimeScale, style: Style, top: float) -> list[Item]:
    items: list[Item] = []
    spans = [(scale.not_stated, "time not stated")] if scale.not_stated else []
    if scale.strip:
        spans.append(((scale.strip[0], scale.strip[-1]), "order known, day not stated"))
    for span, words in spans:
        items.append(Line(((span[0], top), (span[1], top)), FAINT, 0.7, (2.0, 1.5)))
        lines = balanced(words, style.text, span[1] - span[0] - 3.0)
        for index, line in enumerate(lines[:3]):
            y = top + 1.0 + style.line * (index + 0.5)
            items.append(Text((span[0] + span[1]) / 2, y, line, style.text, "center", color=QUIET))
    return items


def footer(
    record: CaseRecord, table: tuple[CourseRow, ...], style: Style, top: float, glucose_unit: str
) -> tuple[list[Item], float]:
    """The legend, what the picture leaves to the table, and the line of intended use."""
    items, y = legend(table, style, top + 1.2)
    left_out = sum(row.panel == "table only" for row in table)
    notes = []
    if any(row.limit_from.startswith("usual") for row in table):
        notes.append("Marker limits are usual ones, not the laboratory's (an assumption).")
    if left_out:
        kinds = "history, histology, baseline images"
        notes.append(f"{left_out} facts without a place in the course ({kinds}) are only in the table.")
    for text in (" ".join(notes), INTENDED_USE):
        for line in balanced(text, style.text, 0.97 * (style.width - 2 * style.margin)):
            y += style.line
            items.append(Text(style.margin, y - style.line / 2, line, style.text, color=QUIET))
    return items, y
