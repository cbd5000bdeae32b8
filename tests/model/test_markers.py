import math

import numpy as np
import pytest

from insulinoma.model.markers import MARKERS
from insulinoma.model.tumor_course import tumor_course
from insulinoma.simulate.regimen import give
from insulinoma.simulate.solver import simulate

DAY = 1440.0
MODEL = tumor_course(treatments=(), sites=("primary", "right_lobe"))


@pytest.mark.parametrize("name", MARKERS)
def test_a_marker_falls_with_its_half_life_after_resection(name: str) -> None:
    regimen = give("primary.resect", "1", at="0 min") + give("right_lobe.resect", "1", at="0 min")
    t_half = MODEL.parameters[f"{name}.t_half"].value
    found = simulate(MODEL, regimen, end=t_half * DAY, every=t_half * DAY / 4, parameters={"tumor.V_liver": 224.0})
    M, background = found[f"{name}.M"].values, MODEL.parameters[f"{name}.background"].value
    time = found["time"].values / DAY
    expected = background + (M[0] - background) * np.exp(-math.log(2) / t_half * time)
    np.testing.assert_allclose(M, expected, rtol=1e-6)


def test_markers_at_rest_are_background_and_slope_by_volume() -> None:
    rest = MODEL.at_rest(MODEL.parameter_values({"tumor.V_liver": 224.0, "tumor.x_right": 1.0}))
    volume = rest["primary.V"] + rest["right_lobe.V"]
    assert rest["nse.M"] == pytest.approx(8.0 + 0.72 * volume)
    assert rest["nse.M"] == pytest.approx(170, rel=0.02)


def test_a_marker_rises_with_necrosis_before_it_falls() -> None:
    regimen = give("right_lobe.embolize", "1", at="day 1")
    found = simulate(MODEL, regimen, end=21 * DAY, every=DAY / 4, parameters={"tumor.V_liver": 224.0, "tumor.VDT": 1e4})
    NSE = found["nse.M"].values
    assert NSE[5:8].max() > 1.02 * NSE[0]
    assert NSE[-1] < 0.5 * NSE[0]
