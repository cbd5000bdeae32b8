"""A fast stand-in for the batch engine: same signature, glucose from secretion alone, no differential equations.

Workers import it by name, so that a test of many processes does not compile the model in each of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from insulinoma.model.compose import Model

LEFT_BY_EMBOLIZATION = 0.3


@dataclass(frozen=True)
class Column:
    values: np.ndarray


class Table(dict[str, Column]):
    """As much of a dataset as a trial reads; importing the real one costs a worker more than its work."""

    @property
    def data_vars(self) -> Table:
        return self


def table_of(columns: dict[str, np.ndarray]) -> Table:
    return Table({name: Column(values) for name, values in columns.items()})


@dataclass(frozen=True)
class Batch:
    days: Table
    moments: Table


def toy_batch(model: Model, regimen, *, days, parameters, start=None, follow=(), moments=()) -> Batch:
    """Glucose falls with viable tumor; embolization takes 70 % of a lobe, and the rest doubles every VDT days.

    The first state of the model counts the days, so that no day is like another.
    """
    count = len(regimen)
    start = start or {}

    def given(name, otherwise):
        value = start.get(name, parameters.get(name, otherwise))
        return np.broadcast_to(np.asarray(value, float), (count,)).copy()

    volume = {site: given(f"{site}.V", 10.0 * index) for index, site in enumerate(("left_lobe", "right_lobe"), 5)}
    states = {name: given(name, 1.0) for name in model.states}
    base, doubling = given("glucose.G_b", 90.0), given("tumor.VDT", 100.0)
    secretion = given("tumor_secretion.sigma", 2.3) / model.parameters["tumor_secretion.sigma"].value
    secretion *= 55 / (2.3 if "right_lobe.V" in model.states else 194)
    clock = next(iter(model.states))
    minutes = np.zeros((count, days))
    followed = {name: np.zeros((count, days)) for name in follow}
    for day in range(days):
        for row, orders in enumerate(regimen):
            for item in orders.orders:
                site, _, event = item.what.partition(".")
                if event == "embolize" and any(day * 1440 <= at < day * 1440 + 1440 for at, _ in item.occasions()):
                    volume[site][row] *= LEFT_BY_EMBOLIZATION**item.amount
        total = sum(volume.values())
        volume = {site: values * 2 ** (1 / doubling) for site, values in volume.items()}
        minutes[:, day] = np.clip(secretion * total - 60 - 40 * np.sin(base * (1 + states[clock])), 0, 1440)
        states[clock] = states[clock] + 1
        known = {**states, **{f"{site}.V": values for site, values in volume.items()}, "burden.V_tumor": total}
        known |= {f"{site}.CT_diameter": (1 + values) ** (1 / 3) for site, values in volume.items()}
        for name in follow:
            followed[name][:, day] = known.get(name, 2.0)
    return Batch(
        table_of(_summaries(base[:, None] - minutes / 30, minutes) | followed),
        _moments(moments, count, follow, secretion),
    )


def _summaries(mean: np.ndarray, minutes: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "glucose_mean": mean,
        "glucose_min": mean - 30,
        "minutes_below_54": minutes,
        "minutes_below_70": np.minimum(2 * minutes, 1440),
        "minutes_above_180": 0 * minutes,
        "dextrose_g": 0 * minutes,
        "insulin_mean": 60 + minutes,
        "c_peptide_mean": 500 + minutes,
    }


def _moments(moments, count, follow, secretion) -> Table:
    """Glucose falls by the hour, faster where more is secreted; symptoms go when dextrose is looked for."""
    times = np.asarray(moments, float)
    wanted = np.broadcast_to(times, (count, times.shape[-1])) if times.size else np.zeros((count, 0))
    glucose = 90 - secretion[:, None] * wanted / 30
    found = {"glucose": glucose, "insulin": 0 * glucose + 90, "c_peptide": 0 * glucose + 900}
    found |= {name: np.full_like(glucose, 20.0) for name in follow}
    found |= {name: np.where((glucose < 50) & (wanted.shape[1] > 1), 1.0, 0.0) for name in follow if "sympt" in name}
    found |= {name: np.full_like(glucose, 0.2) for name in follow if name == "ketones.K"}
    return table_of(found)


def slow_toy(model: Model, regimen, **given) -> Batch:
    """The same, slow enough to be killed in the middle."""
    time.sleep(0.01)
    return toy_batch(model, regimen, **given)
