"""The script of simulation-based calibration on one patient, and its summary."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from insulinoma.calibrate.sampling.noise import noise
from insulinoma.calibrate.synthetic import with_facts_of
from scripts import sbc
from scripts.sbc_quantities import insulin_sensitivity
from scripts.sbc_summary import BINS, row


def test_a_patient_is_computed_once_and_its_truth_lies_among_the_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sbc, "ROUNDS", 3)
    monkeypatch.setattr(sbc, "ENOUGH", {"index": 30.0})
    assert "effective draws" in sbc.run_one("index", tmp_path, 2)
    assert sbc.run_one("index", tmp_path, 2) == "index-0002.json is there"
    found = json.loads((tmp_path / "index-0002.json").read_text())
    assert found["method"] == "importance"
    assert np.mean([0.0 < answer["rank"] < 1.0 for answer in found["quantities"].values()]) > 0.8
    assert stats.kstest(found["ranks"], "uniform").pvalue > 1e-3, "most parameters are at their prior, as is the truth"


def test_a_rich_record_gives_back_what_the_prior_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbc, "ENOUGH", {"rich": 60.0})
    answers = sbc.patient("rich", 0)["quantities"]
    for name in ("secretion_rate", "right_lobe_share", "ablated_right", "ablated_left"):
        assert answers[name]["median"] == pytest.approx(answers[name]["truth"], rel=0.2), name
    assert answers["secretion_rate"]["prior_median"] > 2 * answers["secretion_rate"]["truth"]


def test_insulin_sensitivity_is_that_of_muscle_fat_and_liver_at_rest() -> None:
    problem = sbc.template("rich")
    z = noise(1, 3, (20, len(problem.coordinates)))
    declared = {name: item.value for name, item in problem.model.parameters.items()}
    p = {**declared, **problem.parameters(z)}
    fill, extract = (p["glucose.G_b"] / p["liver.G_U"]) ** p["liver.n_U"], p["liver.L_U"] ** -p["liver.n_UL"]
    liver_uptake = p["liver.h_U"] * fill / (1 + fill) * extract / (1 + extract)
    muscle = (1 - p["glucose.x_cns"]) * (p["liver.EGP_b"] - liver_uptake)
    saturation = p["insulin_action.M_X"] / (1 + p["insulin_action.M_X"])
    by_insulin = muscle * p["glucose.e_X"] * p["insulin_action.n_X"] * saturation
    by_insulin += p["liver.EGP_b"] * p["liver.n_L"] * p["liver.r_L"] / (1 + p["liver.r_L"])
    by_insulin += liver_uptake * p["liver.n_UL"] / (1 + extract)
    expected = by_insulin / p["insulin.I_b"] / p["glucose.G_b"]
    assert insulin_sensitivity(problem.model, problem.parameters(z)) == pytest.approx(expected, rel=0.02)


def test_facts_of_a_truth_are_near_it() -> None:
    problem = sbc.template("index")
    truth = noise(5, 100, (len(problem.coordinates),))
    totals = [with_facts_of(problem, truth, seed).score(truth[None]).total[0] for seed in range(12)]
    elsewhere = problem.score(truth[None]).total[0]
    assert np.median(totals) > elsewhere + 10, "the placeholders are of another patient"
    assert np.median(totals) > -10


def test_ranks_that_pile_up_fail_and_even_ones_pass() -> None:
    def answers(ranks: np.ndarray) -> list[dict[str, object]]:
        inside = [{str(level): abs(rank - 0.5) < level / 200 for level in (50, 80, 95)} for rank in ranks]
        return [
            {"rank": rank, "inside": hit, "truth": 2.0, "median": 2.2, "prior_median": 3.0}
            for rank, hit in zip(ranks, inside, strict=True)
        ]

    even = row("index", "x", answers((np.arange(10 * BINS) + 0.5) / (10 * BINS)))
    assert even[3:7] == ("1.000", "50", "80", "94")
    assert even[-2:] == ("10", "50")
    assert float(row("index", "x", answers(np.full(100, 0.9)))[3]) < 0.001
    without = [{key: answer[key] for key in ("rank", "inside", "truth", "median")} for answer in answers(np.ones(9))]
    assert row("index", "log_likelihood", without)[-2:] == ("", "")
