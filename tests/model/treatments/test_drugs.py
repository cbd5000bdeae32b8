"""Kinetics by closed form or published number, and effects against what was observed in people."""

import math

import numpy as np
import pytest

from insulinoma.errors import UnknownNameError
from insulinoma.model.treatments.registry import TREATMENTS, treatment_parts
from insulinoma.model.tumor_course import tumor_course
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solver import simulate

DAY = 1440.0


def alone(name: str):
    return tumor_course(sites=("primary",), treatments=(name,), markers=False)


def test_diazoxide_has_its_half_life_and_its_level(typical) -> None:
    given = [(480.0 * dose, "diazoxide.diazoxide", 70.0) for dose in range(60)]
    C = typical(alone("diazoxide"), given, 24 * DAY, 60.0)["diazoxide.C"]
    last_day = C[19 * 24 : 20 * 24].mean()
    assert last_day == pytest.approx(0.9 * 210 / (0.21 * 70 * math.log(2) / 1.17), rel=0.02)
    assert C[22 * 24] / C[23 * 24] == pytest.approx(2 ** (1 / 1.17), rel=1e-3)


def test_diazoxide_lowers_secretion_in_responders_by_a_third_and_with_glucose_the_ratio_by_45_percent(people) -> None:
    population = people(
        alone("diazoxide"), 300, {"surroundings.weight": 70.0, "tumor.VDT": 400.0, "diazoxide.responds": 1.0}
    )
    given = [(480.0 * dose, "diazoxide.diazoxide", 70.0) for dose in range(15)]
    factor = population.run(given, 5 * DAY, 10.0)["diazoxide.diazoxide_tumor"][-1]
    assert 0.6 < factor.mean() < 0.75
    assert 1.15 < factor.mean() / 0.55 < 1.4


def test_a_share_of_tumors_does_not_answer_to_diazoxide_and_islets_do(people) -> None:
    population = people(alone("diazoxide"), 300)
    given = [(480.0 * dose, "diazoxide.diazoxide", 70.0) for dose in range(3)]
    found = population.run(given, DAY, 20.0)
    assert 0.65 < (found["diazoxide.diazoxide_tumor"][-1] < 1).mean() < 0.8
    assert (found["diazoxide.diazoxide_islet"][-1] < 1).all()


@pytest.mark.parametrize(("dose", "peak", "islets"), [("100 ug", 5.2, (0.5, 0.7)), ("50 ug", 2.6, (0.8, 1.0))])
def test_octreotide_under_the_skin(dose: str, peak: float, islets: tuple[float, float]) -> None:
    found = simulate(alone("octreotide"), give("octreotide.octreotide", dose, at="0 min"), end=180, every=1.0)
    C = found["octreotide.C"].values
    assert C.max() == pytest.approx(peak, rel=0.05)
    assert 18 < C.argmax() < 36
    assert islets[0] < found["octreotide.octreotide_islet"].values[:120].mean() < islets[1]
    assert found["octreotide.octreotide_glucagon"].values[-1] < 0.5


def test_octreotide_into_a_vein_silences_islets_as_published(typical) -> None:
    found = typical(alone("octreotide"), [], 120, 1.0, inputs={"octreotide.octreotide_drip": 75 / 60})
    assert 1 - found["octreotide.octreotide_islet"][-1] == pytest.approx(0.67, abs=0.05)


def test_octreotide_suppresses_tumors_as_in_seventeen_patients(people) -> None:
    population = people(alone("octreotide"), 500, {"octreotide.SSTR2": 14 / 17})
    found = population.run([], 180, 2.0, {"octreotide.octreotide_drip": 100 / 60})
    secretion, clearance = found["drug_effects.f_tumor"][-1], found["drug_effects.f_clearance"][-1]
    suppression = 100 * (1 - secretion / clearance)
    assert suppression.mean() == pytest.approx(34.7, abs=2 * 25.2 / math.sqrt(17))
    assert suppression.std() == pytest.approx(25.2, rel=0.25)
    assert 75 < suppression.max() < 95
    assert ((suppression > 10).mean() * 17) == pytest.approx(14, abs=1.5)
    assert 0.8 < clearance.mean() < 0.95


def test_octreotide_harms_where_the_tumor_has_no_receptor(typical) -> None:
    drip, no_receptor = {"octreotide.octreotide_drip": 100 / 60}, {"octreotide.SSTR2": 0.0}
    found = typical(alone("octreotide"), [], 180, 1.0, no_receptor, drip)
    assert found["drug_effects.f_tumor"][-1] == 1.0
    assert found["drug_effects.f_glucagon"][-1] < 0.3


def test_glucocorticoid_and_everolimus_reach_the_published_size(typical) -> None:
    doses = [(DAY * day, "glucocorticoid.prednisolone", 40.0) for day in range(10)]
    steroid = typical(alone("glucocorticoid"), doses, 10 * DAY, 30.0)
    assert 0.5 < steroid["glucocorticoid.glucocorticoid_liver"][-48:].mean() < 0.7
    assert 1.1 < steroid["glucocorticoid.glucocorticoid_production"][-48:].mean() < 1.2
    doses = [(DAY * day, "everolimus.everolimus", 10.0) for day in range(40)]
    slow = typical(alone("everolimus"), doses, 40 * DAY, DAY / 4)
    assert slow["everolimus.everolimus_growth"][-1] == pytest.approx(4.6 / 11.0, abs=0.03)


def test_interferon_slows_growth_while_it_is_given(typical) -> None:
    found = typical(alone("interferon_alfa"), [], 100 * DAY, DAY, inputs={"interferon_alfa.interferon_alfa": 1.0})
    assert found["drug_effects.f_growth"][0] == 1.0
    assert found["drug_effects.f_growth"][-1] == pytest.approx(0.5, abs=0.01)


def test_dextrose_is_given_by_weight() -> None:
    regimen = give("dextrose_drip", "10 g/h", start="0 min", stop="60 min")
    regimen += give("parenteral_nutrition", "300 g/d", start="0 min", stop="60 min")
    found = simulate(alone("dextrose"), regimen, end=60, every=30.0)["dextrose.intravenous_glucose"].values
    assert found[0] == pytest.approx((0.91 * 10000 / 60 + 300000 / 1440) / 70)


@pytest.mark.parametrize("name", TREATMENTS)
def test_each_treatment_joins_the_model_and_names_its_evidence(name: str) -> None:
    model = alone(name)
    assert name in model.parts
    assert len((type(model.parts[name]).__doc__ or "").splitlines()) > 1 or "[" in (
        type(model.parts[name]).__doc__ or ""
    )


def test_an_unknown_treatment_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="'diazoxide'"):
        treatment_parts(["diazoxid"])


def test_a_population_is_the_same_for_the_same_seed(people) -> None:
    one, other = (people(alone("octreotide"), 5).parameters for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)
