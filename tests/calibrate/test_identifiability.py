from __future__ import annotations

import numpy as np
import pytest

from insulinoma.calibrate.identifiability import movements

READ = {"first": 2.0, "second": -2.0}


def test_a_parameter_is_moved_by_the_fact_that_reads_it_and_by_no_other() -> None:
    # Each of two coordinates is read once with the error of its prior; nothing tells of the third.
    values = np.array(list(READ.values()))
    z = np.random.default_rng(3).standard_normal((20_000, 3))
    z[:, :2] = values / 2 + z[:, :2] * 0.5**0.5
    logs = -0.5 * (z[:, :2] - values) ** 2
    one, other, third = movements(z, logs, tuple(READ))
    for found, fact in ((one, "first"), (other, "second")):
        assert found.moved
        assert found.contraction == pytest.approx(0.5, abs=0.03)
        assert [name for name, _ in found.by] == [fact]
        assert found.by[0][1] == pytest.approx(np.hypot(1.0, 1 - 0.5**0.5), rel=0.2)
    assert not third.moved
    assert not third.by
