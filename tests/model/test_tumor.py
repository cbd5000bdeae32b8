import math

import numpy as np
import pytest

from insulinoma.model.compose import compose
from insulinoma.model.subsystem import Parameter, Subsystem
from insulinoma.model.tumor import SITES
from insulinoma.model.tumor_course import patient_with_tumor, tumor_course
from insulinoma.model.units_check import check_units

DAY = 1440.0
LOBES = ("right_lobe", "left_lobe")
METASTATIC = {"tumor.d_primary": 2.7, "tumor.V_liver": (224.0, 0.41), "tumor.VDT": (50.0, 0.48)}
BARE = tumor_course(treatments=(), markers=False)
ONE = tumor_course(sites=("primary",), treatments=(), markers=False)


@pytest.mark.parametrize("build", [tumor_course, patient_with_tumor])
def test_no_equation_hides_a_unit(build) -> None:
    assert check_units(build()) == []


def test_growth_is_exponential_at_first_and_ends_at_capacity(typical) -> None:
    values = {"tumor.VDT": 50.0, "tumor.room_primary": 1e12}
    early = typical(ONE, [], 50 * DAY, DAY, values)["primary.V"]
    assert early[-1] / early[0] == pytest.approx(2.0, rel=0.02)
    late = typical(ONE, [], 9000 * DAY, 20 * DAY, {"tumor.VDT": 50.0})["primary.V"]
    assert late[-1] == pytest.approx(math.pi / 6 * 1.5**3 + 500, rel=1e-3)


def test_gompertz_growth_agrees_with_its_closed_form(typical) -> None:
    found = typical(ONE, [], 200 * DAY, DAY, {"tumor.VDT": 50.0})
    time, V = found["time"] / DAY, found["primary.V"]
    V_max = V[0] + 500
    g = math.log(2) / (50 * math.log(V_max / V[0]))
    np.testing.assert_allclose(V, V_max * (V[0] / V_max) ** np.exp(-g * time), rtol=1e-5)


def test_volumes_balance_for_any_draw(people) -> None:
    population = people(tumor_course(markers=False), 50, METASTATIC, wide=5)
    rest = population.model.at_rest(population.parameters)
    random = np.random.default_rng(0)
    known = {**population.parameters, **population.model.input_values(), **rest}
    known |= {
        name: known[name] * random.uniform(0, 2, 50) + random.uniform(0, 1, 50) for name in population.model.states
    }
    rates, outputs = population.model.evaluate(known)
    for site in SITES:
        change = sum(rates[f"{site}.{state}"] for state in "VWDN") * DAY
        balance = outputs[f"{site}.growth"] - outputs[f"{site}.clearance"]
        np.testing.assert_allclose(change, balance, rtol=1e-9, atol=1e-9)


def test_a_treatment_moves_volume_and_loses_none(people) -> None:
    population = people(BARE, 20, METASTATIC)
    known = {**population.parameters, **population.model.at_rest(population.parameters)}
    for event in ("embolize", "chemoembolize", "ablate"):
        after = population.model.happen(f"right_lobe.{event}", known, 1.0)
        total = sum(after.get(f"right_lobe.{state}", known[f"right_lobe.{state}"]) for state in "VWDN")
        np.testing.assert_allclose(total, known["right_lobe.V"], rtol=1e-12)
    left = population.model.happen("right_lobe.resect", known, 0.8)
    np.testing.assert_allclose(left["right_lobe.V"], 0.2 * known["right_lobe.V"])


def test_a_site_that_a_model_leaves_out_is_fed_by_nothing() -> None:
    model = tumor_course(sites=("primary",), treatments=(), markers=False)
    assert {name for name in model.inputs if name.startswith("burden.viable")} == {
        f"burden.viable_{site}" for site in SITES if site != "primary"
    }
    rest = model.parameter_values({"tumor.V_liver": 224.0})
    known = {**rest, **model.input_values(), **model.at_rest(rest)}
    assert model.evaluate(known)[1]["burden.V_tumor"] == pytest.approx(math.pi / 6 * 1.5**3)


def test_a_site_without_tumor_stays_empty_and_a_resected_one_too(typical) -> None:
    found = typical(BARE, [(3 * DAY, "primary.resect", 1.0)], 50 * DAY, DAY)
    assert (found["right_lobe.CT_volume"] == 0).all()
    assert (found["primary.CT_volume"][4:] == 0).all()
    assert (found["tumor_secretion.S_tumor"][4:] == 0).all()


def test_embolization_stops_the_secretion_of_its_lobe_within_hours_and_not_of_the_other(typical) -> None:
    values = {"tumor.V_liver": 224.0, "tumor.VDT": 50.0, "surroundings.G": 90.0}
    course = typical(BARE, [(DAY, "right_lobe.embolize", 1.0)], 30 * DAY, 120.0, values)
    right, left, CT = course["right_lobe_secretion.S"], course["left_lobe_secretion.S"], course["right_lobe.CT_volume"]
    spared = math.exp(-1.2)
    assert right[12 + 6] < 0.5 * right[11]
    assert right[12 + 24] == pytest.approx(spared * right[11], rel=0.1)
    assert left[12 + 6] == pytest.approx(left[11], rel=0.02)
    assert CT[12 + 12] == pytest.approx(CT[11], rel=0.02)
    assert 0.5 < CT[12 * 29] / CT[11] < 0.85


def test_about_half_respond_four_weeks_after_bland_embolization_of_both_lobes(people) -> None:
    population = people(BARE, 400, {**METASTATIC, "tumor.VDT": (150.0, 0.8)})
    found = population.run([(0.0, f"{lobe}.embolize", 1.0) for lobe in LOBES], 28 * DAY, DAY / 4)
    enhancing = sum(found[f"{lobe}.V"][-1] for lobe in LOBES) / population.parameters["tumor.V_liver"]
    responses = (enhancing ** (1 / 3) <= 0.7).mean()
    assert 0.42 < responses < 0.64
    CT = np.median(found["burden.CT_liver"][-1] / population.parameters["tumor.V_liver"])
    assert 0.6 < CT < 0.85


def test_secretion_comes_back_with_regrowth_and_sooner_when_the_tumor_grows_fast(people) -> None:
    def days_to_recurrence(doubling: float) -> float:
        small = {**METASTATIC, "tumor.d_primary": 0.1, "tumor.tau_ischemia": 0.5}
        model = tumor_course(sites=("primary", "right_lobe"), treatments=(), markers=False)
        population = people(model, 60, {**small, "tumor.VDT": (doubling, 0.2)})
        given = [(0.0, "right_lobe.embolize", 1.0)]
        S = population.run(given, 200 * DAY, DAY)["tumor_secretion.S_total"]
        back = S[3:] > 0.6 * population.run([], 1.0, 1.0)["tumor_secretion.S_total"][0]
        return float(np.median(np.where(back.any(0), back.argmax(0) + 3, np.inf)))

    fast, slow = days_to_recurrence(50.0), days_to_recurrence(150.0)
    assert 30 < fast < 120
    assert 2 * fast < slow


class Stimulus(Subsystem):
    """Surroundings of which glucose can be chosen."""

    G = Parameter(90.0, "mg/dL", "plasma glucose")
    glucagon_gain = Parameter(1.0, "1", "stimulation by glucagon")

    def equations(self, y, p, u):
        return {}


def test_secretion_follows_glucose_in_part_and_glucagon() -> None:
    from insulinoma.model.site_secretion import TumorDrive

    model = compose("drive", {"around": Stimulus(), "drive": TumorDrive()})

    def drive(**changes: float) -> float:
        values = model.parameter_values({f"around.{name}": value for name, value in changes.items()})
        return float(model.evaluate({**values, **model.input_values()})[1]["drive.drive"])

    assert drive(G=1.0) == pytest.approx(0.63, abs=1e-6)
    assert drive(G=1000.0) == pytest.approx(1.0, abs=1e-4)
    assert drive(G=50.0) == pytest.approx(0.815)
    assert drive(glucagon_gain=1.5) == pytest.approx(1.5 * drive())


def test_nothing_goes_negative_for_draws_of_five_standard_deviations(people) -> None:
    population = people(tumor_course(), 64, {**METASTATIC, "tumor.V_other": (5.0, 1.0)}, wide=5)
    whole = (("diazoxide.diazoxide", 200.0), ("octreotide.octreotide", 100.0), ("everolimus.everolimus", 10.0))
    drugs = (*whole, ("glucocorticoid.prednisolone", 40.0), ("lutetium_dotatate.lutetium_dotatate", 7.4))
    courses = [(name, 1.0) for name in ("etoposide_cisplatin", "irinotecan_cisplatin", "streptozocin_doxorubicin")]
    rest = population.model.at_rest(population.parameters)
    known = {**population.parameters, **population.model.input_values(), **rest}
    for event, amount in (*drugs, *((f"{name}.{name}", amount) for name, amount in courses)):
        known |= population.model.happen(event, known, amount)
    for site in SITES:
        for event, amount in (("embolize", 1.0), ("chemoembolize", 1.0), ("ablate", 0.5), ("resect", 0.9)):
            known |= population.model.happen(f"{site}.{event}", known, amount)
    rates, outputs = population.model.evaluate(known)
    for name in population.model.states:
        assert (np.asarray(known[name]) >= 0).all(), name
        at_zero, _ = population.model.evaluate({**known, name: np.zeros(64)})
        assert (np.asarray(at_zero[name]) >= 0).all(), name
    for name, value in outputs.items():
        if not name.endswith(".growth"):
            assert (np.asarray(value) >= 0).all(), name
    assert all(np.isfinite(rate).all() for rate in rates.values())
