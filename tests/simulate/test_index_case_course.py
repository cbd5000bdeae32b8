"""Every sentence of the report's course, against the course that the parameters set by hand give."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from insulinoma.model.parameter_set import by_hand
from insulinoma.quantities import convert
from insulinoma.record.load import load_case
from insulinoma.record.schema import Measurement
from insulinoma.simulate.case_regimen import case_regimen, course
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.subject import Subject, subject

DAY = 1440.0
SAMPLE = (0.0, 1.0)
Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def who() -> Subject:
    return subject("muro-2014")


@pytest.fixture(scope="module")
def story(who: Subject) -> Solution:
    return replace(course(load_case()), every=30.0).run(who).require()


def days(story: Solution) -> Floats:
    return np.asarray(story.data["time"].values / DAY)


def during(story: Solution, name: str, first: float, last: float) -> Floats:
    """The values of a series from the start of one day to the start of another."""
    when = days(story)
    return np.asarray(story[name].values[(when >= first) & (when < last)])


def printed(fact: str) -> float:
    """The number of the record, in the unit of the model."""
    found: Any = load_case().by_id[fact]
    assert isinstance(found, Measurement)
    unit = {"glucose": "mg/dL", "insulin": "pmol/L", "c_peptide": "pmol/L"}.get(found.analyte)
    return convert(found.analyte, found.value, found.unit, unit or found.unit).value


def test_the_course_has_the_days_of_the_record(story: Solution) -> None:
    found = case_regimen(load_case())
    when = {(order.what, moment / DAY) for order in found.regimen.orders for moment, _ in order.occasions()}
    ten = 10 / 24
    assert {("right_lobe.embolize", 12 + ten), ("left_lobe.embolize", 22 + ten)} <= when
    assert {("etoposide_cisplatin", day + ten) for day in (41, 62, 83)} <= when
    assert (story.ending.status, story.ending.minutes) == ("completed", 157 * DAY)
    assert {text.partition(":")[0] for text in found.left_out} == {
        "dextrose-first-hospital",
        "biopsy-liver",
        "biopsy-pancreas",
    }


def test_hypoglycemia_with_too_much_insulin_and_c_peptide_on_the_infusion(story: Solution) -> None:
    assert during(story, "glucose.G", *SAMPLE) == pytest.approx(printed("glucose-second-hospital"), abs=3)
    assert during(story, "insulin.I", *SAMPLE) == pytest.approx(printed("insulin-second-hospital"), rel=0.05)
    assert during(story, "c_peptide.C_1", *SAMPLE) == pytest.approx(printed("c-peptide-second-hospital"), rel=0.05)
    assert during(story, "dextrose.intravenous_glucose", *SAMPLE).min() > 1


@pytest.mark.parametrize("marker", ["nse", "ca19_9", "dupan_2", "span_1"])
def test_markers_are_those_of_the_laboratory(story: Solution, marker: str) -> None:
    expected = printed(f"{marker.replace('_', '-')}-second-hospital")
    assert during(story, f"{marker}.M", *SAMPLE) == pytest.approx(expected, rel=0.05)


def test_hypoglycemia_goes_on_until_embolization_in_spite_of_infusion_rescue_and_diazoxide(story: Solution) -> None:
    for day in range(1, 12):
        assert during(story, "glucose.G", day, day + 1).min() < 56, day
    assert during(story, "diazoxide.C", 6, 10).max() > 15
    assert (during(story, "diazoxide.diazoxide_tumor", 0, 12) == 1).all()


def test_glucose_is_normal_from_the_day_after_the_first_embolization(story: Solution) -> None:
    assert during(story, "glucose.G", 13, 14).min() >= 70
    assert during(story, "glucose.G", 13, 23).min() >= 70


def test_no_hypoglycemia_on_days_13_to_61(story: Solution) -> None:
    glucose = during(story, "glucose.G", 13, 62)
    assert glucose.min() >= 54
    assert glucose.mean() < 120
    assert (during(story, "dextrose.intravenous_glucose", 30, 62) == 0).all()


def test_insulin_c_peptide_and_markers_fall_after_embolization(story: Solution) -> None:
    for name in ("nse", "ca19_9"):
        values = [during(story, f"{name}.M", day, day + 1).mean() for day in (11, 21, 31)]
        assert values[0] > values[1] > values[2], name
    assert during(story, "nse.M", 31, 41).max() < 0.4 * printed("nse-second-hospital")
    for name in ("insulin.I", "c_peptide.C_1"):
        before, after = (during(story, name, *window).mean() for window in (SAMPLE, (31, 32)))
        assert after < 0.5 * before, name


@pytest.mark.parametrize(("day", "volume"), [(40, 0.70), (50, 0.58)])
def test_metastases_are_clearly_smaller_four_weeks_after_either_embolization(
    story: Solution, day: int, volume: float
) -> None:
    CT = during(story, "burden.CT_liver", day, day + 1)[0] / during(story, "burden.CT_liver", 11, 12)[0]
    assert volume > CT
    for lobe in ("right_lobe", "left_lobe"):
        before, after = (during(story, f"{lobe}.viable_diameter", at, at + 1)[0] for at in (11, day))
        assert after <= 0.7 * before, lobe


def test_hypoglycemia_comes_back_after_day_61_and_stays_in_spite_of_chemotherapy(story: Solution) -> None:
    low = days(story)[story["glucose.G"].values < 54]
    first = low[low >= 13][0]
    assert 62 < first < 100
    assert low[-1] > 140
    assert during(story, "etoposide_cisplatin.z", 120, 121)[0] == pytest.approx(3, abs=0.1)


def test_metastases_and_markers_increase_at_the_end(story: Solution) -> None:
    for name in ("burden.CT_liver", "nse.M", "ca19_9.M"):
        values = during(story, name, 13, 158)
        assert values[-1] > 1.4 * values.min(), name
    viable = [during(story, "burden.V_tumor", day, day + 1)[0] for day in (30, 61, 90, 120, 150)]
    assert viable == sorted(viable)


def test_what_was_set_by_hand_is_possible_and_no_prior(who: Subject) -> None:
    found = by_hand("muro-2014", who.model)
    assert len(found) <= 8
    for name, item in found.items():
        prior = who.priors[name]
        assert prior.low <= item.value <= prior.high, name
        assert abs(np.log(item.value / prior.value)) <= 2.2 * prior.log_spread, name
        assert who.values[name] == item.value != prior.value, name
        assert item.note, name
