import numpy as np
import pytest

from insulinoma.model.library.dalla_man import SBML_DEVIATIONS, SBML_START, dalla_man_2007
from insulinoma.model.units_check import check_units
from insulinoma.simulate.regimen import Regimen, give
from insulinoma.simulate.solver import simulate

SERIES = {
    "G": "glucose.G",
    "I": "insulin.I",
    "G_p": "glucose.G_p",
    "G_t": "glucose.G_t",
    "I_p": "insulin.I_p",
    "I_l": "insulin.I_l",
    "EGP": "glucose.EGP",
    "U": "glucose.U",
    "Ra": "meal.R_a",
    "S": "islets.S",
    "HE": "insulin.HE",
}
NO_MEAL = {"meal.Q_sto1": 1e-9, "meal.D": 78000.0}


@pytest.mark.parametrize(
    ("reference", "end", "regimen", "start"),
    [
        ("dallaman2007_meal78g.csv", 420, give("meal", "78 g", at="0 min"), SBML_START),
        ("dallaman2007_nomeal.csv", 1440, Regimen(), {**SBML_START, **NO_MEAL}),
    ],
)
def test_the_deviations_of_the_public_file_reproduce_its_run(columns, reference, end, regimen, start) -> None:
    expected = columns("sbml", "reference", reference)
    every = float(expected["time"][1])
    found = simulate(dalla_man_2007(), regimen, end=end, every=every, parameters=SBML_DEVIATIONS, start=start)
    assert found["time"].values == pytest.approx(expected["time"])
    for name, series in SERIES.items():
        floor = 1e-7 * max(1e-6, float(np.max(np.abs(expected[name]))))
        np.testing.assert_allclose(found[series].values, expected[name], rtol=1e-5, atol=floor, err_msg=name)


def test_the_paper_rests_at_its_own_basal_state() -> None:
    model = dalla_man_2007()
    values = model.parameter_values()
    rest = model.at_rest(values)
    rates, outputs = model.evaluate({**values, **rest, **model.input_values()})
    assert outputs["glucose.G"] == pytest.approx(91.80, abs=0.005)
    assert outputs["insulin.I"] == pytest.approx(25.59, abs=0.005)
    assert outputs["glucose.EGP"] == pytest.approx(1.916, abs=0.0005)
    assert rest["glucose.G_t"] == pytest.approx(130.4, abs=0.05)
    assert rest["insulin.S_b"] == pytest.approx(1.549, abs=0.0005)
    assert max(map(abs, rates.values())) < 2e-4


def test_the_paper_s_meal_peaks_as_computed_from_its_table() -> None:
    found = simulate(dalla_man_2007(), give("meal", "78 g", at="0 min"), end=420, every=1)
    glucose, insulin = found["glucose.G"], found["insulin.I"]
    assert float(glucose.max()) == pytest.approx(157, abs=0.5)
    assert float(glucose.idxmax("time")) == pytest.approx(65, abs=2)
    assert glucose.sel(time=[120, 180, 300]).values == pytest.approx([133, 98, 90], abs=0.6)
    assert float(insulin.max()) == pytest.approx(254, abs=1)


def test_units() -> None:
    assert check_units(dalla_man_2007()) == []
