"""Scenarios: what they change, and what is wrong with one that changes nothing."""

from __future__ import annotations

import pytest

from insulinoma.calibrate.facts.therapy import needed, twin_model
from insulinoma.calibrate.problem import WARM_UP, Problem, problem_of
from insulinoma.errors import InputError, UsageError
from insulinoma.model.tumor import SITES
from insulinoma.record.load import load_case
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.schedule import schedule
from insulinoma.what_if.scenario import named_scenarios, parse_scenario, scenario


@pytest.fixture(scope="module")
def problem() -> Problem:
    return problem_of(load_case())


def changed(problem: Problem, name: str) -> Regimen:
    return scenario(name).regimen(problem.given.regimen, warm_up=WARM_UP, end=problem.clock.end)


def days(regimen: Regimen, what: str) -> list[float]:
    return [order.start / 1440 - WARM_UP for order in regimen.orders if order.what == what]


def test_the_named_scenarios_are_those_of_the_field() -> None:
    assert list(named_scenarios()) == [
        "both-lobes-on-day-12", "cornstarch-at-night", "dextrose-rate", "diazoxide-works", "embolize-on-day-5",
        "everolimus-from-day-30", "no-chemotherapy", "no-embolization", "octreotide-sstr2-negative",
        "only-right-lobe", "prrt", "repeat-at-recurrence", "resection-and-debulking",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(named_scenarios()))
def test_every_named_scenario_is_a_regimen_that_the_twin_can_take(problem: Problem, name: str) -> None:
    item = scenario(name)
    regimen = changed(problem, name) + Regimen(item.at_recurrence)
    model = twin_model(SITES, tuple(sorted({*problem.given.treatments, *needed(regimen)})))
    plan = schedule(model, regimen, 1440.0 * problem.days)
    assert plan.edges[-1] == 1440.0 * problem.days
    item.assumed(model)
    assert regimen != problem.given.regimen or item.assume


def test_what_the_scenarios_change(problem: Problem) -> None:
    done = problem.given.regimen
    assert days(done, "right_lobe.embolize") == [pytest.approx(12.417, abs=1e-3)]
    assert not days(changed(problem, "no-embolization"), "right_lobe.embolize")
    assert not days(changed(problem, "no-embolization"), "left_lobe.embolize")
    assert days(changed(problem, "embolize-on-day-5"), "right_lobe.embolize") == [pytest.approx(5.417, abs=1e-3)]
    only = changed(problem, "only-right-lobe")
    assert days(only, "right_lobe.embolize")
    assert not days(only, "left_lobe.embolize")
    assert not days(changed(problem, "no-chemotherapy"), "etoposide_cisplatin")
    daily = next(order for order in changed(problem, "everolimus-from-day-30").orders if order.what == "everolimus")
    last = daily.start + (daily.times - 1) * daily.every
    assert 0 < 1440 * problem.days - last <= 1440, "to the end of the record"


def test_procedures_at_recurrence_fall_on_the_day_of_each_patient(problem: Problem) -> None:
    item = scenario("repeat-at-recurrence")
    common = changed(problem, item.name)
    again = item.with_recurrence(common, 80.0, warm_up=WARM_UP)
    assert [day for day in days(again, "left_lobe.embolize") if day > 60] == [pytest.approx(80.417, abs=1e-3)]
    assert item.with_recurrence(common, None, warm_up=WARM_UP) == common


def test_all_faults_of_a_scenario_are_told_at_once() -> None:
    lines = (
        "meening: x",
        "remove: embolize",
        "give:",
        "- {give: meal, amount: ten, at: day 1}",
        "assume: {diazoxide.responds: often}",
    )
    text = "\n".join(lines)
    with pytest.raises(InputError) as caught:
        parse_scenario("mine", text, "mine.yaml")
    assert [fault.line for fault in caught.value.faults] == [0, 1, 2, 4, 5]
    assert "Did you mean 'meaning'?" in str(caught.value)


def test_a_scenario_that_takes_away_what_was_not_given_is_refused(problem: Problem) -> None:
    item = parse_scenario("mine", "meaning: no radiation\nremove: [lutetium_dotatate]\n", "mine.yaml")
    with pytest.raises(UsageError, match="lutetium_dotatate, which was not given"):
        item.regimen(problem.given.regimen, warm_up=WARM_UP, end=problem.clock.end)


def test_an_unknown_scenario_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'no-embolization'"):
        scenario("no-embolisation")
