"""Along whole courses nothing is made or lost: amounts are what came in less what went out, to 1e-9."""

from functools import cache

import numpy as np
import pytest

from insulinoma.model.compose import Model, extend
from insulinoma.model.patient import patient
from insulinoma.model.subsystem import Input, State, Subsystem
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen
from insulinoma.simulate.solution import Solution
from insulinoma.simulate.solver import simulate
from tests.simulate.people import drawn, orders

SEEDS = range(24)
EXACT = 1e-9
FINE = Solver(rtol=1e-6, atol=1e-9)


class Ledger(Subsystem):
    """What comes in and what goes out, summed over time beside the twin."""

    insulin_in = State("pmol/kg", "insulin secreted and infused", initial=0.0)
    insulin_out = State("pmol/kg", "insulin extracted by the liver and cleared elsewhere", initial=0.0)
    c_peptide_in = State("pmol/L", "C-peptide secreted, by the volume of plasma", initial=0.0)
    c_peptide_out = State("pmol/L", "C-peptide cleared, by the volume of plasma", initial=0.0)
    glucose_in = State("mg/kg", "glucose made, absorbed and infused", initial=0.0)
    glucose_out = State("mg/kg", "glucose taken up and lost in urine", initial=0.0)
    absorbed = State("mg/kg", "carbohydrate absorbed, with what the liver keeps", initial=0.0)

    S_islet = Input("pmol/kg/min", "secretion by the islets")
    S_tumor = Input("pmol/kg/min", "secretion by the tumor")
    I_l = Input("pmol/kg", "insulin in the liver")
    I = Input("pmol/L", "plasma insulin")
    m_1 = Input("1/min", "liver to plasma")
    E_H = Input("1", "hepatic extraction")
    CL_p = Input("L/kg/min", "renal and peripheral clearance")
    C_1 = Input("pmol/L", "plasma C-peptide")
    V_C = Input("L", "C-peptide volume")
    k_out = Input("1/min", "elimination of C-peptide")
    weight = Input("kg", "body weight")
    EGP = Input("mg/kg/min", "endogenous glucose production")
    R_a = Input("mg/kg/min", "glucose appearing from meals")
    first_pass = Input("mg/kg/min", "glucose of the meal that the liver keeps")
    R_d = Input("mg/kg/min", "glucose disposal, all tissues")
    E = Input("mg/kg/min", "loss in urine")

    def equations(self, y, p, u):
        secreted = u.S_islet + u.S_tumor
        leaving = u.m_1 * u.I_l / (1 - u.E_H)
        return {
            "insulin_in": secreted,
            "insulin_out": u.E_H * leaving + u.CL_p * u.I,
            "c_peptide_in": secreted * u.weight / u.V_C,
            "c_peptide_out": u.k_out * u.C_1,
            "glucose_in": u.EGP + u.R_a,
            "glucose_out": u.R_d + u.E,
            "absorbed": u.R_a + u.first_pass,
        }


@cache
def kept() -> Model:
    """The twin with its ledger."""
    return extend(patient(), "patient with a ledger", {"ledger": Ledger()}, connect={})


def given(regimen: Regimen, what: str) -> float:
    """The whole amount of an order in its own unit: a dose, or a rate times its minutes."""
    every = [(one.amount, *occasion) for one in regimen.orders if one.what == what for occasion in one.occasions()]
    return sum(amount * (1.0 if stop is None else stop - start) for amount, start, stop in every)


@cache
def course(seed: int) -> tuple[dict[str, float], Solution]:
    """A random person with a tumor under random orders for a day."""
    values = drawn(seed, free=1.0) | {"tumor.sigma": float(np.random.default_rng(seed).uniform(0, 20))}
    found = simulate(kept(), orders(seed), end=1440, every=60, parameters=values, solver=FINE)
    return values, found.require()


def gain(found: Solution, *names: str) -> float:
    """How much these states together rise from the start to the end."""
    return sum(float(found[name][-1] - found[name][0]) for name in names)


@pytest.mark.parametrize("seed", SEEDS)
def test_insulin_is_secretion_and_injections_less_clearance(seed: int) -> None:
    values, found = course(seed)
    injected = given(orders(seed), "insulin_bolus") * 1e3 / values["person.weight"]
    injected += given(orders(seed), "insulin_infusion")
    came = gain(found, "ledger.insulin_in") + injected * values["insulin.pmol_per_mU"]
    went = gain(found, "ledger.insulin_out")
    assert gain(found, "insulin.I_l", "insulin.I_p") == pytest.approx(came - went, abs=EXACT * came)


@pytest.mark.parametrize("seed", SEEDS)
def test_c_peptide_is_secretion_less_clearance(seed: int) -> None:
    _, found = course(seed)
    came, went = (gain(found, f"ledger.c_peptide_{way}") for way in ("in", "out"))
    assert gain(found, "c_peptide.C_1", "c_peptide.C_2") == pytest.approx(came - went, abs=EXACT * came)


@pytest.mark.parametrize("seed", SEEDS)
def test_glucose_is_what_is_made_eaten_and_infused_less_uptake_and_loss(seed: int) -> None:
    values, found = course(seed)
    weight = values["person.weight"]
    came = gain(found, "ledger.glucose_in") + given(orders(seed), "dextrose")
    came += given(orders(seed), "dextrose_bolus") * 1e3 / weight
    went = gain(found, "ledger.glucose_out")
    assert gain(found, "glucose.G_p", "glucose.G_t") == pytest.approx(came - went, abs=EXACT * came)
    eaten = given(orders(seed), "meal") * 1e3 / weight
    left = gain(found, "absorption.Q_sto1", "absorption.Q_sto2", "absorption.Q_gut") / weight
    assert gain(found, "ledger.absorbed") == pytest.approx(eaten - left, abs=EXACT * eaten)
