import numpy as np
import pytest

from insulinoma.model.library.topp import topp_2000
from insulinoma.model.units_check import check_units
from insulinoma.simulate.solver import simulate


def test_600_days_from_the_published_start(columns) -> None:
    expected = columns("sbml", "reference", "topp2000_600d.csv")
    days = expected["time"]
    found = simulate(
        topp_2000(),
        end=float(days[-1]) * 1440,
        every=float(days[1]) * 1440,
        start={"glucose.G": 250.0, "islets.I": 2.8, "islets.B": 37.0},
    )
    for name, series in {"G": "glucose.G", "I": "islets.I", "B": "islets.B"}.items():
        np.testing.assert_allclose(found[series].values, expected[name], rtol=1e-5, err_msg=name)


def test_rest_is_the_closed_form_fixed_point() -> None:
    rest = topp_2000().at_rest(topp_2000().parameter_values())
    assert [rest[name] for name in ("glucose.G", "islets.I", "islets.B")] == pytest.approx([100, 10, 300])


def test_units() -> None:
    assert check_units(topp_2000()) == []
