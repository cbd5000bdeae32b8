import math

import numpy as np
import pytest

from insulinoma.citations import reference
from insulinoma.model.clamp import GlucoseClamp
from insulinoma.model.compose import extend
from insulinoma.model.patient import patient
from insulinoma.model.subsystem import Values
from insulinoma.model.symptoms import Symptoms
from insulinoma.model.units import unit
from insulinoma.model.units_check import check_units
from insulinoma.simulate.solver import simulate


def drawn(seed: int, spreads: float = 1.0) -> dict[str, float]:
    """Parameters drawn from their spread, within what is possible, glycogen held."""
    noise = np.random.default_rng(seed)
    found = {}
    for name, declared in patient().parameters.items():
        value = declared.value * math.exp(spreads * declared.log_spread * noise.standard_normal())
        found[name] = min(max(value, declared.low), declared.high) if declared.log_spread else declared.value
    return {**found, "liver.free": 0.0}


def test_units() -> None:
    assert check_units(patient()) == []
    assert check_units(extend(patient(), "clamped", {"clamp": GlucoseClamp()}, connect={})) == []


@pytest.mark.parametrize("seed", range(25))
def test_without_a_tumor_every_person_rests_at_the_basal_state(seed: int) -> None:
    model = patient()
    values = drawn(seed)
    rest = model.at_rest(values)
    rates, outputs = model.evaluate({**values, **rest, **model.input_values()})
    for name, rate in rates.items():
        assert abs(rate) <= 1e-12 * max(1.0, abs(rest[name])), name
    assert outputs["glucose.G"] == pytest.approx(values["glucose.G_b"], rel=1e-12)
    assert outputs["insulin.I"] == pytest.approx(values["insulin.I_b"], rel=1e-12)


def test_rest_lasts_24_hours() -> None:
    found = simulate(patient(), end=1440, every=60, parameters=drawn(1))
    for name in patient().states:
        series = found[name].values
        assert np.max(np.abs(series - series[0])) <= 1e-6 * max(1.0, abs(series[0])), name


@pytest.mark.parametrize("seed", range(5))
def test_glucose_and_insulin_are_neither_made_nor_lost(seed: int) -> None:
    model = patient()
    noise = np.random.default_rng(seed)
    values = drawn(seed) | {"liver.free": 1.0, "tumor.sigma": 3.0}
    rest = model.at_rest(values)
    rest |= {name: rest[name] * noise.uniform(0.5, 1.5) + 0.01 for name in model.states}
    inputs = {**model.input_values(), "glucose.dextrose": 2.0, "insulin.insulin_infusion": 0.3}
    rates, flux = model.evaluate({**values, **rest, **inputs})
    gained = flux["liver.EGP"] + flux["absorption.R_a"] + 2.0
    lost = flux["glucose.R_d"] + flux["glucose.E"]
    assert rates["glucose.G_p"] + rates["glucose.G_t"] == pytest.approx(gained - lost, rel=1e-9)
    secreted = flux["islets.S_islet"] + flux["tumor.S_tumor"] + 0.3 * values["insulin.pmol_per_mU"]
    extracted = values["insulin.m_1"] * flux["insulin.E_H"] / (1 - flux["insulin.E_H"]) * rest["insulin.I_l"]
    cleared = extracted + rest["insulin.m_4"] * rest["insulin.I_p"]
    assert rates["insulin.I_l"] + rates["insulin.I_p"] == pytest.approx(secreted - cleared, rel=1e-9)
    molar = (flux["islets.S_islet"] + flux["tumor.S_tumor"]) * values["person.weight"]
    kept = rest["c_peptide.V_C"] * (rates["c_peptide.C_1"] + rates["c_peptide.C_2"])
    left = rest["c_peptide.V_C"] * rest["c_peptide.k_out"] * rest["c_peptide.C_1"]
    assert kept == pytest.approx(molar - left, rel=1e-9)
    stored = rates["liver.Gc"]
    made = flux["liver.GNG"] + flux["liver.GLY"]
    assert (
        stored
        <= made - flux["liver.EGP"] + flux["absorption.first_pass"] + flux["liver.U_L"] - flux["liver.GLY"] + 1e-9
    )


@pytest.mark.parametrize("sigma", [1.0, 10.0, 100.0])
def test_no_state_goes_negative_however_much_the_tumor_secretes(sigma: float) -> None:
    found = simulate(patient(), end=4320, every=30, parameters={"tumor.sigma": sigma})
    assert found.ending.status == "completed"
    for name in set(patient().states):
        assert float(found[name].min()) >= -1e-9, name
    assert float(found["glucose.G"].min()) > 1.0


def test_every_parameter_has_unit_meaning_and_source() -> None:
    for name, declared in patient().parameters.items():
        unit(declared.unit)
        assert declared.meaning, name
        assert declared.low <= declared.value <= declared.high, name
        if declared.ref:
            reference(declared.ref)
        else:
            assert declared.status in ("fit", "assumption", "covariate"), name


@pytest.mark.parametrize("glucose", [1e-3, 2.0, 40.0])
@pytest.mark.parametrize("ketones", [0.0, 0.02, 0.6])
def test_the_brain_is_never_supplied_with_less_than_nothing(glucose, ketones) -> None:
    """Also where ketones are below what they are at rest, after a meal, while glucose is hardly there."""
    rest = {"K_cns": 50.0, "G_b": 85.0, "z_K": 0.5, "x_Kb": 0.08, "Ep": 30.0}
    symptoms = Symptoms()
    known = {name: declared.value for name, declared in symptoms.parameters.items()}
    known |= symptoms.basal(Values(known), Values(rest))
    found = symptoms.equations(
        Values({"neuroglycopenia": known.pop("neuroglycopenia")}),
        Values(known),
        Values({**rest, "G": glucose, "x_K": ketones}),
    )
    assert 0 < found["fuel"] < 1
    assert np.isfinite(found["neuroglycopenia"])
