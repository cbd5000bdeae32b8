"""No effect of a treatment ends in nothing: each reaches the patient, and moves glucose the way it does in people."""

from functools import cache

import pytest

from insulinoma.model.treatments.registry import TREATMENTS
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.program import Solver
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

DAY = 1440.0
READ_ONLY = {"mg/L", "ug/L"}
MODEL = patient_with_tumor(sites=("primary",), markers=False)
ILL = {"tumor.d_primary": 1.5, "tumor_secretion.sigma": 194.0, "tumor_drive.phi": 0.6, "octreotide.SSTR2": 0.0}
DRIP = give("dextrose", "2 mg/kg/min", start="0 d", stop="3 d")


@pytest.mark.parametrize("name", [*TREATMENTS, "drug_effects"])
def test_every_effect_feeds_the_patient(name: str) -> None:
    fed = {wire.source for wire in MODEL.wires.values()}
    part = MODEL.parts[name]
    assert part.outputs
    for output, declared in part.outputs.items():
        assert f"{name}.{output}" in fed or declared.unit in READ_ONLY, output


@cache
def after(regimen: Regimen, sensitive: float = 0.0) -> dict[str, float]:
    """What three days of a regimen on an infusion leave, with and without receptors on the tumor."""
    values = {**ILL, "octreotide.SSTR2": sensitive}
    solver = Solver(rtol=1e-7, atol=1e-8)
    found = simulate(MODEL, DRIP + regimen, end=3 * DAY, every=DAY, parameters=values, solver=solver).require()
    return {str(name): float(series[-1]) for name, series in found.data.data_vars.items()}


def test_a_drug_raises_glucose_by_the_way_that_it_takes() -> None:
    untreated = after(Regimen())
    steroid = after(give("prednisolone", "20 mg", at="0 min", every="12 h", times=6))
    assert steroid["glucose.G"] > untreated["glucose.G"] + 1
    assert steroid["liver.EGP"] > 1.08 * untreated["liver.EGP"]
    assert steroid["insulin_action.L_act"] < 0.8 * untreated["insulin_action.L_act"]
    assert steroid["liver.GNG"] / steroid["liver.N"] > 1.1 * untreated["liver.GNG"] / untreated["liver.N"]
    slowed = after(give("everolimus", "10 mg", at="0 min", every="1 d", times=3))
    assert slowed["glucose.G"] > untreated["glucose.G"] + 2
    assert slowed["insulin_action.X_act"] < 0.9 * untreated["insulin_action.X_act"]


def test_octreotide_helps_with_receptors_and_harms_without() -> None:
    drip = give("octreotide_drip", "100 ug/h", start="2 d", stop="3 d")
    untreated, helped, harmed = after(Regimen()), after(drip, 1.0), after(drip)
    assert helped["glucose.G"] > untreated["glucose.G"] + 5
    assert harmed["glucose.G"] < untreated["glucose.G"] - 2
    assert harmed["counter_regulation.H"] < 0.4 * untreated["counter_regulation.H"]
    for found, other in ((harmed, untreated), (helped, untreated)):
        insulin, secretion = (found[name] / other[name] for name in ("insulin.I", "tumor_secretion.S_tumor"))
        assert insulin > 1.1 * secretion


def test_insulin_rises_as_its_clearance_falls() -> None:
    rest = MODEL.parameter_values()
    known = {**rest, **MODEL.input_values(), **MODEL.at_rest(rest), "octreotide.A_1": 1e9}
    outputs = MODEL.evaluate(known)[1]
    assert outputs["drug_effects.f_clearance"] == pytest.approx(1 - rest["octreotide.E_c"], rel=1e-6)
    before = MODEL.evaluate({**known, "octreotide.A_1": 0.0})[1]
    assert outputs["insulin.E_H"] == pytest.approx(before["insulin.E_H"] * (1 - rest["octreotide.E_c"]), rel=1e-6)
