"""Scenarios as the page shows them: those that ship, and those of one's own, checked before a job is started."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from insulinoma.app.orders import bounded
from insulinoma.calibrate.calibrate import recorded
from insulinoma.calibrate.facts.clock import clock_of
from insulinoma.calibrate.facts.therapy import therapy
from insulinoma.calibrate.problem import WARM_UP, kind_of
from insulinoma.data import read_text
from insulinoma.errors import InputError, UsageError, did_you_mean
from insulinoma.record.schema import CaseRecord
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.subject import subject
from insulinoma.what_if.scenario import Scenario, named_scenarios, parse_scenario
from insulinoma.what_if.what_if import AS_DONE


def shipped(record: CaseRecord) -> list[dict[str, Any]]:
    """The scenarios that ship, each with its text and whether it changes something in a record."""
    return [
        told(item, read_text("scenarios", f"{name}.yaml"), fits=_fits(item, record))
        for name, item in named_scenarios().items()
    ]


def told(item: Scenario, text: str, *, fits: bool) -> dict[str, Any]:
    """A scenario for the page."""
    return {"name": item.name, "meaning": item.meaning, "text": text, "fits": fits}


def checked(name: str, text: str, record: CaseRecord) -> Scenario:
    """The scenario of a text; InputError with its faults by line, UsageError where it does not fit the record."""
    found = parse_scenario(name, text, f"{name}.yaml")
    changed(found, record)
    return found


def changed(item: Scenario, record: CaseRecord) -> Regimen:
    """What would have been given; UsageError where the scenario does not fit the record or gives too often."""
    given, end = _given(recorded(record))
    found = item.regimen(given, warm_up=WARM_UP, end=end)
    bounded(found.orders)
    return found


def _fits(item: Scenario, record: CaseRecord) -> bool:
    try:
        changed(item, record)
    except UsageError:
        return False
    return True


@lru_cache(maxsize=8)
def _given(text: str) -> tuple[Regimen, float]:
    """What was given by a record, from the start of the simulation on, and the last day."""
    record = CaseRecord.model_validate_json(text)
    clock = clock_of(record)
    return therapy(clock, subject(kind_of(record)), WARM_UP).regimen, clock.end


def text_of(name: str, text: str | None) -> str:
    """The YAML of a scenario of one's own, or of the shipped one of a name; UsageError with the nearest names."""
    if text is not None:
        return text
    if name not in named_scenarios():
        known = ", ".join(named_scenarios())
        hint = did_you_mean(name, named_scenarios())
        raise UsageError(f"{name!r} is not a scenario that ships. Expected one of {known}. {hint}".strip())
    return read_text("scenarios", f"{name}.yaml")


def check_choices(chosen: list[tuple[str, str | None]], record: CaseRecord) -> None:
    """All faults of the scenarios of a comparison at once; UsageError for names that stand twice."""
    names = [name for name, _ in chosen]
    if len({*names, AS_DONE.name}) <= len(names):
        raise UsageError(f"Two scenarios have the same name. Expected different ones, none of them {AS_DONE.name!r}.")
    faults = []
    for name, text in chosen:
        try:
            checked(name, text_of(name, text), record)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
