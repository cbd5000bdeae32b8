"""What a trial is: population, arms with their rules, endpoints, visits, size and seed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from insulinoma.cohort.fields import Days, Name, Percent, Rate, Strict, Text
from insulinoma.cohort.quantities import Condition

MOST_PATIENTS = 10_000_000_000
Entry = dict[str, str | int | float]


class Rule(Strict):
    """What is done when a condition is met at the end of a day; times of its orders count from that midnight.

    It acts at most `most` times, not again within `pause`, and not before day `from`.
    """

    name: Name
    when: Condition
    give: tuple[Entry, ...] = ()
    stop: tuple[Text, ...] = ()
    most: Annotated[int, Field(ge=1, le=1000)] = 1
    pause: Annotated[Days, Field(ge=0)] = 1.0
    first: Annotated[Days, Field(ge=0)] = Field(default=0.0, alias="from")


class Arm(Strict):
    """One arm: its orders from the midnight of day 0, and its rules."""

    name: Name
    title: Text
    regimen: tuple[Entry, ...]
    rules: tuple[Rule, ...] = ()


class Visits(Strict):
    """When patients are seen, the relative error of a measured diameter, and what reads glucose before breakfast."""

    every: Annotated[Days, Field(ge=1)] = 28.0
    glucose: Literal["laboratory", "meter", "sensor"] = "laboratory"
    diameter_error: Annotated[Percent, Field(ge=0, le=100)] = 0.0


class Endpoint(Strict):
    """A measure over a window of days; without one, over the whole follow-up."""

    name: Name
    measure: Text
    first: Annotated[Days, Field(ge=0)] = Field(default=0.0, alias="from")
    last: Annotated[Days, Field(gt=0)] | None = Field(default=None, alias="to")
    days: Annotated[Days, Field(ge=1)] = Field(default=3.0, alias="for")
    below: Literal["54 mg/dL", "70 mg/dL"] = "54 mg/dL"


class Subgroup(Strict):
    """Patients split by a column of the rows: by its values, or at a number."""

    name: Name
    column: Text
    at: float | None = None
    labels: dict[str, str] = Field(default_factory=dict)


class Trial(Strict):
    """A trial file; `paired` gives every arm the same patients, `randomized` each patient one arm."""

    schema_: Literal["insulinoma-trial/1"] = Field(alias="schema")
    name: Name
    title: Text
    question: Text
    population: Text
    size: Annotated[int, Field(ge=1, le=MOST_PATIENTS)]
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    allocation: Literal["paired", "randomized"] = "paired"
    follow_up: Annotated[Days, Field(ge=1, le=3653)]
    visits: Visits = Visits()
    dropout: Rate = 0.0
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=20)]
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]
    primary: Name
    subgroups: tuple[Subgroup, ...] = ()
    real_sizes: tuple[Annotated[int, Field(ge=4, le=100_000)], ...] = (20, 50, 100, 200)
    notes: tuple[Text, ...] = ()

    @property
    def days(self) -> int:
        """Whole days of follow-up."""
        return int(-(-self.follow_up // 1))

    def changed(self, **changes: Any) -> Trial:
        """The trial with another size or seed."""
        return self.model_copy(update={name: value for name, value in changes.items() if value is not None})
