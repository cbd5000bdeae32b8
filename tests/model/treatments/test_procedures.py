"""Procedures and the mass of tissue: what is alive, dying or dead was there, grew, was cleared or was taken out."""

import math

import numpy as np
import pytest

from insulinoma.model.compose import Model, extend
from insulinoma.model.subsystem import Equations, Input, State, Subsystem, Values
from insulinoma.model.tumor_course import tumor_course
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

DAY = 1440.0
SITES = ("right_lobe", "left_lobe")
SIZE = {"tumor.V_liver": 200.0, "tumor.VDT": 60.0, "tumor.x_right": 0.5}
TIGHT = Solver(rtol=1e-9, atol=1e-9)


class Ledger(Subsystem):
    """What grew and what was cleared at one site since the start."""

    time_unit = "d"
    grown = State("mL", "tissue that grew", initial=0.0)
    cleared = State("mL", "dead tissue that was cleared", initial=0.0)
    growth = Input("mL/d", "growth")
    clearance = Input("mL/d", "clearance")

    def equations(self, y: Values, p: Values, u: Values) -> Equations:
        return {"grown": u.growth, "cleared": u.clearance}


@pytest.fixture(scope="module")
def model() -> Model:
    drugs = ("etoposide_cisplatin", "lutetium_dotatate")
    alone = tumor_course(sites=SITES, treatments=drugs, markers=False)
    connect = {"ledger.growth": "right_lobe.growth", "ledger.clearance": "right_lobe.clearance"}
    return extend(alone, "with_ledger", {"ledger": Ledger()}, connect=connect)


def run(model: Model, regimen: Regimen, days: float, every: float = 0.25):
    found = simulate(model, regimen, end=days * DAY, every=every * DAY, parameters=SIZE, solver=TIGHT).require()
    return {str(name): np.asarray(series.values) for name, series in found.data.data_vars.items()}


def total(found, site: str = "right_lobe"):
    return sum(found[f"{site}.{state}"] for state in "VWDN")


def test_no_tissue_is_lost_under_all_treatments(model: Model) -> None:
    regimen = give("right_lobe.embolize", "1", at="day 3") + give("right_lobe.chemoembolize", "0.7", at="day 40")
    regimen += give("right_lobe.ablate", "0.3", at="day 60") + give("lutetium_dotatate", "7.4 GBq", at="day 70")
    regimen += give("etoposide_cisplatin", "1", at="day 10", every="21 d", times=3)
    found = run(model, regimen, 120)
    kept = 100 + found["ledger.grown"] - found["ledger.cleared"]
    np.testing.assert_allclose(total(found), kept, rtol=1e-9)
    assert found["ledger.cleared"][-1] > 80


def test_resection_takes_its_share_of_all_tissue_and_the_rest_is_kept(model: Model) -> None:
    found = run(model, give("right_lobe.embolize", "1", at="day 1") + give("right_lobe.resect", "0.6", at="day 20"), 40)
    whole = 100 + found["ledger.grown"] - found["ledger.cleared"]
    before, after = total(found)[:80], total(found)[80:]
    np.testing.assert_allclose(before, whole[:80], rtol=1e-9)
    taken = whole[80:] - after
    np.testing.assert_allclose(taken, taken[0], rtol=1e-9)
    assert taken[0] == pytest.approx(0.6 * whole[80], rel=1e-6)


def test_a_second_embolization_takes_what_the_first_left(model: Model) -> None:
    regimen = give("right_lobe.embolize", "1", at="day 2") + give("right_lobe.embolize", "1", at="day 32")
    found = run(model, regimen, 60)
    V, r = found["right_lobe.V"], found["right_lobe.r"]
    spared = math.exp(-1.2)
    assert V[8] / V[7] == pytest.approx(spared, rel=0.02)
    assert V[128] / V[127] == pytest.approx(spared, rel=0.02)
    assert r[128] / r[127] == pytest.approx(spared, rel=0.02)
    assert total(found)[-1] < 0.6 * total(found)[0]
    assert (found["left_lobe.V"][1:] > found["left_lobe.V"][:-1]).all()


def test_chemoembolization_adds_the_kill_of_its_drug(model: Model) -> None:
    bland, loaded = (
        run(model, give(f"right_lobe.{name}", "1", at="day 1"), 2) for name in ("embolize", "chemoembolize")
    )
    assert loaded["right_lobe.V"][4] / bland["right_lobe.V"][4] == pytest.approx(10**-0.1, rel=1e-9)
    assert total(loaded)[4] == pytest.approx(total(bland)[4], rel=1e-9)


def test_ablation_silences_at_once_and_leaves_a_scar_that_is_cleared_in_months(model: Model) -> None:
    found = run(model, give("right_lobe.ablate", "1", at="day 1"), 71)
    S, CT = found["right_lobe_secretion.S"], found["right_lobe.CT_volume"]
    assert S[4] / S[3] == pytest.approx(math.exp(-3), rel=0.02)
    assert CT[4] == pytest.approx(CT[3], rel=0.01)
    assert found["right_lobe.N"][4 + 35 * 4] == pytest.approx(found["right_lobe.N"][4] / 2, rel=1e-6)


def test_response_on_CT_comes_later_than_loss_of_enhancement(model: Model) -> None:
    found = run(model, Regimen(sum((give(f"{lobe}.embolize", "1", at="day 1").orders for lobe in SITES), ())), 64)
    for lobe in SITES:
        enhancing = found[f"{lobe}.viable_diameter"] / found[f"{lobe}.viable_diameter"][0]
        seen = found[f"{lobe}.CT_diameter"] / found[f"{lobe}.CT_diameter"][0]
        assert enhancing[8] <= 0.70
        assert seen[8] > 0.98
        assert 0.70 < seen[29 * 4] < 0.95
