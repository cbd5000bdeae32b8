"""What runs through all panels: admissions, procedures, death; their labels above the panels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from insulinoma.record.vocabulary import term
from insulinoma.report.axes import TimeScale
from insulinoma.report.chronology import Chronology
from insulinoma.report.course import CourseRow
from insulinoma.report.palette import INK, PROCEDURE_RULE, QUIET
from insulinoma.report.scene import Item, Text, text_width
from insulinoma.report.style import Style

MOST_RULES = 14


@dataclass(frozen=True)
class Rule:
    """An upright rule through all panels, with its label; a light one bounds the strip."""

    x: float
    label: str
    color: str
    heavy: bool
    width: float
    key: str
    rank: int
    dash: tuple[float, ...] = ()
    top: float = 0.0


def rules_of(rows: list[CourseRow], scale: TimeScale, chronology: Chronology) -> list[Rule]:
    """The rules of a course: strip boundaries, therapeutic procedures and events with a day."""
    rules = [_boundary(name, rows, scale, chronology) for name in chronology.boundaries if scale.strip]
    for row in rows:
        if row.place.known != "exact" or row.place.whole:
            continue
        x = scale.middle(row.place)
        if row.kind == "treatment" and _is_procedure(row):
            site = row.words.split(",")[0] if row.words.endswith(("lobe", "lobe, effective")) or "lobe" in row.words else ""
            label = ", ".join(part for part in (row.item, site, row.time) if part)
            rules.append(Rule(x, label, PROCEDURE_RULE, True, 0.9, row.key, 1))
        elif row.panel == "events":
            death = row.name == "death"
            words = f"{row.item}, {row.time}"
            rules.append(Rule(x, words, INK if death else QUIET, True, 1.0 if death else 0.6, row.key, 0 if death else 2))
    if len(rules) > MOST_RULES:
        rules = sorted(rules, key=lambda rule: rule.rank)[:MOST_RULES]
    return sorted(rules, key=lambda rule: rule.x)


def _boundary(name: str, rows: list[CourseRow], scale: TimeScale, chronology: Chronology) -> Rule:
    x = scale.strip[chronology.boundaries.index(name) + 1]
    row = next((row for row in rows if row.key == name), None)
    label = row.item if row is not None else name.replace("-", " ").capitalize()
    return Rule(x, label, "#9a9a9a", False, 0.6, name, 1, (1.5, 1.5))


def _is_procedure(row: CourseRow) -> bool:
    found = term("treatments", row.name)
    return found.get("type") == "procedure" and found.get("class") != "diagnostic"


def header(rules: list[Rule], scale: TimeScale, style: Style, top: float) -> tuple[list[Item], float, list[Rule]]:
    """The labels in rows above the panels, no label over a rule; the rules with their upper ends.

    A label stands to the right of its rule, or to the left where the page ends; a rule whose label is
    in an upper row begins there, so labels below it must keep clear of it.
    """
    rows: dict[int, tuple[int, float]] = {}
    for index in reversed(range(len(rules))):
        rows[index] = _row_for(index, rules, rows, style)
    depth = max((row for row, _ in rows.values()), default=-1) + 1
    items: list[Item] = []
    placed = []
    for index, rule in enumerate(rules):
        row, where = rows[index]
        y = top + (depth - 1 - row) * style.line
        placed.append(replace(rule, top=y + 0.2))
        items.append(Text(where, y + style.line / 2, rule.label, style.text, color=_label_color(rule), key=rule.key, about=(rule.x, rule.x)))
    return items, top + depth * style.line + 0.6, placed


def _label_color(rule: Rule) -> str:
    return "#7d3560" if rule.color == PROCEDURE_RULE else INK


def _row_for(index: int, rules: list[Rule], rows: dict[int, tuple[int, float]], style: Style) -> tuple[int, float]:
    """The lowest row in which a label meets neither a label nor a rule; row 0 is next to the panels."""
    rule = rules[index]
    width = text_width(rule.label, style.text)
    sides = [rule.x + 0.7, rule.x - 0.7 - width]
    for row in range(40):
        for where in sides:
            span = (where, where + width)
            if span[0] < style.margin or span[1] > style.width - style.margin:
                continue
            if _clear(index, row, span, rules, rows, style):
                return row, where
    return 40, min(max(style.margin, rule.x - width / 2), style.width - style.margin - width)


def _clear(
    index: int, row: int, span: tuple[float, float], rules: list[Rule], rows: dict[int, tuple[int, float]], style: Style
) -> bool:
    for other, (other_row, where) in rows.items():
        x = rules[other].x
        if other_row >= row and span[0] - 0.5 < x < span[1] + 0.5:
            return False
        end = where + text_width(rules[other].label, style.text)
        if other_row == row and span[0] < end + 1.0 and where < span[1] + 1.0:
            return False
        if other_row < row and where - 0.5 < rules[index].x < end + 0.5:
            return False
    return all(not (span[0] - 0.5 < rules[left].x < span[1] + 0.5) for left in range(index) if row >= 0)
