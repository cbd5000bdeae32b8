"""The report of a trial as sections: question, answer, patients, endpoints, pictures, limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from insulinoma.cohort.analysis.collect import SHOWN
from insulinoma.cohort.analysis.frame import endpoint_named, measure_of
from insulinoma.cohort.analysis.results import Results
from insulinoma.cohort.analysis.table import NumberTable
from insulinoma.cohort.design import Endpoint
from insulinoma.cohort.population import Cause, Population
from insulinoma.report.blocks import Block, Figure, Paragraph, Report, Section, Table, table

_WIDTHS = {
    "treatment": 4.0, "method": 2.0, "arm": 1.8, "endpoint": 2.0, "against": 1.6, "level": 1.6, "subgroup": 2.2,
    "patients": 1.3, "candidates": 1.5, "not computed": 1.4, "completed": 1.5, "difference": 1.5, "p": 1.3, "unit": 0.9,
    "median": 1.7, "competing events": 1.4, "mean against": 1.2, "until day": 0.9, "why": 4.0,
}  # fmt: skip


_SAME = "The same in numbers."
_ENDPOINTS = ("endpoints", "contrasts")


def trial_report(
    found: Results, population: Population, *, identity: dict[str, Any], heights: Mapping[str, float]
) -> Report:
    """The parts of the report of a trial; `heights` are those of the pictures on paper, in mm."""
    trial = found.trial
    sections = (
        Section("Answer", tuple(Paragraph(line) for line in answer_lines(found))),
        Section("Patients", (Paragraph(_population_words(population)), *_whole(found, ("arms", "absent")))),
        Section("Endpoints", _whole(found, ("endpoints", "contrasts"))),
        Section("Times to events", tuple(_curves(found, heights))),
        Section("Subgroups", _drawn("subgroups", found, heights)),
        Section("Patients one by one", tuple(_patients(found, heights))),
        Section("A real trial of this question", _drawn("power", found, heights)),
        Section("What this rests on", tuple(_limits(found, population))),
    )
    return Report(
        title=trial.title,
        subtitle=trial.question,
        sections=tuple(section for section in sections if section.blocks),
        colophon=f"Trial {trial.name}, population {population.name}, {trial.size:,} virtual patients, seed "
        f"{trial.seed}, insulinoma {identity['version']}; the same files and seed give the same numbers.",
    )


def answer_lines(found: Results) -> list[str]:
    """The answer to the primary question in sentences: each arm against the first, or what one arm alone showed."""
    endpoint = endpoint_named(found.trial, found.trial.primary)
    measure = measure_of(endpoint)
    unit = "" if measure.unit == "1" else f" {measure.unit}"
    lines = [
        f"Primary endpoint: {endpoint.name}, {measure.meaning}; {measure.better} is better. All patients are simulated."
    ]
    for row in found.tables["contrasts"].rows:
        if row[0] == endpoint.name:
            _, _, arm, against, count, mean, other, difference, low, high, p, method, until = row
            what = f" of the mean time up to day {until:g}" if math.isfinite(until) else ""
            lines.append(
                f"{arm} against {against}: {number(mean)} and {number(other)}{unit}, difference{what} "
                f"{number(difference)}{unit} (95 % interval {number(low)} to {number(high)}; p {p_value(p)}; "
                f"{method}, {count:,} patients)."
            )
    return lines if len(found.trial.arms) > 1 else [*lines, *_alone(found, endpoint, unit)]


def _alone(found: Results, endpoint: Endpoint, unit: str) -> Iterator[str]:
    """The primary endpoint of the only arm."""
    for name, arm, _, count, mean, sd, median, low, high, events, _ in found.tables["endpoints"].rows:
        if name != endpoint.name:
            continue
        if measure_of(endpoint).kind == "time":
            yield f"{arm}: median {number(median)}{unit}, {number(events)} events ({count:,} patients)."
        else:
            spread = f"SD {number(sd)}; median {number(median)}, quartiles {number(low)} and {number(high)}"
            yield f"{arm}: {number(mean)}{unit} on average ({spread}; {count:,} patients)."


def _whole(found: Results, names: Sequence[str]) -> tuple[Table, ...]:
    """The tables of these names that have rows."""
    return tuple(_shown(name, found) for name in names if found.tables[name].rows)


def _population_words(population: Population) -> str:
    inclusion = population.inclusion
    rules = []
    if inclusion and inclusion.criteria:
        names = " and ".join(name.replace("_", " ") for name in inclusion.criteria)
        rules.append(f"{names} in a simulated fast of {inclusion.fast:g} days, by the criteria that judge real records")
    if inclusion and inclusion.before:
        rules.append("; ".join(_condition(item) for item in inclusion.before) + " on the last day before the trial")
    taken = f" Taken in: {'; '.join(rules)}." if rules else ""
    return f"{population.title}.{taken} Every patient lives {population.run_in:g} days before the first treatment."


def _condition(item: Any) -> str:
    side = "above" if item.above else "below"
    return f"{item.quantity.replace('_', ' ')} {side} {item.above or item.below}"


def _curves(found: Results, heights: Mapping[str, float]) -> list[Block]:
    blocks: list[Block] = []
    for endpoint in found.trial.endpoints:
        if measure_of(endpoint).kind == "time":
            blocks += [_figure(f"curve-{endpoint.name}", found, heights), _shown(f"at-risk-{endpoint.name}", found)]
    return blocks


def _patients(found: Results, heights: Mapping[str, float]) -> list[Block]:
    names = [name for name in ("differences", "stays", "changes") if name in found.tables and found.tables[name].rows]
    return [_figure(name, found, heights) for name in names]


def _limits(found: Results, population: Population) -> list[Block]:
    lines = [_cause_words(item) for item in population.mortality]
    deaths = [f"Causes of death and their assumed rates: {'; '.join(lines)}."] if lines else []
    kinds = (
        "Data: the published numbers behind the parameters. Model: the course of glucose, hormones and tumor. "
        "Assumption: spreads, rates of death and mixes without a source, marked so in the population file."
    )
    words = [
        kinds,
        *deaths,
        "An interval tells how sure the virtual trial is of its own answer, not how sure the model is of the world.",
        *(f"{note}" for note in (*population.notes, *found.trial.notes)),
    ]
    if found.trial.size > SHOWN:
        words.append(
            f"Power and pictures of single patients come from the first {SHOWN:,} patients, all else from all."
        )
    return [Paragraph(text) for text in words]


def _cause_words(item: Cause) -> str:
    at = f" at {item.at:g} {item.unit} of {item.quantity}" if item.quantity else ""
    return f"{item.cause}: rate {item.rate * 365.25:.3g} by year{at} ({item.source})"


def _drawn(name: str, found: Results, heights: Mapping[str, float]) -> tuple[Block, ...]:
    """A picture and its numbers; nothing where there is no other arm to compare with."""
    return (_figure(name, found, heights), _shown(name, found, _SAME)) if name in heights else ()


def _figure(name: str, found: Results, heights: Mapping[str, float]) -> Figure:
    caption = found.tables[name].caption
    return Figure(name, caption, f"{caption} Arms: {_arms(found)}.", heights[name])


def _arms(found: Results) -> str:
    return ", ".join(f"{arm.name} ({arm.title})" for arm in found.trial.arms)


def _shown(name: str, found: Results, caption: str = "") -> Table:
    source = found.tables[name]
    return as_table(name, replace(source, caption=caption) if caption else source)


def as_table(name: str, source: NumberTable) -> Table:
    """A table of numbers for readers: rounded, the full precision stays in its CSV."""
    kept = [index for index, _ in enumerate(source.columns) if any(number(row[index]) for row in source.rows)]
    columns = [source.columns[index] for index in kept]
    rows = [[number(row[index]) if source.columns[index] != "p" else p_value(row[index]) for index in kept] for row in
            source.rows]  # fmt: skip
    return table(name, source.caption, columns, rows, [_WIDTHS.get(column, 1.0) for column in columns])


def number(value: Any) -> str:
    """A number in three digits, or a name; nothing where there is no number.

    >>> number(0.012345), number(1234567), number(float("nan")), number(float("inf"))
    ('0.0123', '1,234,567', '', 'not reached')
    """
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if math.isinf(value):
            return "not reached"
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def p_value(value: float) -> str:
    """A p value as it is printed.

    >>> p_value(0.00001).split(), p_value(0.043)
    (['<', '0.001'], '0.043')
    """
    return "<\N{NO-BREAK SPACE}0.001" if value < 0.001 else f"{value:.2g}"
