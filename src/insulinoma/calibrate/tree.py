"""The groups of the result tree from draws, predictions and scores."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.likelihood import Measured
from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.problem import Problem
from insulinoma.calibrate.sampling.target import Scores
from insulinoma.model.subsystem import Output, State

if TYPE_CHECKING:
    import xarray

Floats = npt.NDArray[np.float64]


def parameters_group(problem: Problem, z: Floats) -> xarray.Dataset:
    """The uncertain parameters at coordinates (chains, draws, names), each with its unit and reference."""
    import xarray

    shape = z.shape[:2]
    values = problem.coordinates.values(z.reshape(-1, z.shape[-1]))
    found = {}
    for name, column in values.items():
        prior = problem.coordinates.priors[name]
        about = {"units": prior.unit, "long_name": prior.meaning, "ref": prior.ref, "status": prior.status}
        found[name] = (("chain", "draw"), column.reshape(shape), about)
    return xarray.Dataset(found)


def facts_group(observations: Sequence[Observation], columns: Floats, chains: int) -> xarray.Dataset:
    """Something by fact (draws, facts) as a variable for each fact."""
    import xarray

    shaped = columns.reshape(chains, -1, columns.shape[1])
    found = {
        item.fact: (("chain", "draw"), shaped[..., index], {"units": item.unit, "long_name": item.says})
        for index, item in enumerate(observations)
    }
    return xarray.Dataset(found)


def observed_group(observations: Sequence[Observation]) -> xarray.Dataset:
    """The number of each fact, NaN for a bound or a statement, with how it was read."""
    import xarray

    found = {}
    for item in observations:
        value = item.likelihood.value if isinstance(item.likelihood, Measured) else math.nan
        about = {"units": item.unit, "long_name": item.says, "read_as": item.because}
        found[item.fact] = ((), value, about)
    return xarray.Dataset(found)


def stats_group(problem: Problem, z: Floats, scores: Scores) -> xarray.Dataset:
    """Coordinates (chains, draws, names) and the joint log-likelihood."""
    import xarray

    shape = z.shape[:2]
    return xarray.Dataset(
        {
            "z": (("chain", "draw", "parameter"), z, {"long_name": "standard normal coordinate"}),
            "log_likelihood": (("chain", "draw"), scores.total.reshape(shape), {"long_name": "of all facts together"}),
        },
        coords={"parameter": list(problem.coordinates.names)},
    )


def daily_group(problem: Problem, course: Course, chains: int) -> xarray.Dataset:
    """All daily quantities of a course by (chain, draw, day), in record days."""
    import xarray

    declared: dict[str, State | Output] = {**problem.model.states, **problem.model.outputs}
    units = {name: item.unit for name, item in declared.items()}
    units |= {"glucose_min": "mg/dL", "glucose_mean": "mg/dL", "insulin_mean": "pmol/L", "c_peptide_mean": "pmol/L"}
    units |= {"minutes_below_54": "min", "minutes_below_70": "min", "dextrose_g": "g"}
    found = {
        name: (("chain", "draw", "day"), values.reshape(chains, -1, values.shape[1]), {"units": units[name]})
        for name, values in course.days.items()
    }
    day = np.arange(next(iter(course.days.values())).shape[1]) + course.start
    return xarray.Dataset(found, coords={"day": ("day", day, {"units": "d", "long_name": "day of the record"})})


def tree_of(groups: Mapping[str, xarray.Dataset], attributes: Mapping[str, str]) -> xarray.DataTree:
    """The tree of groups."""
    import xarray

    tree = xarray.DataTree.from_dict({f"/{name}": group for name, group in groups.items()})
    tree.attrs.update(attributes)
    return tree
