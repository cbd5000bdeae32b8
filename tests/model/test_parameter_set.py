import pytest

from insulinoma.errors import UsageError
from insulinoma.model.parameter_set import parameter_set, parameter_sets
from insulinoma.model.patient import patient


@pytest.mark.parametrize("name", parameter_sets())
def test_every_shipped_set_fits_the_twin(name: str) -> None:
    assert parameter_set(name, patient())
    assert parameter_sets()[name]


def test_an_unknown_set_tells_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'healthy-woman'"):
        parameter_set("healthy-women", patient())
