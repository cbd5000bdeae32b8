"""What of the orders is not known: factors of amounts, days of what is undated, and the windows that move with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from insulinoma.calibrate.coordinates import Anywhere, Coordinates
from insulinoma.calibrate.facts.clock import clock_of
from insulinoma.calibrate.facts.course import Course
from insulinoma.calibrate.facts.observation import score
from insulinoma.calibrate.facts.quantity import OfDays
from insulinoma.calibrate.problem import WARM_UP, Problem, problem_of
from insulinoma.calibrate.sampling.noise import noise
from insulinoma.model.subsystem import Parameter
from insulinoma.record.load import load_case
from insulinoma.simulate.regimen import Regimen, UnknownDay, Unsure, give


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(load_case())


def test_every_assumed_amount_and_day_of_the_index_case_is_a_parameter(problem: Problem) -> None:
    priors = problem.coordinates.priors
    assert {name for name in priors if name.startswith("amount.")} == {
        f"amount.{name}"
        for name in (
            "high-calorie-infusion", "rescue-glucose", "diazoxide", "octreotide", "meal", "dextrose-first-hospital",
        )
    }  # fmt: skip
    days = {name: (item.low, item.high) for name, item in priors.items() if name.startswith("day.")}
    assert days == {
        "day.emergency-admission": (-4, -1),
        "day.high-calorie-infusion": (62, 150),
        "day.diazoxide": (pytest.approx(1 / 3), pytest.approx(6 + 1 / 3)),
        "day.octreotide": (0.5, 11.5),
    }
    known = {order.fact for order in problem.given.regimen.orders if order.unsure == Unsure()}
    assert known == {"", "tae-right", "tae-left", "etoposide-cisplatin"}


def test_a_course_under_unknowns_is_that_of_the_orders_written_out(problem: Problem) -> None:
    z = 0.5 * noise(4, 1, (3, len(problem.coordinates)))
    values = problem.parameters(z)
    shift = 1440 * (values["day.diazoxide"] - (4 + 1 / 3))
    again = values["day.high-calorie-infusion"] + WARM_UP
    written = []
    for lane in range(3):
        orders = []
        for order in problem.given.regimen.orders:
            if order.unsure.amount:
                order = replace(order, amount=order.amount * values[f"amount.{order.unsure.amount}"][lane])
            if order.fact == "diazoxide":
                order = replace(order, start=order.start + shift[lane])
            if order.unsure.start and order.fact == "octreotide":
                late = 1440 * (values["day.octreotide"][lane] - 10.5)
                order = replace(order, start=order.start + late, stop=order.stop + late)
            if order.start == 1440 * (100 + WARM_UP):
                order = replace(order, start=1440 * again[lane])
            if order.fact == "dextrose-first-hospital":
                order = replace(order, start=1440 * (values["day.emergency-admission"][lane] + 1 + WARM_UP))
            orders.append(replace(order, unsure=Unsure()))
        written.append(Regimen(tuple(orders)))
    expected = problem.course(z, regimen=written)
    found = problem.course(z)
    for name in ("glucose_min", "glucose_mean", "dextrose_g"):
        assert found.days[name] == pytest.approx(expected.days[name], rel=1e-5), name


def test_a_number_anywhere_between_bounds_is_uniform_and_acts_as_one() -> None:
    coordinates = Coordinates({"a": Parameter(2.0, "1", "", cv=0.5), "day": Anywhere(3.0, "d", "", low=1, high=5)})
    z = noise(0, 1, (20_000, 2))
    days = coordinates.values(z)["day"]
    assert np.histogram(days, 8, (1, 5))[0] == pytest.approx(2500, abs=200)
    acting = coordinates.acting(z)
    assert acting.std(axis=0) == pytest.approx(1, abs=0.02)
    assert np.corrcoef(acting[:, 1], days)[0, 1] == pytest.approx(1)


def test_a_share_of_the_amount_goes_to_all_orders_of_its_name_and_the_end_stays_where_it_is_known() -> None:
    day = UnknownDay("drip", 2.0, 0.0, 4.0)
    first = replace(give("dextrose", "2 mg/kg/min", start="2 d", stop="5 d").orders[0], unsure=Unsure("drip", 0.5, day))
    stays = replace(first, unsure=replace(first.unsure, stays=True))
    assert [(item.amount, item.start, item.stop) for item in (first.given(0.5, 1.0), stays.given(0.5, 1.0))] == [
        (1.0, 3 * 1440, 6 * 1440),
        (1.0, 3 * 1440, 5 * 1440),
    ]


def test_the_facts_around_an_undated_admission_move_with_it(problem: Problem) -> None:
    moving = {
        item.fact: (item.quantity.with_first, item.quantity.with_last)
        for item in problem.facts.observations
        if isinstance(item.quantity, OfDays) and (item.quantity.with_first or item.quantity.with_last)
    }
    assert moving == {
        "glucose-emergency": ("emergency-admission", "emergency-admission"),
        "hypoglycemia-on-dextrose": ("emergency-admission", ""),
        "dextrose-first-hospital": ("emergency-admission", ""),
        "diazoxide": ("diazoxide", "diazoxide"),
    }
    clock = clock_of(load_case())
    assert [item.name for item in clock.unknown] == ["emergency-admission"]
    assert any("perhaps any from -4 to -1" in text for text in clock.assumed)


def test_only_what_is_undated_is_placed_where_events_have_no_id() -> None:
    record = load_case()
    plain = tuple(
        item.model_copy(update={"id": None}) if item.event in ("admission", "death") else item for item in record.events
    )
    clock = clock_of(record.model_copy(update={"events": plain}))
    days = {item.event: clock.record.span(item.when).earliest for item in clock.record.events}
    assert (days["admission"], days["transfer"], days["death"]) == (-2, 0, 157)
    assert [item.name for item in clock.unknown] == ["admission-0"]


def test_lanes_that_stand_more_than_once_keep_their_days(problem: Problem) -> None:
    z = 0.5 * noise(6, 1, (3, len(problem.coordinates)))
    course = problem.course(z)
    lanes = np.array([2, 0, 2, 1])
    again = score(problem.facts.observations, course.rows(lanes))
    assert (again.total == score(problem.facts.observations, course).total[lanes]).all()


def test_a_window_follows_its_day_in_each_lane() -> None:
    daily = np.tile(np.arange(10.0), (3, 1))
    course = Course(0, {"glucose_min": daily}, {}, np.array([]), {"drug": np.array([0.0, 1.5, -2.0])})
    whole = OfDays("glucose_min", 4, 6, with_first="drug", with_last="drug")
    begins = OfDays("glucose_min", 4, 6, with_first="drug")
    assert whole.predict(course)[:, 0].tolist() == [4, 5, 2]
    assert replace(whole, rank=-1).predict(course)[:, 0].tolist() == [5, 6, 3]
    assert replace(begins, rank=-1).predict(course)[:, 0].tolist() == [5, 5, 5]
    assert replace(begins, rank=2).predict(course)[:, 0].tolist() == [5, 5, 3]
    daily[1, 5] = np.nan
    assert np.isnan(whole.predict(course)[1, 0]) or whole.predict(course)[1, 0] == 6, "never a day outside"
