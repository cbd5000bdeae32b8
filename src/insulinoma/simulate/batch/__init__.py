"""Many patients at once: the equations traced to straight-line code, a lane for each patient."""

from insulinoma.simulate.batch.engine import Series, simulate_batch
from insulinoma.simulate.batch.result import Batch, Failure

__all__ = ["Batch", "Failure", "Series", "simulate_batch"]
