"""Trials on the stand-in engine: arms, rules, pairing, endpoints, and a trial without a difference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars
import pytest

from insulinoma.cohort.analysis.frame import endpoint_named, sample
from insulinoma.cohort.analysis.power import randomized_again
from insulinoma.cohort.analysis.results import results
from insulinoma.cohort.design import Arm, Rule, Trial
from insulinoma.cohort.draw import draw
from insulinoma.cohort.orders import orders_of, within
from insulinoma.cohort.population import Correlation, Spread, subject_of
from insulinoma.cohort.population_file import read_population
from insulinoma.cohort.reading import shipped
from insulinoma.cohort.rows import piece_rows
from insulinoma.cohort.trial_file import read_trial
from insulinoma.report.trial.build import pictures
from insulinoma.report.trial.content import answer_lines, trial_report
from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.draws import draws
from tests.cohort.toy import toy_batch


def rows_of(trial: Trial, numbers, population=None) -> polars.DataFrame:
    return piece_rows(trial, population or read_population(trial.population), numbers, toy_batch)


@pytest.fixture(scope="module")
def timing() -> Trial:
    return read_trial("embolization-timing")[0].changed(follow_up=45.0)


@pytest.fixture(scope="module")
def timed(timing) -> polars.DataFrame:
    return rows_of(timing, range(40))


@pytest.mark.parametrize("name", shipped("trials"))
def test_a_shipped_trial_is_read_and_answers(name) -> None:
    trial, population = read_trial(name)
    trial = trial.changed(size=24)
    rows = rows_of(trial, range(24), population)
    assert rows["failure"].unique().to_list() == [""]
    assert set(rows["arm"].unique()) == {arm.name for arm in trial.arms}
    assert len(rows) == 24 * (len(trial.arms) if trial.allocation == "paired" else 1)
    tables = results(trial, lambda _: iter([rows])).tables
    assert len(tables["contrasts"].rows) == len(trial.endpoints) * (len(trial.arms) - 1)


def test_one_arm_alone_has_a_report(timing, timed) -> None:
    alone = timing.model_copy(update={"arms": timing.arms[:1]})
    found = results(alone, lambda _: iter([timed.filter(polars.col("arm") == "never")]))
    heights = {name: made.height_mm for name, made in pictures(found).items()}
    report = trial_report(found, read_population(timing.population), identity={"version": "1"}, heights=heights)
    titles = [section.title for section in report.sections]
    assert "Times to events" in titles
    answer = answer_lines(found)
    assert len(answer) == 2
    assert "d on average" in answer[1]
    assert "Subgroups" not in titles


def test_a_patient_is_the_same_in_any_block_and_order(timing, timed) -> None:
    few = rows_of(timing, [17, 3, 29])
    again = timed.filter(polars.col("patient").is_in([17, 3, 29]))
    assert few.equals(again)


def test_paired_arms_have_the_same_patients_and_the_same_luck(timed) -> None:
    never, late = (timed.filter(polars.col("arm") == name) for name in ("never", "late"))
    same = ["patient", "sex", "age", "weight", "before_time_below_54", "candidates"]
    assert never.select(same).equals(late.select(same))
    dropped = timed.filter(polars.col("end") == "dropout").group_by("patient").agg(polars.col("end_day").n_unique())
    assert set(dropped["end_day"]) <= {1}


def test_embolization_helps_and_early_more_than_late(timing, timed) -> None:
    endpoint = endpoint_named(timing, "below-54")
    mean = {arm.name: sample(timed, arm.name, endpoint).value.mean() for arm in timing.arms}
    assert mean["early"] < mean["late"] < mean["never"]


def test_a_rule_acts_on_the_third_day_on_end_and_not_within_its_pause(timing) -> None:
    arm = timing.arms[3]
    often = arm.rules[0].when.model_copy(update={"above": "1 %"})
    rule = arm.rules[0].model_copy(update={"when": often, "pause": 10.0, "most": 2})
    rows = rows_of(timing.model_copy(update={"arms": (arm.model_copy(update={"rules": (rule,)}),)}), range(16))
    days = [[int(deed.removesuffix(" embolize")) for deed in own] for own in rows["deeds"].to_list()]
    assert min(own[0] for own in days if own) == 2
    gaps = [later - before for own in days for before, later in pairwise(own)]
    assert min(gaps) == 10
    assert max(map(len, days)) == 2
    last = [(own[-1] + 1, end) for own, end in zip(days, rows["end_day"].to_list(), strict=True) if own]
    assert all(day <= end for day, end in last)


def test_what_a_rule_gives_is_what_an_order_of_that_day_gives(timing) -> None:
    """A rule that acts in all at the end of day 4 equals the same orders written for day 5."""
    condition = {"quantity": "glucose_mean", "above": "0 mg/dL", "for": "5 d"}
    orders = [{"give": "right_lobe.embolize", "amount": "1", "at": "8 h"}]
    rule = Rule.model_validate({"name": "act", "when": condition, "give": orders})
    fixed = [{"give": "right_lobe.embolize", "amount": "1", "at": "day 5 08:00"}]
    arms = (Arm(name="rule", title="r", regimen=(), rules=(rule,)), Arm(name="fixed", title="f", regimen=tuple(fixed)))
    rows = rows_of(timing.model_copy(update={"arms": arms}), range(12))
    one, other = (rows.filter(polars.col("arm") == name).drop("arm", "deeds") for name in ("rule", "fixed"))
    assert one.equals(other)
    assert set(rows.filter(polars.col("arm") == "rule")["deeds"].explode()) == {"4 act"}


def test_a_drug_that_is_stopped_is_not_given_any_more(timing) -> None:
    condition = {"quantity": "glucose_mean", "above": "0 mg/dL", "for": "2 d"}
    rule = Rule.model_validate({"name": "stop", "when": condition, "stop": ["right_lobe.embolize"]})
    regimen = ({"give": "right_lobe.embolize", "amount": "1", "at": "day 1 08:00", "every": "1 d", "times": 9},)
    once = ({"give": "right_lobe.embolize", "amount": "1", "at": "day 1 08:00"},)
    arms = (Arm(name="rule", title="r", regimen=regimen, rules=(rule,)), Arm(name="once", title="o", regimen=once))
    rows = rows_of(timing.model_copy(update={"arms": arms}), range(8))
    one, other = (rows.filter(polars.col("arm") == name).drop("arm", "deeds") for name in ("rule", "once"))
    assert one.equals(other)


def test_orders_of_a_window_are_those_that_fall_into_it() -> None:
    every = {"give": "diazoxide", "amount": "100 mg", "at": "8 h", "every": "8 h", "times": "9"}
    drip = {"give": "dextrose", "amount": "1 mg/kg/min", "from": "20 h", "to": "30 h"}
    found = list(within(orders_of([every, drip]), 1440.0, 2880.0))
    assert [(item.start, item.times) for item in found] == [(0.0, 3), (0.0, 1)]
    assert found[1].stop == 360.0


def test_randomized_arms_are_equal_in_size_and_a_patient_has_one() -> None:
    trial = read_trial("chemotherapy-after-embolization")[0].changed(follow_up=10.0)
    rows = rows_of(trial, range(64))
    assert rows["patient"].is_unique().all()
    assert rows["arm"].value_counts()["count"].to_list() == [32, 32]


def test_a_number_without_a_patient_is_counted_with_its_reason() -> None:
    """Of weak tumors, each looked at once, some do not meet the criteria: nobody is lost from the report."""
    population = read_population("benign-insulinoma")
    weak = Spread(name="tumor_secretion.sigma", median=60.0, spread=0.5, unit="pmol/min/mL", source="assumption: weak")
    once = population.inclusion.model_copy(update={"most_candidates": 1})
    population = population.model_copy(update={"parameters": (weak,), "inclusion": once})
    trial = read_trial("null")[0].changed(follow_up=5.0, size=30)
    rows = rows_of(trial.model_copy(update={"arms": trial.arms[:1]}), range(30), population)
    tables = results(trial.model_copy(update={"arms": trial.arms[:1]}), lambda _: iter([rows])).tables
    ((why, absent),) = tables["absent"].rows
    assert why == "no candidate met the criteria"
    assert 0 < absent < 30
    assert tables["arms"].rows[0][2] + absent == 30


def test_candidates_who_do_not_meet_the_criteria_are_replaced() -> None:
    population = read_population("benign-insulinoma")
    trial = read_trial("null")[0].changed(follow_up=5.0)
    weak = Spread(name="tumor_secretion.sigma", median=60.0, spread=0.5, unit="pmol/min/mL", source="assumption: weak")
    rows = rows_of(trial, range(30), population.model_copy(update={"parameters": (weak,)}))
    assert rows["candidates"].max() > 1
    assert (rows["failure"] == "").all()


@pytest.mark.parametrize("attempt", [0, 1])
def test_a_first_candidate_has_the_noise_of_the_patient_of_simulate(attempt) -> None:
    """Parameters that a population takes from its subject's tables are those of `simulate --patients`."""
    population = read_population("benign-insulinoma").model_copy(update={"parameters": (), "correlations": ()})
    ours = draw(population, [3, 41], seed=9, attempt=attempt).parameters
    theirs = draws(subject_of(population), [3, 41], seed=9)
    same = [(ours[name] == theirs[name]).all() for name in ours if not name.startswith("person.")]
    assert len(same) > 20
    assert all(same) is (attempt == 0)


def test_draws_follow_their_spread() -> None:
    population = read_population("benign-insulinoma")
    stated = {item.name: item for item in population.parameters}
    drawn = draw(population, range(4000), seed=5).parameters
    secretion, receptor = stated["tumor_secretion.sigma"], stated["octreotide.SSTR2"]
    assert np.std(np.log(drawn["tumor_secretion.sigma"])) == pytest.approx(secretion.spread, rel=0.05)
    assert np.median(drawn["tumor_secretion.sigma"]) == pytest.approx(secretion.median, rel=0.05)
    assert drawn["octreotide.SSTR2"].mean() == pytest.approx(receptor.median, abs=0.03)
    women = drawn["person.woman"] == 1
    together = np.corrcoef(np.log(drawn["person.weight"][women]), drawn["person.height"][women])[0, 1]
    assert women.mean() == pytest.approx(0.6, abs=0.03)
    assert together == pytest.approx(0.4, abs=0.06)


def test_declared_correlations_are_in_the_draws() -> None:
    population = read_population("benign-insulinoma")
    pair = {"between": ("insulin.CL_h", "insulin.CL_p"), "value": 0.7, "source": "assumption: a test"}
    changed = population.model_copy(update={"correlations": (Correlation.model_validate(pair),)})
    drawn = draw(changed, range(3000), seed=5).parameters
    found = np.corrcoef(np.log(drawn["insulin.CL_h"]), np.log(drawn["insulin.CL_p"]))[0, 1]
    assert found == pytest.approx(0.7, abs=0.03)
    alone = draw(changed, [11], seed=5).parameters
    assert all(alone[name][0] == drawn[name][11] for name in drawn)


@pytest.fixture(scope="module")
def treated_alike() -> polars.DataFrame:
    """Everybody of the null trial, by the engine of the trials, as one group."""
    trial = read_trial("null")[0].changed(size=160)
    rows = piece_rows(trial, read_population(trial.population), range(160), simulate_batch)
    return rows.with_columns(polars.lit("all").alias("arm"))


@pytest.mark.parametrize("name", ["below-54", "free-days", "control"])
def test_a_trial_of_nothing_rejects_at_its_level(treated_alike, name) -> None:
    """Allocated anew 400 times; numbers, days and times to an event."""
    endpoint = endpoint_named(read_trial("null")[0], name)
    rejected = randomized_again(endpoint, sample(treated_alike, "all", endpoint), seed=4)
    assert len(rejected) == 400
    assert abs(rejected.mean() - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 400)
