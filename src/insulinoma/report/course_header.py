"""What runs through all panels: admissions, procedures, death; their labels above the panels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from insulinoma.record.vocabulary import term
from insulinoma.report.axes import TimeScale
from insulinoma.report.chronology import Chronology
from insulinoma.report.course import CourseRow
from insulinoma.report.palette import INK, PROCEDURE_RULE, QUIET
from insulinoma.report.scene import Item, Text, text_width
from insulinoma.report.style import Style

MOST_RULES = 14
MOST_ROWS = 5


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
            site = (
                row.words.split(",")[0]
                if row.words.endswith(("lobe", "lobe, effective")) or "lobe" in row.words
                else ""
            )
            label = ", ".join(part for part in (row.item, site, row.time) if part)
            rules.append(Rule(x, label, PROCEDURE_RULE, True, 0.9, row.key, 1))
        elif row.panel == "events":
            death = row.name == "death"
            words = f"{row.item}, {row.time}"
            rules.append(
                Rule(x, words, INK if death else QUIET, True, 1.0 if death else 0.6, row.key, 0 if death else 2)
            )
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

    A rule whose label is in an upper row begins there, so labels below it keep clear of it. A rule
    that finds no room says its day only, or nothing.
    """
    labels = _best(rules, style)
    depth = max((label.row for label in labels.values()), default=-1) + 1
    items: list[Item] = []
    placed = []
    for index, rule in enumerate(rules):
        label = labels.get(index)
        y = top + (depth - 1 - (label.row if label else 0)) * style.line
        placed.append(replace(rule, top=y + 0.2))
        if label is not None:
            color = "#7d3560" if rule.color == PROCEDURE_RULE else INK
            about = (rule.x, rule.x)
            items.append(
                Text(label.x, y + style.line / 2, label.words, style.text, color=color, key=rule.key, about=about)
            )
    return items, top + depth * style.line + 0.6, placed


@dataclass(frozen=True)
class Label:
    """Where the label of a rule stands: its row above the panels (0 next to them), and its span."""

    row: int
    x: float
    end: float
    words: str


def _best(rules: list[Rule], style: Style) -> dict[int, Label]:
    """The labels, placed in the order that places most of them in the fewest rows."""
    count = len(rules)
    orders = [list(reversed(range(count))), list(range(count))]
    shuffled = Random(count)  # noqa: S311
    orders += [shuffled.sample(range(count), count) for _ in range(40 if count > 1 else 0)]
    tried = [_place(order, rules, style) for order in orders]
    return min(
        tried,
        key=lambda labels: (-sum(len(label.words) > 8 for label in labels.values()), -len(labels), _depth(labels)),
    )


def _depth(labels: dict[int, Label]) -> int:
    return max((label.row for label in labels.values()), default=0)


def _place(order: list[int], rules: list[Rule], style: Style) -> dict[int, Label]:
    placed: dict[int, Label] = {}
    for index in order:
        short = rules[index].label.rpartition(", ")[2]
        for words in dict.fromkeys((rules[index].label, short)):
            label = _label(index, words, rules, placed, style)
            if label is not None:
                placed[index] = label
                break
    return placed


def _label(index: int, words: str, rules: list[Rule], placed: dict[int, Label], style: Style) -> Label | None:
    x = rules[index].x
    width = text_width(words, style.text)
    for row in range(MOST_ROWS):
        for where in (x + 0.7, x - 0.7 - width):
            label = Label(row, where, where + width, words)
            inside = style.margin <= where and label.end <= style.width - style.margin
            if inside and _clear(index, label, rules, placed):
                return label
    return None


def _clear(index: int, label: Label, rules: list[Rule], placed: dict[int, Label]) -> bool:
    """Whether a label meets no other, no rule that rises beside it, and its own rule no label above."""
    for other, rule in enumerate(rules):
        their = placed.get(other)
        under = label.x - 0.5 < rule.x < label.end + 0.5 and other != index
        if under and (label.row == 0 or (their is not None and their.row >= label.row)):
            return False
        if their is None:
            continue
        if their.row == label.row and label.x < their.end + 1.0 and their.x < label.end + 1.0:
            return False
        if their.row <= label.row and their.x - 0.5 < rules[index].x < their.end + 0.5 and other != index:
            return False
    return True
