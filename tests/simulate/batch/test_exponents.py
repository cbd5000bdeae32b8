"""Exponents that become products in the kernel: those of the patient, not of the batch."""

import numpy as np

from insulinoma.simulate.batch import simulate_batch
from insulinoma.simulate.subject import daily_meals, subject

WHO = subject("healthy-man")
EXPONENT, DECLARED = "islets.n_F", 8.0


def glucose(exponents: list[float]) -> np.ndarray:
    """Every three hours of a day, by patient."""
    found = simulate_batch(
        WHO.model,
        daily_meals(WHO, days=1),
        days=1,
        parameters={**WHO.values, EXPONENT: np.array(exponents)},
        moments=np.arange(180.0, 1440.0, 180.0),
    )
    return np.asarray(found.moments["glucose"].values)


def test_patient_with_another_exponent_has_the_same_numbers_in_any_batch() -> None:
    together = glucose([DECLARED, 4.5, DECLARED])
    assert np.array_equal(together[1:2], glucose([4.5]))
    assert np.array_equal(together[0], together[2])
    assert np.abs(together[1] - together[0]).max() > 0.1


def test_products_give_what_powers_give() -> None:
    products, powers = glucose([DECLARED, DECLARED * (1 + 1e-6)])
    assert np.abs(products - powers).max() < 0.02
