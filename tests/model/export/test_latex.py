import pytest

from insulinoma.model.export.latex import equations, latex
from insulinoma.model.library.dalla_man import Insulin, dalla_man_2007
from insulinoma.model.library.topp import topp_2000
from insulinoma.model.library.uva_padova_2008 import uva_padova_2008


@pytest.mark.parametrize("model", [dalla_man_2007(), topp_2000(), uva_padova_2008()])
def test_every_equation_and_every_parameter_is_printed(model) -> None:
    text = latex(model.parts)
    assert text.count(r"\frac{d") >= len(model.states)
    assert text.count(r"\section{") == len(model.parts)
    for parameter in model.parameters.values():
        assert f"& {parameter.value:g} &" in text
    assert text.count("{") == text.count("}")


def test_the_equations_of_a_subsystem_in_its_own_symbols() -> None:
    found = equations(Insulin())
    assert found[1] == r"\frac{dI_{p}}{dt} = I_{l} m_{1} - I_{p} \left(m_{2} + m_{4}\right)"
    assert r"I_{p}(0) = " in " ".join(found)
