import pytest

from insulinoma.citations import reference
from insulinoma.errors import InputError, UsageError
from insulinoma.model.parameter_set import parameter_set, parameter_sets
from insulinoma.model.patient import patient
from insulinoma.model.tumor_course import patient_with_tumor


@pytest.mark.parametrize("name", parameter_sets())
def test_every_shipped_set_fits_the_twin(name: str) -> None:
    found = parameter_set(name, patient_with_tumor())
    assert found
    assert parameter_sets()[name]
    for parameter, item in found.items():
        assert item.low <= item.value <= item.high, parameter
        assert item.status, parameter
        assert not item.ref or reference(item.ref), parameter


def test_an_unknown_set_tells_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'healthy-woman'"):
        parameter_set("healthy-women", patient())


def test_a_set_that_does_not_fit_the_model_names_every_row() -> None:
    with pytest.raises(InputError, match=r"tumor_drive\.phi"):
        parameter_set("malignant-insulinoma", patient())
