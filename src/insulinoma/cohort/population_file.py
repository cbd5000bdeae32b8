"""Reads a population and checks it against the model: names, units, shares, correlations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from insulinoma.citations import references
from insulinoma.cohort.population import Population, Spread, pairs, subject_of, subjects, varying
from insulinoma.cohort.quantities import known_quantities
from insulinoma.cohort.reading import file_tree, read_part, shipped
from insulinoma.errors import Fault, InputError, did_you_mean
from insulinoma.model.units import ratio
from insulinoma.record.tree import Place, Tree
from insulinoma.simulate.draws import possible


@lru_cache(maxsize=32)
def read_population(name: str) -> Population:
    """The population of a path or a shipped name; InputError with every fault of the file.

    >>> read_population("healthy-adults").subject
    'healthy-woman'
    """
    tree = _whole(file_tree(name, "populations"))
    found, faults = read_part(tree, Population)
    if found is not None:
        faults = list(_faults(tree, found))
    if found is None or faults:
        raise InputError(faults)
    return found


def _whole(tree: Tree) -> Tree:
    """The tree with what it does not say itself taken from the population that it extends.

    Parameters are taken one by one, all else as a whole.
    """
    base = tree.data.pop("extends", None) if isinstance(tree.data, dict) else None
    if base is None:
        return tree
    if str(base) not in shipped("populations"):
        near = did_you_mean(str(base), shipped("populations"))
        problem = f"{base!r} is not a shipped population"
        raise InputError([tree.fault(("extends",), "unknown", problem, "the name of one", near)])
    below = _whole(file_tree(str(base), "populations")).data
    own = tree.data.get("parameters")
    if isinstance(own, list):
        named = {item.get("name") for item in own if isinstance(item, dict)}
        kept = [item for item in below.get("parameters", []) if item["name"] not in named]
        return replace(tree, data={**below, **tree.data, "parameters": [*own, *kept]})
    return replace(tree, data={**below, **tree.data})


def _faults(tree: Tree, found: Population) -> Iterator[Fault]:
    if found.subject not in subjects():
        near = did_you_mean(found.subject, subjects())
        problem = f"{found.subject!r} is not a subject"
        yield tree.fault(("subject",), "unknown", problem, f"one of {', '.join(subjects())}", near)
        return
    for index, spread in enumerate(found.parameters):
        yield from _spread(tree, ("parameters", index), spread, found)
    for index, grade in enumerate(found.grades):
        for number, spread in enumerate(grade.parameters):
            yield from _spread(tree, ("grades", index, "parameters", number), spread, found)
    yield from _sources(tree, found)
    parts = subject_of(found).model.parts
    for name in found.drawn:
        if name not in (*parts, "all"):
            near = did_you_mean(name, parts)
            yield tree.fault(("drawn",), "unknown", f"{name!r} is not a part of the model", "a part, or all", near)
    total = sum(grade.share for grade in found.grades)
    if found.grades and abs(total - 1) > 1e-9:
        yield tree.fault(("grades",), "shares", f"the shares of the grades add up to {total:g}", "a sum of 1")
    yield from _correlations(tree, found)
    yield from _quantities(tree, found)


def _spread(tree: Tree, place: Place, spread: Spread, found: Population) -> Iterator[Fault]:
    known = subject_of(found).model.parameters
    if spread.name not in known:
        near = did_you_mean(spread.name, known)
        expected = f"a parameter of {found.subject}"
        yield tree.fault((*place, "name"), "unknown", f"{spread.name!r} is not a parameter", expected, near)
        return
    unit = known[spread.name].unit
    if ratio(spread.unit, unit) != 1.0:
        yield tree.fault((*place, "unit"), "unit", f"the unit is {spread.unit!r}", unit)
    if spread.scale in ("logit", "share") and not 0 <= spread.median <= 1:
        yield tree.fault((*place, "median"), "range", f"{spread.median:g} is no share", "0 to 1")
    if spread.scale == "log" and spread.median <= 0 and spread.spread:
        yield tree.fault((*place, "median"), "range", "the median of a log-normal is not positive", "above 0")
    if spread.low > spread.high:
        yield tree.fault((*place, "low"), "range", "the lower bound lies above the upper", "low below high")


def _sources(tree: Tree, found: Population) -> Iterator[Fault]:
    """Sources that are neither a reference nor a declared assumption."""
    stated: list[tuple[Place, str]] = [(("covariates",), found.covariates.source)]
    for part in ("parameters", "correlations", "grades", "mortality"):
        stated += [((part, index), item.source) for index, item in enumerate(getattr(found, part))]
    for index, grade in enumerate(found.grades):
        stated += [
            (("grades", index, "parameters", number), item.source) for number, item in enumerate(grade.parameters)
        ]
    if found.inclusion:
        stated.append((("inclusion",), found.inclusion.source))
    for place, source in stated:
        if not _known(source):
            near = did_you_mean(source, references())
            expected = "a key of the references, 'fit to' such keys, or 'assumption: ...'"
            yield tree.fault((*place, "source"), "source", f"{source!r} is no source", expected, near)


def _known(source: str) -> bool:
    keys = source.removeprefix("fit to ").split(", ")
    return source.startswith("assumption") or all(key in references() for key in keys)


def _correlations(tree: Tree, found: Population) -> Iterator[Fault]:
    drawn = varying(found)
    complete = True
    for index, item in enumerate(found.correlations):
        for name in item.between:
            if name not in drawn:
                near = did_you_mean(name, drawn)
                problem = f"{name!r} does not vary in this population"
                yield tree.fault(("correlations", index, "between"), "unknown", problem, "a varying parameter", near)
                complete = False
    if complete and found.correlations and not possible(pairs(found)):
        problem = "no population can have these correlations together"
        yield tree.fault(("correlations",), "impossible", problem, "a positive definite matrix")


def _quantities(tree: Tree, found: Population) -> Iterator[Fault]:
    model = subject_of(found).model
    known = {name: item.unit for name, item in known_quantities(model).items()}
    for index, condition in enumerate(found.inclusion.before if found.inclusion else ()):
        if impossible := condition.problem(model):
            yield tree.fault(("inclusion", "before", index), "impossible", *impossible)
    for index, item in enumerate(found.mortality):
        place: Place = ("mortality", index)
        if (item.quantity is None) != (item.at is None) or (item.quantity is None) != (item.unit is None):
            problem = "a quantity stands without its reference value and unit, or they without it"
            yield tree.fault(place, "mortality", problem, "'quantity', 'at' and 'unit' together, or none of them")
        elif item.quantity is not None and item.quantity not in known:
            near = did_you_mean(item.quantity, known)
            problem = f"{item.quantity!r} is not a quantity"
            yield tree.fault((*place, "quantity"), "unknown", problem, "a day's quantity, state or output", near)
        elif item.quantity is not None and item.unit != known[item.quantity]:
            yield tree.fault((*place, "unit"), "unit", f"the unit is {item.unit!r}", known[item.quantity])
