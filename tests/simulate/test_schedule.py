import numpy as np
import pytest

from insulinoma.errors import InputError
from insulinoma.model.library.dalla_man import dalla_man_2007
from insulinoma.model.tumor_course import patient_with_tumor
from insulinoma.simulate.regimen import give
from insulinoma.simulate.schedule import schedule


def test_edges_inputs_and_amounts() -> None:
    regimen = (
        give("infusion", "2 mg/kg/min", start="10 min", stop="30 min")
        + give("infusion", "1 mg/kg/min", start="20 min", stop="2 h")
        + give("meal", "75 g", at="15 min")
    )
    plan = schedule(dalla_man_2007(), regimen, 60.0)
    assert plan.edges.tolist() == [0, 10, 15, 20, 30, 60]
    column = list(dalla_man_2007().inputs).index("glucose.infusion")
    assert plan.inputs[:, column].tolist() == [0, 2, 2, 3, 1]
    assert np.nansum(plan.amounts) == pytest.approx(75000)
    assert np.flatnonzero(~np.isnan(plan.amounts).all(axis=1)).tolist() == [2]


def test_all_faults_at_once() -> None:
    regimen = (
        give("meel", "75 g", at="0 min")
        + give("meal", "75 min", at="0 min")
        + give("meal", "75 gramz", at="1 min")
        + give("infusion", "2 g", start="0 min", stop="5 min")
        + give("meal", "75 g", start="0 min", stop="5 min")
    )
    with pytest.raises(InputError) as caught:
        schedule(dalla_man_2007(), regimen, 60.0)
    assert sorted(fault.kind for fault in caught.value.faults) == ["unit", "unit", "unit", "unknown", "unknown"]
    assert "Expected one of meal.meal" in str(caught.value)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (give("primary.resect", "2", at="0 min"), "2 is not possible. Expected 0 to 1."),
        (give("right_lobe.embolize", "1.5", at="0 min"), "Expected 0 to 1."),
        (give("left_lobe.ablate", "-0.1", at="0 min"), "-0.1 is not possible. Expected 0 to 1."),
        (give("etoposide_cisplatin", "3", at="0 min"), "Expected 0 to 1."),
        (give("meal", "-20 g", at="0 min"), "-20 g is not possible. Expected 0 or more mg."),
        (give("dextrose", "-1 mg/kg/min", start="0 min", stop="5 min"), "Expected 0 or more mg/kg/min."),
    ],
)
def test_an_amount_that_is_not_possible_is_a_fault(order, expected: str) -> None:
    with pytest.raises(InputError, match=r"order [a-z_.]+: ") as caught:
        schedule(patient_with_tumor(), order, 60.0)
    assert expected in str(caught.value)
    assert [fault.kind for fault in caught.value.faults] == ["range"]


def test_one_event_twice_at_one_moment_is_a_fault() -> None:
    twice = give("meal", "75 g", at="0 min") + give("meal", "5 g", at="0 min")
    with pytest.raises(InputError, match="happens twice at 0 min"):
        schedule(dalla_man_2007(), twice, 60.0)
