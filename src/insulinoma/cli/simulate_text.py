"""The result of `insulinoma simulate` as a short table for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from insulinoma.quantities import convert

if TYPE_CHECKING:
    from insulinoma.simulate.population import Population
    from insulinoma.simulate.protocol import Protocol
    from insulinoma.simulate.solution import Solution

ROWS = 13
SHOWN = {"glucose": "mg/dL", "insulin": "uU/mL", "c_peptide": "ng/mL"}


def solution_text(found: Solution, head: dict[str, Any], test: Protocol, unit: str) -> str:
    """Who, what, a dozen moments of glucose, insulin and C-peptide, and how it ended."""
    if found.ending.status == "failed":
        return f"{_title(head, test)}\n\n{_end(found)}"
    units = SHOWN | {"glucose": unit}
    time = found.data["time"].values
    chosen = sorted({round(index * (len(time) - 1) / (ROWS - 1)) for index in range(ROWS)})
    columns = []
    for name, shown in units.items():
        series = found[found.analytes[name]]
        columns.append([_converted(name, float(series.values[row]), series.attrs["units"], shown) for row in chosen])
    rows = [(_hours(float(time[row])), *cells) for row, *cells in zip(chosen, *columns, strict=True)]
    names = ("time", *(f"{name.replace('_', '-')} ({shown})" for name, shown in units.items()))
    return "\n".join((_title(head, test), "", *_table(names, rows), "", _end(found), *test.notes))


def population_text(found: Population, head: dict[str, Any], test: Protocol, unit: str) -> str:
    """Who, what, a dozen moments of glucose between patients, and how they ended."""
    title = f"{_title(head, test)}; {head['patients']} patients, seed {head['seed']}"
    if not found.events:
        return f"{title}\n\nNo patient could be computed."
    glucose = found.summary()["glucose"]
    time, running = found.data["time"].values, found.summary()["running"]["values"]
    chosen = sorted({round(index * (len(time) - 1) / (ROWS - 1)) for index in range(ROWS)})
    rows = [
        (
            _hours(float(time[row])),
            *(
                _converted("glucose", values[row], glucose["unit"], unit) if values[row] is not None else "-"
                for values in glucose["percentiles"].values()
            ),
            str(running[row]),
        )
        for row in chosen
    ]
    names = ("time", *(f"{percent} %" for percent in glucose["percentiles"]), "in the test")
    low = [event["time_minutes"] for event in found.events if event["ended_by"] == "hypoglycemia"]
    ended = f"{len(low)} of {len(found.events)} ended by hypoglycemia"
    median = f", at {_hours(sorted(low)[len(low) // 2])} in the median" if low else ""
    failed = f"; {len(found.failures)} could not be computed" if found.failures else ""
    heading = f"Percentiles of glucose between patients ({unit})"
    return "\n".join((title, "", heading, *_table(names, rows), "", f"{ended}{median}{failed}."))


def _title(head: dict[str, Any], test: Protocol) -> str:
    return f"{head['subject']}, {head['protocol']}: {test.meaning}"


def _end(found: Solution) -> str:
    ending = found.ending
    if ending.status == "failed":
        return f"The run failed. {ending.message}"
    if ending.status == "stopped":
        return f"Ended by {ending.ended_by} at {_hours(ending.minutes)}: {ending.message}."
    return f"Completed at {_hours(ending.minutes)}."


def _converted(name: str, value: float, unit: str, shown: str) -> str:
    number = convert(name, value, unit, shown).value
    return f"{number:.0f}" if (name, shown) == ("glucose", "mg/dL") else f"{number:.2f}"


def _hours(minutes: float) -> str:
    if minutes < 300:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 4320 else f"{minutes / 1440:.1f} d"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(name), *(len(row[column]) for row in rows)) for column, name in enumerate(names)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (names, *rows)
    ]
