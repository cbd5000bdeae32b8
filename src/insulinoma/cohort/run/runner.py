"""Runs what is missing of a trial and keeps it, telling how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from insulinoma.cohort.run.executor import Executor
from insulinoma.cohort.run.job import Job
from insulinoma.cohort.run.store import Store


@dataclass(frozen=True)
class Progress:
    """How far a run is: pieces done of all, patients a second in this run, seconds left."""

    done: int
    pieces: int
    rate: float
    left: float

    def __str__(self) -> str:
        return f"{self.done} of {self.pieces} pieces, {self.rate:.3g} patients/s, {duration(self.left)} left"


def run_missing(job: Job, store: Store, executor: Executor, shown: Callable[[Progress], None] | None = None) -> None:
    """Computes and keeps all pieces that the store lacks."""
    begun, here = monotonic(), 0
    patients = 0
    for piece, content in executor.run(job, store.missing()):
        store.add(piece, content)
        here, patients = here + 1, patients + len(job.numbers(piece))
        if shown:
            seconds = max(monotonic() - begun, 1e-9)
            shown(Progress(store.count, job.pieces, patients / seconds, (job.pieces - store.count) * seconds / here))


def duration(seconds: float) -> str:
    """A length of time in its largest two units.

    >>> duration(3725)
    '1 h 2 min'
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else (f"{minutes} min {rest} s" if minutes else f"{rest} s")
