"""Reads a trial and checks all of it against its population's model before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from insulinoma.cohort.design import MOST_PATIENTS, Arm, Rule, Trial
from insulinoma.cohort.endpoints import MEASURES
from insulinoma.cohort.orders import by_weight, for_weight, moved, orders_of
from insulinoma.cohort.population import Population, spreads_by_grade, subject_of
from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.reading import file_tree, mended, read_part, shipped
from insulinoma.cohort.rows import FIXED
from insulinoma.errors import Fault, InputError, UsageError, did_you_mean
from insulinoma.model.compose import Model
from insulinoma.record.tree import Place, Tree
from insulinoma.simulate.regimen import Order, Regimen
from insulinoma.simulate.schedule import schedule

_HARMLESS = {"regimen": [], "size": 1, "title": "-", "question": "-", "follow_up": "3653 d"}
COLUMNS = ("sex", "age", "weight", "height", "grade", "before_time_below_54", "before_glucose_mean")


def read_trial(name: str) -> tuple[Trial, Population]:
    """The trial of a path or a shipped name, and its population; InputError with every fault of both files."""
    tree = file_tree(name, "trials")
    trial, faults = read_part(tree, Trial)
    population = None
    if isinstance(tree.data, dict) and isinstance(tree.data.get("population"), str):
        try:
            population = read_population(tree.data["population"])
        except InputError as error:
            faults += error.faults
        except UsageError as error:
            near = did_you_mean(tree.data["population"], shipped("populations"))
            problem = str(error).split(". ")[0].removesuffix(".")
            faults.append(tree.fault(("population",), "unknown", problem, "a population", near))
    checked = trial or mended(tree, Trial, _HARMLESS)
    if checked is not None:
        faults += _faults(tree, checked)
        if population is not None:
            faults += _against_model(tree, checked, population)
    if trial is None or population is None or faults:
        raise InputError(faults)
    return trial, population


def check_size(size: int) -> None:
    """UsageError for more patients than any machine will see."""
    if not 1 <= size <= MOST_PATIENTS:
        raise UsageError(f"{size:,} patients cannot be simulated. Expected 1 to {MOST_PATIENTS:,}.")


def _faults(tree: Tree, trial: Trial) -> Iterator[Fault]:
    for part in ("arms", "endpoints", "subgroups"):
        names = [item.name for item in getattr(trial, part)]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield tree.fault((part, index, "name"), "twice", f"{name!r} stands twice", "each name once")
    for index, item in enumerate(trial.endpoints):
        place: Place = ("endpoints", index)
        if item.measure not in MEASURES:
            near = did_you_mean(item.measure, MEASURES)
            expected = f"one of {', '.join(MEASURES)}"
            yield tree.fault((*place, "measure"), "unknown", f"{item.measure!r} is not a measure", expected, near)
        if item.name in FIXED:
            yield tree.fault((*place, "name"), "taken", f"{item.name!r} is a column of every trial", "another name")
        last = trial.follow_up if item.last is None else item.last
        if last > trial.follow_up or item.first >= last:
            problem = f"the window from day {item.first:g} to {last:g} does not lie in the follow-up"
            yield tree.fault(place, "window", problem, f"0 to {trial.follow_up:g} days")
    names = [item.name for item in trial.endpoints]
    if trial.primary not in names:
        near = did_you_mean(trial.primary, names)
        yield tree.fault(
            ("primary",), "unknown", f"{trial.primary!r} is not an endpoint", f"one of {', '.join(names)}", near
        )
    if trial.allocation == "randomized" and len(trial.arms) < 2:
        yield tree.fault(("arms",), "arms", "one arm cannot be randomized", "two arms or more")


def _against_model(tree: Tree, trial: Trial, population: Population) -> Iterator[Fault]:
    model = subject_of(population).model
    for index, arm in enumerate(trial.arms):
        place: Place = ("arms", index)
        found = yield from _orders(tree, (*place, "regimen"), arm.regimen, model)
        if found:
            yield from _schedule(tree, found, model, trial)
        for number, rule in enumerate(arm.rules):
            yield from _rule(tree, (*place, "rules", number), rule, arm, model, trial)
    traits = [name for name, item in next(iter(spreads_by_grade(population).values())).items() if item.scale == "share"]
    for index, item in enumerate(trial.subgroups):
        if item.column not in (*COLUMNS, *traits):
            known = [*COLUMNS, *traits]
            near = did_you_mean(item.column, known)
            problem = f"{item.column!r} is not a column to split by"
            yield tree.fault(("subgroups", index, "column"), "unknown", problem, f"one of {', '.join(known)}", near)


def _orders(tree: Tree, place: Place, entries: tuple[dict[str, str | int | float], ...], model: Model):  # type: ignore[no-untyped-def]
    """The orders of some entries that can be read; a fault for each that cannot."""
    found: list[Order] = []
    for index, entry in enumerate(entries):
        here = (*place, index)
        try:
            found += orders_of([entry], file=tree.file, line=tree.line(here))
        except UsageError as error:
            yield tree.fault(here, "order", str(error).rstrip("."), "")
    return [for_weight(item, model, 1.0) if by_weight(item, model) else item for item in found]


def _schedule(tree: Tree, orders: list[Order], model: Model, trial: Trial) -> Iterator[Fault]:
    try:
        schedule(model, Regimen(tuple(orders)), 1440.0 * trial.days)
    except InputError as error:
        yield from error.faults


def _rule(tree: Tree, place: Place, rule: Rule, arm: Arm, model: Model, trial: Trial) -> Iterator[Fault]:
    if problem := rule.when.problem(model):
        yield tree.fault((*place, "when"), "impossible", *problem)
    longest = max(rule.when.days, rule.first)
    if longest >= trial.follow_up:
        problem_text = f"the rule could act after {longest:g} days at the earliest, when the trial is over"
        yield tree.fault(place, "impossible", problem_text, f"less than {trial.follow_up:g} days")
    if not rule.give and not rule.stop:
        yield tree.fault(place, "impossible", "the rule does nothing", "'give' with orders, or 'stop' with drugs")
    found = yield from _orders(tree, (*place, "give"), rule.give, model)
    if found:
        yield from _schedule(tree, [moved(item, 0.0) for item in found], model, trial)
    given = {str(entry.get("give")) for entry in (*arm.regimen, *(entry for one in arm.rules for entry in one.give))}
    for name in rule.stop:
        if name not in given:
            near = did_you_mean(name, given)
            problem_text = f"{name!r} is stopped and never given in this arm"
            yield tree.fault((*place, "stop"), "impossible", problem_text, "a drug of the arm", near)
