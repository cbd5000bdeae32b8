"""The twin beside what was published: as text, CSV, Markdown and JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from insulinoma.simulate.validation.target import Row
from insulinoma.simulate.validation.targets import TARGETS, at_edge, met, reasons, statuses, summary

_COLUMNS = ("target", "observation", "unit", "published", "band", "rule", "model", "verdict", "ref", "protocol")
_WIDE = 100


def records(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One record a row, in the columns of the table."""
    return [
        {
            "target": row.published.target,
            "observation": row.published.observation,
            "unit": row.published.unit,
            "published": row.published.text,
            "band": row.published.band,
            "rule": row.published.rule,
            "model": float(f"{row.model:.4g}"),
            "verdict": "in" if row.inside else "out",
            "ref": row.published.ref,
            "protocol": TARGETS[row.published.target].protocol,
        }
        for row in rows
    ]


def as_columns(rows: Sequence[Row]) -> list[list[str]]:
    """Header and cells of the table in CSV."""
    return [list(_COLUMNS), *([str(record[name]) for name in _COLUMNS] for record in records(rows))]


def as_markdown(rows: Sequence[Row]) -> str:
    """The table as Markdown, as the documentation shows it."""
    lines = ["| target | observation | published | band | model | verdict |", "|---|---|---|---|---|---|"]
    for row in records(rows):
        observed = f"{row['observation']}, {row['unit']}"
        cells = (row["target"], observed, row["published"], row["band"], row["model"], row["verdict"])
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def validation_text(rows: Sequence[Row]) -> str:
    """The table for a terminal, the reasons of the misses, and the summary."""
    lines = [f"{'target':>6}  {'observation':<64}{'published':<22}{'band':<18}{'model':>8}  verdict"]
    for row in records(rows):
        observed = textwrap.shorten(f"{row['observation']}, {row['unit']}", 63, placeholder="...")
        published = textwrap.shorten(row["published"], 21, placeholder="...")
        cells = f"{observed:<64}{published:<22}{row['band']:<18}{row['model']:>8.4g}"
        lines.append(f"{row['target']:>6}  {cells}  {row['verdict']}")
    why = reasons()
    for target, inside in met(rows).items():
        if not inside and target in why:
            lines += ["", *textwrap.wrap(f"Target {target}: {why[target]}", _WIDE)]
    edges = "; ".join(f"{name} {text}" for name, text in at_edge().items())
    return "\n".join(
        [*lines, "", *textwrap.wrap(summary(rows), _WIDE), *textwrap.wrap(f"At the edge: {edges}.", _WIDE)]
    )


def validation_json(rows: Sequence[Row]) -> dict[str, Any]:
    """The table, the verdict of every target, and what the parameters rest on."""
    return {
        "rows": records(rows),
        "targets": [
            {"target": target, "name": TARGETS[target].name, "met": inside, "why": reasons().get(target, "")}
            for target, inside in met(rows).items()
        ],
        "parameters": {"by_status": statuses(), "at_edge": at_edge()},
        "summary": summary(rows),
    }
