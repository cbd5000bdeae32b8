"""Statements that exclude each other, and such as only stand or fall together."""

from __future__ import annotations

import math

import numpy as np

from insulinoma.calibrate.facts.likelihood import Inside
from insulinoma.calibrate.facts.observation import Observation
from insulinoma.calibrate.facts.quantity import OfDays
from insulinoma.calibrate.predictive import at_odds

LOW, HIGH = Inside(0.0, 54.0, 0.1, 0.98), Inside(54.0, math.inf, 0.1, 0.98)


def found(first: Inside, second: Inside, glucose: list[float]) -> list[tuple[str, str, float]]:
    """What is at odds where two statements speak of the same glucose, with a third that is sure."""
    likelihoods = (first, second, Inside(0.0, 1e6, 0.1, 0.98))
    facts = tuple(
        Observation(name, name, OfDays("glucose_min", 0, 1), likelihood, "mg/dL", name)
        for name, likelihood in zip(("a", "b", "c"), likelihoods, strict=True)
    )
    predicted = np.repeat(np.array(glucose * 100)[:, None], 3, axis=1)
    each = np.stack([item.log_density(np.log(predicted[:, 0])) for item in likelihoods], axis=1)
    return at_odds(facts, predicted, each)


def test_statements_that_exclude_each_other_are_named() -> None:
    ((first, second, both),) = found(LOW, HIGH, [20.0, 25.0, 120.0, 130.0])
    assert (first, second) == ("a", "b")
    assert both < 1e-6


def test_statements_that_are_right_together_are_not_at_odds_with_one_another() -> None:
    assert not found(HIGH, HIGH, [20.0, 25.0, 120.0, 130.0])
    assert not found(HIGH, HIGH, [20.0] * 999 + [120.0])
