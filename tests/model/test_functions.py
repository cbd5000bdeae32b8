import math

import numpy as np
import pint
import pytest
import sympy

from insulinoma.model import functions
from insulinoma.model.availability import KNOWN, UNKNOWN, is_known

ONE_ARGUMENT = ["exp", "log", "tanh", "sqrt"]


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_every_kind_of_value_gets_the_same_answer(name: str) -> None:
    from jax import numpy as jnp

    function = getattr(functions, name)
    expected = getattr(math, name)(0.7)
    assert function(0.7) == expected
    assert function(np.float64(0.7)) == pytest.approx(expected)
    assert float(function(jnp.asarray(0.7))) == pytest.approx(expected)
    assert float(function(sympy.Float(0.7))) == pytest.approx(expected)
    assert float(function(pint.UnitRegistry().Quantity(0.7, ""))) == pytest.approx(expected)
    assert is_known(function(KNOWN))
    assert not is_known(function(UNKNOWN))


def test_a_quantity_with_a_dimension_has_no_exponential() -> None:
    with pytest.raises(pint.DimensionalityError):
        functions.exp(pint.UnitRegistry().Quantity(1.0, "mg"))


@pytest.mark.parametrize("x", [-50.0, -1.0, 0.0, 1.0, 50.0])
def test_smooth_forms_stay_near_the_sharp_ones(x: float) -> None:
    assert functions.smooth_positive(x, 1e-3) == pytest.approx(max(x, 0.0), abs=5e-4)
    assert functions.smooth_positive(x, 1.0) - functions.smooth_positive(-x, 1.0) == pytest.approx(x)
    assert functions.smooth_step(x, 0.01) == pytest.approx(0.5 if x == 0 else float(x > 0))


def test_hill_has_no_unit_left() -> None:
    unit = pint.UnitRegistry().Quantity
    assert functions.hill(unit(4.0, "mg/dL"), unit(2.0, "mg/dL"), 2) == unit(0.8, "")
