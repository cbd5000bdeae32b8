"""What the meal model lacks and this disease needs, each seen alone in the twin."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from insulinoma.model.patient import patient
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from insulinoma.simulate.subject import Subject, habitual_state
from insulinoma.simulate.validation.people import TYPICAL, clamp
from insulinoma.simulate.validation.reading import at, mean

SOLVER = Solver(rtol=1e-6, atol=1e-8)
DAY = 1440.0


def steady(who: Subject, insulin: float, glucose: float) -> Solution:
    """Two hours of a clamp, insulin in mU/kg/min and glucose in mg/dL."""
    return clamp(insulin, glucose, 120).run(who, solver=SOLVER).require()


def test_insulin_suppresses_production_to_nothing_and_never_below() -> None:
    low = [mean(steady(TYPICAL.man, rate, 90), "liver.EGP", 90, 120) for rate in (0.2, 0.5, 1.0, 3.0, 20.0)]
    assert all(one > other > 0 for one, other in pairwise(low))
    assert low[-1] < 0.02 * low[0]


def test_the_portal_path_acts_within_minutes_and_the_slow_one_within_hours() -> None:
    found = simulate(
        patient(), give("insulin_infusion", "1 mU/kg/min", start="0 min", stop="6 h"), end=360, every=1.0,
        parameters={"liver.free": 0.0}, solver=SOLVER,
    )  # fmt: skip
    half = {}
    for name in ("insulin_action.L_f", "insulin_action.L_s"):
        rise = found[name].values - 1
        half[name] = float(np.argmax(rise > 0.5 * rise[-1]))
    assert 10 < half["insulin_action.L_f"] < 30
    assert 60 < half["insulin_action.L_s"] < 150


def test_the_brain_takes_up_less_as_glucose_falls_and_not_more_as_it_rises_without_end() -> None:
    model, values = patient(), patient().parameter_values()
    rest = {**values, **model.at_rest(values), **model.input_values()}
    uptake = [
        model.evaluate({**rest, "glucose.G_p": level * values["glucose.V_G"]})[1]["glucose.U_cns"]
        for level in (20, 45, 92, 180, 400)
    ]
    assert uptake[0] < 0.6 * uptake[2]
    assert uptake == sorted(uptake)
    assert uptake[4] < 1.35 * uptake[2]


def test_lasting_hyperinsulinemia_desensitizes_in_days_and_its_end_restores() -> None:
    ill = simulate(
        patient(), end=12 * DAY, every=DAY, parameters={"tumor.sigma": 5.0, "liver.free": 0.0}, solver=SOLVER
    ).require()
    for name in ("insulin_action.A_L", "insulin_action.A_P"):
        series = ill[name].values
        assert series[1] > 1 - 0.4 * (1 - series[-1]), "most of it takes longer than a day"
        assert series[-1] < 0.85
    after = {name: float(ill[name][-1]) for name in patient().states}
    cured = simulate(patient(), end=15 * DAY, every=DAY, start=after, parameters={"liver.free": 0.0}, solver=SOLVER)
    assert float(cured["insulin_action.A_P"][-1]) > 0.9 > 0.6 > float(cured["insulin_action.A_P"][0])


def test_autonomic_failure_develops_under_a_tumor_and_recovers_in_weeks() -> None:
    failure = "counter_regulation.B"
    ill = habitual_state(TYPICAL.patient, hours_fasted=4.0, solver=SOLVER)
    assert ill[failure] > 0.6
    without = replace(TYPICAL.man, begin=((failure, ill[failure]),))
    weeks = [habitual_state(without, hours_fasted=4.0, days=days, solver=SOLVER)[failure] for days in (7, 28, 84)]
    assert weeks[0] > 0.6 * ill[failure] > weeks[1] > 0.2 * ill[failure] > weeks[2]


def test_islets_stay_suppressed_for_a_day_after_the_tumor_is_gone() -> None:
    ill = habitual_state(TYPICAL.patient, hours_fasted=10.0, solver=SOLVER)
    healthy = habitual_state(TYPICAL.man, hours_fasted=10.0, solver=SOLVER)
    assert ill["islets.F"] < 0.65 < 0.9 < healthy["islets.F"]
    meals = give("meal", "50 g", at="0 min", every="6 h", times=12)
    cured = simulate(patient(), meals, end=3 * DAY, every=30.0, start=ill, solver=SOLVER).require()
    function = [at(cured, "islets.F", minutes) for minutes in (0, 6 * 60, DAY, 3 * DAY)]
    assert function == sorted(function)
    assert function[1] < 0.8 < 0.85 < function[2]
    assert function[3] == pytest.approx(1.0, abs=0.1)


def test_epinephrine_restrains_uptake_in_a_clamp() -> None:
    """A share of the 41 % that an infusion of 50 ng/kg/min took away [Deibert1980]."""
    given = give("epinephrine_infusion", f"{50 / 68.7 * 1000 / 6} pg/mL/min", start="0 min", stop="2 h")
    usual, under = (
        mean(clamp(1.0, 90, 120, more=more).run(TYPICAL.man, solver=SOLVER), "clamp.clamp", 80, 120)
        for more in (None, given)
    )
    assert 0.2 < 1 - under / usual < 0.41
