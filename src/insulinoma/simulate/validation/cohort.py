"""Virtual insulinomas: every patient is drawn from the same tables by a seed and the patient's number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from insulinoma.data import read_table
from insulinoma.model.compose import Model
from insulinoma.model.patient import patient
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject
from insulinoma.simulate.validation.daily_life import BELOW_45, before_snack, fast
from insulinoma.simulate.validation.reading import times

SEED = 2026
SIZE = {"benign": 256, "malignant": 128}
_HOURS = {"benign": 72.0, "malignant": 24.0}


@dataclass(frozen=True)
class Faster:
    """A virtual patient, the state before the fast, and the fast, which ends below 45 mg/dL."""

    who: Subject
    start: Mapping[str, float]

    @cached_property
    def fast(self) -> Solution:
        """The fast from the snack of 22 hours."""
        return fast(self.who, self.start, hours=_HOURS[self.who.name.split()[0]], rules=(BELOW_45,))

    @property
    def stopped(self) -> bool:
        """Whether the fast ended by hypoglycemia."""
        return self.fast.ending.status == "stopped"

    @property
    def hours(self) -> float:
        """The length of the fast in hours, infinite where it was not ended by hypoglycemia."""
        return float(times(self.fast)[-1]) / 60 if self.stopped else math.inf


@cache
def cohort(kind: str, count: int | None = None) -> tuple[Faster, ...]:
    """The patients of a kind, benign or malignant, after days of frequent meals."""
    people = [drawn(kind, number) for number in range(count or SIZE[kind])]
    return tuple(Faster(who, before_snack(who)) for who in people)


def drawn(kind: str, number: int) -> Subject:
    """The patient of a number; basal insulin follows the drawn clearance, so that basal secretion stays."""
    random = np.random.default_rng([SEED, number])
    rows = [row for row in read_table("validation", "cohort.csv") if row["cohort"] in (kind, "all", "men", "women")]
    values: dict[str, float] = {}
    for row in rows:
        value = _value(row, random)
        other = row["cohort"] == ("men" if values.get("person.woman") else "women")
        if not other:
            values[row["parameter"]] = value
    typical = patient().parameter_values()
    cleared = sum(values[name] for name in ("insulin.CL_h", "insulin.CL_p"))
    usual = sum(typical[name] for name in ("insulin.CL_h", "insulin.CL_p"))
    values["insulin.I_b"] = typical["insulin.I_b"] * usual / cleared
    return Subject(f"{kind} insulinoma {number}", tuple(sorted(values.items())), carbohydrate=3.6)


def with_parts(who: Subject, model: Model, parts: Iterable[str], number: int) -> Subject:
    """The same patient in a larger model; parameters of the new parts are drawn from their declared spread."""
    random = np.random.default_rng([SEED, number, 1])
    chosen = tuple(parts)
    extra = declared_draw(model, chosen, random)
    return replace(who, parameters=tuple(sorted({**dict(who.parameters), **extra}.items())), model=model)


def declared_draw(model: Model, parts: Iterable[str], random: np.random.Generator) -> dict[str, float]:
    """Parameters of some parts of a model from their declared spread, traits by their share."""
    chosen, found = tuple(parts), {}
    for name, item in model.parameters.items():
        if name.partition(".")[0] not in chosen:
            continue
        if item.share is not None:
            found[name] = float(random.random() < item.share)
        elif item.log_spread:
            value = item.value * math.exp(item.log_spread * random.standard_normal())
            found[name] = min(max(value, item.low), item.high)
    return found


def _value(row: Mapping[str, str], random: np.random.Generator) -> float:
    median, spread = float(row["median"]), float(row["spread"] or 0)
    if row["scale"] == "share":
        return float(random.random() < median)
    z = random.standard_normal()
    if row["scale"] == "log":
        value = median * math.exp(spread * z)
    elif row["scale"] == "logit":
        value = 1 / (1 + math.exp(-math.log(median / (1 - median)) - spread * z))
    else:
        value = median + spread * z
    return min(max(value, float(row["low"] or "-inf")), float(row["high"] or "inf"))
