"""Where the pieces of a trial are computed: in this process, in a pool of processes, on a cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import Protocol

from insulinoma.cohort.run.job import Job
from insulinoma.errors import ComputationError

Done = tuple[int, bytes]
_MOST_DEATHS = 3


class Executor(Protocol):
    """Computes pieces in any order; what it yields is the same for every executor."""

    @property
    def workers(self) -> int:
        """How many pieces are computed at a time."""

    def run(self, job: Job, pieces: Iterable[int]) -> Iterator[Done]:
        """Each piece with its content, as it is done; ComputationError where the work cannot go on."""


@dataclass(frozen=True)
class InProcess:
    """One piece after another in this process."""

    workers: int = 1

    def run(self, job: Job, pieces: Iterable[int]) -> Iterator[Done]:
        """Each piece in its turn."""
        for piece in pieces:
            yield piece, job.content(piece)


@dataclass(frozen=True)
class Processes:
    """A pool of processes on this machine; a process that is killed costs its piece of work and nothing else."""

    workers: int

    def run(self, job: Job, pieces: Iterable[int]) -> Iterator[Done]:
        """Each piece as it is done; ComputationError for a piece that kills its process time and again."""
        rest, deaths = iter(pieces), dict[int, int]()
        lost: list[int] = []
        while True:
            try:
                with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
                    running: dict[Future[bytes], int] = {}
                    while running or lost or (lost := list(islice(rest, 1))):
                        self._fill(pool, job, running, lost, rest)
                        finished, _ = wait(running, return_when=FIRST_COMPLETED)
                        for future in finished:
                            content = future.result()
                            yield running.pop(future), content
                    return
            except BrokenProcessPool as error:
                lost = sorted({*running.values(), *lost})
                for piece in running.values():
                    deaths[piece] = deaths.get(piece, 0) + 1
                if max(deaths.values(), default=0) > _MOST_DEATHS:
                    worst = max(deaths, key=lambda piece: deaths[piece])
                    message = f"The process that computes piece {worst} was killed {_MOST_DEATHS + 1} times"
                    raise ComputationError(f"{message}. Is there enough memory? Go on with --resume.") from error

    def _fill(
        self,
        pool: ProcessPoolExecutor,
        job: Job,
        running: dict[Future[bytes], int],
        lost: list[int],
        rest: Iterator[int],
    ) -> None:
        """Keeps two pieces a worker on their way, so that memory does not grow with the trial."""
        while len(running) < 2 * self.workers:
            lost.extend(() if lost else islice(rest, 1))
            if not lost:
                return
            running[pool.submit(job.content, lost[0])] = lost[0]
            del lost[0]
