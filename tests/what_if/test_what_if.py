"""Scenarios on posterior draws, through the engine."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from small_record import short_stay

from insulinoma.calibrate.calibrate import calibrate
from insulinoma.calibrate.posterior import Posterior
from insulinoma.cli import main
from insulinoma.data import read_text
from insulinoma.report.twin.forest import SAME as SAME_DRAWS
from insulinoma.report.twin.forest import forest
from insulinoma.report.twin.section import twin_section
from insulinoma.what_if.compare import endpoint_result, share_of_prior
from insulinoma.what_if.scenario import parse_scenario
from insulinoma.what_if.what_if import Comparison, what_if

DEXTROSE = "meaning: dextrose all along\ngive:\n- {give: dextrose, amount: 6 mg/kg/min, from: day 0, to: day 3}\n"
WAYS = ("lower", "higher")
SAME = "meaning: the tumor responds to a drug that nobody gives\nassume: {tumor_drive.n_T: 4.2}\n"


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    return calibrate(short_stay(), seed=1, draws=160)


@pytest.fixture(scope="module")
def found(posterior: Posterior) -> Comparison:
    scenarios = [parse_scenario("dextrose", DEXTROSE, "d.yaml"), parse_scenario("same", SAME, "s.yaml")]
    return what_if(posterior, scenarios, draws=48)


def test_the_result_fits_its_schema(found: Comparison) -> None:
    jsonschema.validate(found.result, json.loads(read_text("schemas", "what-if.schema.json")))
    assert list(found.result["scenarios"]) == ["as-done", "dextrose", "same"]


def test_dextrose_takes_hypoglycemia_away_in_every_draw(found: Comparison) -> None:
    endpoints = found.result["scenarios"]["dextrose"]["endpoints"]
    assert endpoints["hours_below_70"]["difference"]["interval_90"][1] < 0
    assert endpoints["hours_below_70"]["difference"]["probability_lower"] > 0.95
    assert endpoints["tumor_volume"]["difference"]["median"] == pytest.approx(0, abs=1e-3), "sugar grows no tumor here"


def test_a_scenario_that_changes_nothing_differs_in_no_draw(found: Comparison) -> None:
    done, same = (outcome.endpoints for outcome in (found.outcomes[0], found.outcomes[2]))
    for name, values in done.items():
        assert np.array_equal(values, same[name], equal_nan=True), name


def test_fasting_and_need_of_dextrose_answer_to_each_other(found: Comparison) -> None:
    done = found.outcomes[0].endpoints
    need, hours = done["dextrose_need"], done["safe_fasting_hours"]
    fine = np.isfinite(need)
    assert fine.mean() > 0.9
    need, hours = need[fine], hours[fine]
    assert ((need >= 0) & (need <= 16)).all()
    assert np.corrcoef(need.argsort().argsort(), hours.argsort().argsort())[0, 1] < -0.3


def test_orderings_hold_each_pair_once(found: Comparison) -> None:
    pairs = found.result["orderings"]["hours_below_70"]
    assert [(pair["first"], pair["second"]) for pair in pairs] == [
        ("as-done", "dextrose"), ("as-done", "same"), ("dextrose", "same"),
    ]  # fmt: skip
    assert pairs[1]["probability_first_lower"] == 0.5


def test_the_share_of_the_prior_is_that_of_the_coordinates_that_decide() -> None:
    z = np.random.default_rng(0).standard_normal((400, 5))
    contraction = np.array([0.9, 0.0, 0.0, 0.0, 0.0])
    assert share_of_prior(z[:, 0] * 3, z, contraction) == pytest.approx(0.1, abs=0.05)
    assert share_of_prior(z[:, 1] * 3, z, contraction) == pytest.approx(1.0, abs=0.05)
    assert share_of_prior(np.ones(400), z, contraction) is None


def test_rounding_is_no_difference_and_has_no_share_of_prior() -> None:
    random = np.random.default_rng(1)
    z, done = random.standard_normal((100, 4)), 100 + random.standard_normal(100)
    found = endpoint_result(done + 1e-4 * z[:, 0], done, z, np.zeros(4), "h")
    assert found["difference"]["interval_90"] == [0.0, 0.0]
    assert (found["difference"]["probability_lower"], found["share_of_prior"]) == (0.0, None)
    other = endpoint_result(done + z[:, 0], done, z, np.zeros(4), "h")
    assert other["share_of_prior"] == pytest.approx(1.0)


def test_the_forest_says_where_no_draw_differs(found: Comparison) -> None:
    picture = forest(found.result).svg()
    shown = [name for name in found.result["endpoints"] if f">{name.replace('_', ' ')} (" in picture]
    endpoints = found.result["scenarios"]["dextrose"]["endpoints"]
    differ = [any(endpoints[name]["difference"][f"probability_{way}"] for way in WAYS) for name in shown]
    assert picture.count(SAME_DRAWS) == len(shown) + differ.count(False)


def test_the_section_of_a_report_has_a_column_for_each_scenario(posterior: Posterior, found: Comparison) -> None:
    tables = {
        block.name: block for block in twin_section(posterior.result, found.result).blocks if block.kind == "table"
    }
    shown = tables["twin-scenarios"]
    assert shown.columns[2:] == ("dextrose", "same")
    assert len(shown.rows) == len(found.outcomes[0].endpoints)
    assert {row[3].text for row in shown.rows} == {SAME_DRAWS}
    assert all(" prior" in row[2].text or row[2].text == SAME_DRAWS for row in shown.rows)
    facts = {row[0].text: row[1].text for row in tables["twin-facts"].rows}
    assert facts["insulin"] == "Insulin 24 uU/mL (144 pmol/L)"
    assert facts["glucose"] == "Plasma glucose 48 mg/dL"
    assert not any("e+" in cell.text for item in tables.values() for row in item.rows for cell in row)


def test_the_command_reads_a_posterior_and_writes_figures(
    posterior: Posterior, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posterior.save(tmp_path / "short.nc")
    (tmp_path / "dextrose.yaml").write_text(DEXTROSE, encoding="utf-8")
    arguments = ["what-if", "--posterior", str(tmp_path / "short.nc"), "--scenario", str(tmp_path / "dextrose.yaml")]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--draws", "24", "--figures", str(tmp_path / "figures"), "--json"])
    assert ended.value.code == 0
    result = json.loads(capsys.readouterr().out)
    assert result["scenarios"]["dextrose"]["endpoints"]["hours_below_54"]["difference"]["median"] <= 0
    written = sorted(path.name for path in (tmp_path / "figures").iterdir())
    names = ("scenarios", "twin", "what-if")
    assert written == [f"{name}.{form}" for name in names for form in ("png", "svg")]
    drawn = (tmp_path / "figures" / "scenarios.svg").read_text("utf-8")
    assert all(words in drawn for words in ("dextrose", "lowest glucose of the day (mg/dL)", "what was done"))
