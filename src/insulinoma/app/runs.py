"""Runs that answer while one moves a slider: a subject, in a test or under orders, through the batch engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any

import numpy as np
import numpy.typing as npt

from insulinoma.app.orders import bounded, moved, until
from insulinoma.errors import ComputationError
from insulinoma.model.compose import Model
from insulinoma.model.patient import patient
from insulinoma.quantities import convert
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import draws
from insulinoma.simulate.protocol import protocol
from insulinoma.simulate.regimen import Order, Regimen
from insulinoma.simulate.stopping import StopRule
from insulinoma.simulate.subject import Subject, daily_meals, subject

DAY = 1440.0
MOST_POINTS = 1600
PERCENTILES = (2.5, 25.0, 50.0, 75.0, 97.5)
_SETTLE_DAYS = 12
_WARM_DAYS = 2
_AT_ONCE = BoundedSemaphore(2)
_NO_GROWTH = 1e9
_REPORTED = {"glucose": "mg/dL", "insulin": "uU/mL", "c_peptide": "ng/mL"}
_FOLLOWED = {
    "glucagon": "counter_regulation.H",
    "glycogen": "liver.Gc",
    "glucose_production": "liver.EGP",
    "neuroglycopenia": "symptoms.neuroglycopenia",
    "tumor_volume": "burden.V_tumor",
}
Table = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Asked:
    """What is run: a subject in a named test, or under orders for so many days from midnight on.

    `patients` above 1 draws them from the population around the subject. Parameters hold in all of them.
    """

    subject: str
    protocol: str | None = None
    orders: tuple[Order, ...] = ()
    days: int = 1
    parameters: Mapping[str, float] = field(default_factory=dict)
    patients: int = 1
    seed: int = 0


@dataclass(frozen=True)
class Curves:
    """Series by name and patient over time in minutes, each with its unit; how the run ended; who failed."""

    time: npt.NDArray[np.float64]
    series: Table
    units: dict[str, str]
    ending: dict[str, Any]
    failures: int


def run(asked: Asked) -> Curves:
    """The curves that were asked for. UsageError for names and orders that lead nowhere."""
    who = subject(asked.subject)
    who.model.parameter_values(asked.parameters)
    bounded(asked.orders)
    if asked.protocol is None:
        return _computed(_daily(asked, who), asked, who)
    return _computed(_test(asked, who), asked, who)


@dataclass(frozen=True)
class _Plan:
    """The model, all orders from the start of the run, and the window that is shown, in minutes."""

    model: Model
    regimen: Regimen
    begin: float
    end: float
    every: float
    rules: tuple[StopRule, ...] = ()


def _daily(asked: Asked, who: Subject) -> _Plan:
    """Days under orders, after days of daily life."""
    begin = _WARM_DAYS * DAY
    before = daily_meals(who, days=_WARM_DAYS).orders
    orders = [*before, *(part for order in asked.orders for part in moved(order, begin))]
    every = step(asked.days, asked.patients)
    return _Plan(who.model, Regimen(tuple(orders)), begin, begin + asked.days * DAY, every)


def step(days: int, patients: int) -> float:
    """The minutes between the moments that are kept of so many days."""
    if patients == 1:
        return 5.0 if days <= 3 else 15.0 if days <= 28 else 60.0
    return 15.0 if days <= 3 else 30.0 if days <= 28 else 240.0


def _test(asked: Asked, who: Subject) -> _Plan:
    """A named test, so many hours after the last meal of days of daily life."""
    chosen = protocol(asked.protocol or "")
    model = chosen.model(who)
    begin = _WARM_DAYS * DAY
    if chosen.hours_fasted is not None:
        begin += 60 * (who.last_meal + chosen.hours(who)) - DAY
    before = [piece for order in daily_meals(who, days=_WARM_DAYS).orders for piece in until(order, begin)]
    test = [part for order in chosen.regimen(who).orders for part in moved(order, begin)]
    return _Plan(model, Regimen((*before, *test)), begin, begin + chosen.minutes, _every(chosen.minutes), chosen.rules)


def _every(minutes: float) -> float:
    return 1.0 if minutes <= 360 else 5.0 if minutes <= 3 * DAY else 15.0


def _computed(plan: _Plan, asked: Asked, who: Subject) -> Curves:
    parameters, start = _people(asked, who)
    window = (plan.begin, plan.end, plan.every)
    return _ended(simulated(plan.model, plan.regimen, window, parameters, start), plan.rules)


def simulated(
    model: Model,
    regimen: Regimen | Sequence[Regimen],
    window: tuple[float, float, float],
    parameters: Mapping[str, Any],
    start: Mapping[str, Any],
) -> Curves:
    """The curves of all patients in a window (begin, end, step in minutes) of a run that starts at time zero.

    `parameters` hold a value for each patient; the regimen is that of all, or one for each. ComputationError where
    none of them can be computed.
    """
    begin, end, every = window
    moments = np.append(np.arange(begin, end, every), end)
    follow = {name: place for name, place in _FOLLOWED.items() if place in {**model.states, **model.outputs}}
    patients = max(np.size(value) for value in parameters.values())
    with _AT_ONCE:
        found = simulate_batch(
            model,
            regimen,
            days=int(np.ceil(end / DAY)),
            parameters=parameters,
            start=start,
            follow=tuple(follow.values()),
            moments=moments,
            threads=1 if patients == 1 else None,
        )
    names = {**{name: name for name in _REPORTED}, **follow}
    series = {name: np.asarray(found.moments[place].values, np.float32) for name, place in names.items()}
    if not np.isfinite(series["glucose"]).all(axis=1).any():
        raise ComputationError("No patient could be computed. The change may be outside of what a body endures.")
    units = {name: str(found.moments[place].attrs["units"]) for name, place in names.items()}
    return _in_clinic_units(moments - begin, series, units, len(found.failures))


def _people(asked: Asked, who: Subject) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters and starting states, a value for each patient; none is shared, so that one kernel serves all."""
    if asked.patients == 1:
        known = {name: np.array([value]) for name, value in {**dict(who.parameters), **asked.parameters}.items()}
    else:
        known = draws(who, range(asked.patients), seed=asked.seed, fixed=asked.parameters)
    typical = {name: np.full(asked.patients, item.value) for name, item in who.model.parameters.items()}
    table = {**typical, **known}
    return table, {name: np.full(asked.patients, value) for name, value in _settled(who.name).items()}


@lru_cache(maxsize=16)
def _settled(name: str) -> dict[str, float]:
    """The states of the body at midnight after days of daily life; the tumor stays what it is at time zero."""
    who = subject(name)
    held = {"tumor.VDT": _NO_GROWTH} if "tumor.VDT" in who.model.parameters else {}
    body = [state for state in patient().states if state in who.model.states]
    found = simulate_batch(
        who.model,
        daily_meals(who, days=_SETTLE_DAYS),
        days=_SETTLE_DAYS,
        parameters={**dict(who.parameters), **held},
        start=dict(who.begin),
        follow=tuple(body),
        precision="float64",
    )
    if found.failures:
        raise ComputationError(f"Days of daily life of {name!r} cannot be computed.")
    return {state: float(found.days[state].values[0, -1]) for state in body}


def _in_clinic_units(time: npt.NDArray[np.float64], series: Table, units: dict[str, str], failures: int) -> Curves:
    for name, unit in _REPORTED.items():
        factor = convert(name, 1.0, units[name], unit).value
        series[name], units[name] = series[name] * np.float32(factor), unit
    return Curves(time, series, units, {"ended_by": "completed", "time_minutes": float(time[-1])}, failures)


def _ended(curves: Curves, rules: tuple[StopRule, ...]) -> Curves:
    """The curves until the moment at which a rule of the test ends it; of one patient only."""
    if not rules or len(curves.series["glucose"]) != 1:
        return curves
    known = {"glucose.G": curves.series["glucose"][0], "symptoms.neuroglycopenia": curves.series["neuroglycopenia"][0]}
    met = {rule: _first(rule, known) for rule in rules}
    rule, at = min(
        ((rule, at) for rule, at in met.items() if at is not None), key=lambda pair: pair[1], default=(None, 0)
    )
    if rule is None:
        return curves
    ending = {"ended_by": rule.name, "rule": rule.text, "time_minutes": float(curves.time[at])}
    kept = {name: values[:, : at + 1] for name, values in curves.series.items()}
    return replace(curves, time=curves.time[: at + 1], series=kept, ending=ending)


def _first(rule: StopRule, known: Mapping[str, npt.NDArray[Any]]) -> int | None:
    """The first saved moment at which all limits of a rule are reached."""
    reached = [
        known[limit.quantity] <= limit.value if limit.side == "below" else known[limit.quantity] >= limit.value
        for limit in rule.limits
    ]
    at = np.flatnonzero(np.logical_and.reduce(reached))
    return int(at[0]) if len(at) else None


def thinned(curves: Curves, most: int = MOST_POINTS) -> Curves:
    """The curves of one patient with few points: of each stretch the lowest and the highest glucose stay."""
    count = len(curves.time)
    if count <= most:
        return curves
    glucose = curves.series["glucose"][0]
    stretches = np.array_split(np.arange(count), most // 2)
    kept = {0, count - 1}
    for stretch in stretches:
        kept |= {int(stretch[np.argmin(glucose[stretch])]), int(stretch[np.argmax(glucose[stretch])])}
    at = np.array(sorted(kept))
    return replace(curves, time=curves.time[at], series={name: values[:, at] for name, values in curves.series.items()})


def habits_of(name: str) -> dict[str, Any]:
    """How a subject lives, and what can be given or done to it, with the unit of each.

    Meals are (hour, share of the carbohydrate of a day); `dextrose` runs in daily life, in mg/kg/min.
    """
    who = subject(name)
    units = {place: item.unit for place, item in who.model.inputs.items()}
    units |= {place: item.unit for place, item in who.model.events.items()}
    return {
        "subject": name,
        "weight_kg": who.weight,
        "carbohydrate_g_per_kg": who.carbohydrate if who.meals else 0.0,
        "meals": [list(meal) for meal in who.meals],
        "dextrose_mg_per_kg_min": who.dextrose,
        "orders": units,
    }
