"""Patient-days by second of one core: the batch engine beside other solvers on the same equations.

Times are those of the processor, as cores may be shared, the least of several, all engines in turn; what is compiled
once is not counted. Each engine is shown with its largest difference from steps a thousandth of the error.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.batch_peers import EVERY, Peer, diffrax, roadrunner, scipy
from benchmarks.batch_work import LIMIT, SUBJECTS, Speed, Work, worst
from benchmarks.measure import processor_seconds
from insulinoma.simulate.batch.lanes import FORMATS, Precision

PATIENTS, DAYS = 2048, 14
LOOSE = FORMATS["float32"].tolerance
OURS: tuple[tuple[Precision, float | None], ...] = (("float64", None), ("float64", LOOSE), ("float32", None))


def rows() -> Iterator[str | Speed]:
    """The last column is the speed divided by that of libroadrunner at an error of 0.05 mg/dL."""
    speeds = {}
    for name in SUBJECTS:
        work = Work(name, PATIENTS, DAYS)
        yield work.described()
        peers = [roadrunner(Work(name, 6, DAYS)), scipy(Work(name, 4, 1)), *diffrax(Work(name, 128, 1))]
        peers += [_ours(work, precision, tolerance) for precision, tolerance in OURS]
        spent = processor_seconds({peer.name: peer.run for peer in peers})
        found = {peer.name: peer.patient_days / spent[peer.name] for peer in peers}
        base = found[peers[0].name]
        yield from (Speed(peer.name, found[peer.name], peer.error, found[peer.name] / base) for peer in peers)
        best = max(found[peer.name] for peer in peers[: -len(OURS)])
        speeds[name] = found[peers[-1].name]
        yield f"32 bits beside the best of the others (target 30): x {speeds[name] / best:.1f}"
    yield f"the fastest subject beside the slowest: x {max(speeds.values()) / min(speeds.values()):.2f}"


def _ours(work: Work, precision: Precision, tolerance: float | None) -> Peer:
    """The batch engine; with a tolerance of its own, 64 bits work to the error that is asked of the others."""
    grid = np.arange(0.0, work.end + 1, EVERY)
    error = worst(work.glucose(precision, grid, tolerance=tolerance), work.exact(grid))
    if error > LIMIT:
        raise SystemExit(f"batch engine, {precision}: {error:.3f} mg/dL off, beyond {LIMIT}")
    name = f"batch engine, {precision}{', as tolerant' if tolerance else ''}, {work.patients} patients"
    return Peer(name, lambda: work.run(precision, tolerance=tolerance), work.patient_days, error)
