"""`insulinoma simulate`: a subject, or many like it, in a test or under a regimen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from insulinoma.cli.options import CaseArgument, GlucoseUnit, JsonOption, OutputOption, SeedOption, UnitOption
from insulinoma.cli.output import as_json, say, write
from insulinoma.errors import ComputationError, UsageError, did_you_mean
from insulinoma.intended_use import INTENDED_USE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insulinoma.model.subsystem import Parameter
    from insulinoma.record.schema import CaseRecord
    from insulinoma.simulate.population import Population
    from insulinoma.simulate.protocol import Protocol
    from insulinoma.simulate.solution import Solution
    from insulinoma.simulate.subject import Subject

DATA, TEXTS = (".csv", ".parquet", ".nc"), (".json", ".txt")

SubjectOption = Annotated[
    str | None,
    typer.Option("--subject", help="healthy-woman, healthy-man, insulinoma, malignant-insulinoma or muro-2014."),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        help="A test, such as fast-72h, or course: what the record of a case says was done. "
        "Without it and a regimen: the course of a case, the inpatient-day of anybody else.",
    ),
]
RegimenOption = Annotated[
    Path | None, typer.Option("--regimen", help="Orders as YAML or CSV; added to the protocol where one is named.")
]
PatientsOption = Annotated[
    int, typer.Option("--patients", min=1, help="1 is the typical person; more are drawn from the population.")
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="cpu|cuda", help="Where many patients are computed: all cores, or a GPU.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter, in its own unit or with another, within its bounds. May be repeated.",
    ),
]


def simulate(
    case: CaseArgument = None,
    subject: SubjectOption = None,
    protocol: ProtocolOption = None,
    regimen: RegimenOption = None,
    patients: PatientsOption = 1,
    changes: SetOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "cpu",
    glucose_unit: UnitOption = GlucoseUnit.MG_DL,
    json: JsonOption = False,
    output: OutputOption = None,
) -> None:
    """Simulates a subject in a test: glucose, hormones, tumor; one patient or many.

    With -o: .csv, .parquet or .nc writes all series, .json and .txt what would be printed.

    Example: insulinoma simulate --subject insulinoma --protocol fast-72h
    """
    if output is not None and output.suffix.lower() not in (*DATA, *TEXTS):
        raise UsageError(f"{output.name!r} ends in no known format. Expected {', '.join((*DATA, *TEXTS))}.")
    name, record = _name(case, subject)
    who, fixed = _subject(name, changes or [])
    test = _protocol(protocol, regimen, record)
    if patients == 1:
        found: Solution | Population = test.run(who)
    else:
        found = _many(who, test, patients, seed, fixed, device)
    _show(found, who, test, {"patients": patients, "seed": seed}, glucose_unit.value, json=json, output=output)


def _name(case: Path | None, subject: str | None) -> tuple[str, CaseRecord | None]:
    """The subject that is named, or that of a case, and the record of it; UsageError where a case has none."""
    from insulinoma.model.parameter_set import parameter_sets
    from insulinoma.record.load import load_case, shipped_cases

    if subject is not None and case is not None:
        raise UsageError("A case and --subject were both given. Expected one of them.")
    if subject is not None:
        return subject, load_case(subject) if subject in shipped_cases() else None
    record = load_case(case)
    if record.id not in parameter_sets():
        expected = ", ".join(parameter_sets())
        problem = f"There are no parameters for the case {record.id!r}."
        raise UsageError(f"{problem} Expected --subject with one of {expected}.")
    return record.id, record


def _subject(name: str, changes: list[str]) -> tuple[Subject, dict[str, float]]:
    """The subject with its changes, and the changes alone."""
    from insulinoma.simulate import subject as room

    who = room.subject(name)
    fixed = dict(_change(change, who.priors) for change in changes)
    return replace(who, parameters=tuple({**dict(who.parameters), **fixed}.items())), fixed


def _change(text: str, declared: Mapping[str, Parameter]) -> tuple[str, float]:
    """Name and value of a changed parameter; UsageError for a wrong name, unit or value."""
    from insulinoma.model.subsystem import outside
    from insulinoma.model.units import ratio
    from insulinoma.simulate.regimen import quantity

    name, sign, written = (part.strip() for part in text.partition("="))
    if not sign:
        raise UsageError(f"{text!r} is not a change. Expected NAME=VALUE, such as glucose.G_b=95.")
    if name not in declared:
        raise UsageError(f"{name!r} is not a parameter of the subject. {did_you_mean(name, declared)}".strip())
    item = declared[name]
    number, unit = quantity(written)
    factor = 1.0 if unit == "1" else ratio(unit, item.unit)
    if factor is None:
        raise UsageError(f"{unit!r} is not a unit of {name!r}. Expected {item.unit}, or none.")
    if bounds := outside(number * factor, item):
        raise UsageError(f"{name!r} cannot be {written}. Expected {bounds}.")
    return name, number * factor


def _protocol(name: str | None, regimen: Path | None, record: CaseRecord | None) -> Protocol:
    from insulinoma.simulate import protocol as room
    from insulinoma.simulate.case_regimen import course
    from insulinoma.simulate.regimen import read_regimen

    if record is not None and regimen is None and name in (None, "course"):
        return course(record)
    if name == "course":
        raise UsageError("'course' is that of a case, without --regimen. Expected a case, or --subject muro-2014.")
    if regimen is None:
        return room.protocol(name or "inpatient-day")
    orders = read_regimen(regimen)
    if name is None:
        return room.of_regimen(regimen.stem, orders)
    chosen = room.protocol(name)
    return replace(chosen, regimen=lambda who: chosen.regimen(who) + orders)


def _many(who: Subject, test: Protocol, patients: int, seed: int, fixed: dict[str, float], device: str) -> Population:
    import sys

    from insulinoma.simulate.population_run import run_population

    asked: dict[str, Any] = {"patients": patients, "seed": seed, "fixed": fixed, "device": device}
    if not sys.stderr.isatty():
        found = run_population(who, test, **asked)
        say(f"{patients} of {patients} patients")
        return found
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("patient-days", speed="")

        def shown(done: int, total: int) -> None:
            elapsed = bar.tasks[task].elapsed or 0.0
            speed = f"{done / elapsed:,.0f} a second" if elapsed else ""
            bar.update(task, completed=done, total=total, speed=speed)

        return run_population(who, test, shown=shown, **asked)


def _show(
    found: Solution | Population,
    who: Subject,
    test: Protocol,
    asked: dict[str, int],
    unit: str,
    *,
    json: bool,
    output: Path | None,
) -> None:
    """Writes data, JSON or text; then ComputationError where there is no result."""
    from insulinoma import __version__
    from insulinoma.cli.simulate_text import population_text, solution_text
    from insulinoma.simulate.population import Population

    head: dict[str, Any] = {"subject": who.name, "protocol": test.name, **asked, "version": __version__}
    if test.notes:
        head["notes"] = list(test.notes)
    many = isinstance(found, Population)
    ending = output.suffix.lower() if output is not None else ""
    if output is not None and ending in DATA:
        output.parent.mkdir(parents=True, exist_ok=True)
        found.write(output)
        say(f"wrote {output}")
    target = output if ending in TEXTS else None
    if json or ending == ".json":
        write(as_json({**head, **_in_unit(_result(found), unit)}), target)
    elif isinstance(found, Population):
        write(f"{population_text(found, head, test, unit)}\n{INTENDED_USE}", target)
    else:
        write(f"{solution_text(found, head, test, unit)}\n{INTENDED_USE}", target)
    messages = _failures(found)
    if messages and many and len(messages) < asked["patients"]:
        say(f"{len(messages)} of {asked['patients']} patients could not be computed. The first: {messages[0]}")
    elif messages:
        raise ComputationError(messages[0])


def _failures(found: Solution | Population) -> list[str]:
    from insulinoma.simulate.population import Population

    if isinstance(found, Population):
        return [item["message"] for item in found.failures]
    return [found.ending.message] if found.ending.status == "failed" else []


def _result(found: Solution | Population) -> dict[str, Any]:
    from insulinoma.simulate.population import Population

    if isinstance(found, Population):
        return {
            "status": found.status,
            "summary": found.summary(),
            "events": found.events,
            "failures": found.failures,
        }
    return found.json()


def _in_unit(result: dict[str, Any], unit: str) -> dict[str, Any]:
    """The result with glucose in the unit that was asked for."""
    from insulinoma.quantities import convert

    table = result.get("series") or result.get("summary") or {}
    glucose = table.get("glucose")
    if glucose is None or glucose["unit"] == unit:
        return result
    factor = convert("glucose", 1.0, glucose["unit"], unit).value
    for key in ("values", "percentiles"):
        if key in glucose:
            glucose[key] = _times(glucose[key], factor)
    glucose["unit"] = unit
    return result


def _times(values: Any, factor: float) -> Any:
    if isinstance(values, dict):
        return {key: _times(value, factor) for key, value in values.items()}
    return [None if value is None else value * factor for value in values]
