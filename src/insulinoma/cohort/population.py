"""What a population is: who is drawn, from which spreads, who is taken in, and of what they may die."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from insulinoma.cohort.fields import Days, Name, Rate, Share, Strict, Text
from insulinoma.cohort.quantities import Condition
from insulinoma.model.parameter_set import parameter_sets
from insulinoma.model.subsystem import Parameter
from insulinoma.simulate.draws import correlations
from insulinoma.simulate.subject import Subject, subject

COVARIATES = ("person.weight", "person.height", "person.age", "person.woman")


class Normal(Strict):
    """A normal distribution between bounds."""

    mean: float
    sd: Annotated[float, Field(gt=0)]
    low: float
    high: float


class LogNormal(Strict):
    """A log-normal distribution between bounds."""

    median: Annotated[float, Field(gt=0)]
    sd_log: Annotated[float, Field(gt=0)]
    low: float
    high: float


class Body(Strict):
    """Weight in kg and height in cm of one sex."""

    weight: LogNormal
    height: Normal


class Covariates(Strict):
    """Sex, age, weight and height, jointly: weight and height correlate within each sex."""

    share_women: Share
    age: Normal
    women: Body
    men: Body
    weight_with_height: Annotated[float, Field(gt=-1, lt=1)]
    source: Text


class Spread(Strict):
    """How one parameter of the model differs between patients, where it is not as its table says.

    `spread` is the standard deviation of the logarithm (`log`), of the logit (`logit`) or of the value
    (`linear`); a `share` of patients has 1 and the others 0. Without a spread all have the same value.
    """

    name: Text
    median: float
    spread: Annotated[float, Field(ge=0)] = 0.0
    scale: Literal["log", "logit", "linear", "share"] = "log"
    low: float = float("-inf")
    high: float = float("inf")
    unit: Text
    source: Text


class Correlation(Strict):
    """Two parameters that go together, on the scale on which each is drawn."""

    between: tuple[Text, Text]
    value: Annotated[float, Field(gt=-1, lt=1)]
    source: Text


class Grade(Strict):
    """A grade of the tumor with its share of patients and its own spreads."""

    grade: Literal["G1", "G2", "G3"]
    share: Share
    ki67: Text
    parameters: tuple[Spread, ...] = ()
    source: Text


class Inclusion(Strict):
    """What a candidate must show: on the last day of the run-in, and in a supervised fast of so many days."""

    before: tuple[Condition, ...] = ()
    criteria: tuple[Literal["whipple", "endogenous_hyperinsulinism"], ...] = ()
    fast: Annotated[Days, Field(gt=0, le=4)] = 3.0
    most_candidates: Annotated[int, Field(ge=1, le=1000)] = 50
    source: Text


class Cause(Strict):
    """A cause of death as a rate that grows in proportion to a quantity of the day, or that is constant."""

    cause: Name
    rate: Rate
    quantity: Text | None = None
    at: Annotated[float, Field(gt=0)] | None = None
    unit: Text | None = None
    source: Text


class Population(Strict):
    """A population file: a subject with its tables, and what is drawn around it.

    `drawn` names the parts of the model whose declared spreads are drawn besides those that the file
    lists, `all` for every part. A `source` is a key of the references, or begins with "assumption".
    """

    schema_: Literal["insulinoma-population/1"] = Field(alias="schema")
    name: Name
    title: Text
    subject: Text
    covariates: Covariates
    drawn: tuple[Text, ...] = ("all",)
    parameters: tuple[Spread, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    grades: tuple[Grade, ...] = ()
    run_in: Annotated[Days, Field(ge=1, le=60)] = 7.0
    inclusion: Inclusion | None = None
    mortality: tuple[Cause, ...] = ()
    notes: tuple[Text, ...] = ()


@lru_cache(maxsize=16)
def subject_of(population: Population) -> Subject:
    """The subject around whom the patients of a population are drawn."""
    return subject(population.subject)


def subjects() -> list[str]:
    """The names of all subjects around whom a population can be drawn."""
    return list(parameter_sets())


@lru_cache(maxsize=16)
def spreads_by_grade(population: Population) -> dict[str, dict[str, Spread]]:
    """What is drawn, by grade of the tumor; under an empty name where the population has no grades."""
    general = {name: _spread(name, item) for name, item in _declared(population).items()}
    general |= {item.name: item for item in population.parameters}
    graded = {grade.grade: {item.name: item for item in grade.parameters} for grade in population.grades}
    return {grade: {**general, **own} for grade, own in graded.items()} or {"": general}


@lru_cache(maxsize=16)
def varying(population: Population) -> tuple[str, ...]:
    """The parameters that vary between patients, in the order of their noise."""
    return tuple(dict.fromkeys(name for spreads in spreads_by_grade(population).values() for name in spreads))


def pairs(population: Population) -> list[tuple[str, str, float]]:
    """The correlations between parameters that vary: those of the subject's table, then those of the file."""
    names = varying(population)
    stated = [(*item.between, item.value) for item in population.correlations]
    return [pair for pair in (*correlations(population.subject), *stated) if pair[0] in names and pair[1] in names]


def _declared(population: Population) -> dict[str, Parameter]:
    priors = subject_of(population).priors
    varied = {name: item for name, item in priors.items() if item.log_spread or item.share is not None}
    parts = population.drawn
    return {
        name: item
        for name, item in varied.items()
        if name not in COVARIATES and ("all" in parts or name.partition(".")[0] in parts)
    }


def _spread(name: str, item: Parameter) -> Spread:
    trait = item.share is not None
    return Spread(
        name=name,
        median=item.share if item.share is not None else item.value,
        spread=0.0 if trait else item.log_spread,
        scale="share" if trait else "log",
        low=item.low,
        high=item.high,
        unit=item.unit,
        source=item.ref or item.status,
    )
