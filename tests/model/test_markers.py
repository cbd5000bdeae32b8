import pytest

from insulinoma.model.markers import MARKERS
from insulinoma.model.tumor_course import tumor_course

DAY = 1440.0
MODEL = tumor_course(treatments=(), sites=("primary", "right_lobe"))
SIZE = {"tumor.V_liver": 224.0, "tumor.x_right": 1.0}


@pytest.mark.parametrize("name", MARKERS)
def test_a_marker_falls_with_its_half_life_after_resection(typical, name: str) -> None:
    t_half = MODEL.parameters[f"{name}.t_half"].value
    given = [(0.0, "primary.resect", 1.0), (0.0, "right_lobe.resect", 1.0)]
    found = typical(MODEL, given, t_half * DAY, t_half * DAY / 100, SIZE)
    M, background = found[f"{name}.M"], MODEL.parameters[f"{name}.background"].value
    assert (M[-1] - background) / (M[0] - background) == pytest.approx(0.5, rel=1e-4)


def test_markers_at_rest_are_background_and_slope_by_volume() -> None:
    rest = MODEL.at_rest(MODEL.parameter_values(SIZE))
    volume = rest["primary.V"] + rest["right_lobe.V"]
    assert rest["nse.M"] == pytest.approx(8.0 + 0.72 * volume)
    assert rest["nse.M"] == pytest.approx(170, rel=0.02)


def test_a_marker_rises_with_necrosis_before_it_falls(typical) -> None:
    given = [(DAY, "right_lobe.embolize", 1.0)]
    NSE = typical(MODEL, given, 21 * DAY, DAY / 16, {**SIZE, "tumor.VDT": 1e4})["nse.M"]
    assert NSE[16:40].max() > 1.02 * NSE[0]
    assert NSE[-1] < 0.5 * NSE[0]
