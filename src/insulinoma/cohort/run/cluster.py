"""Pieces on a Dask cluster: results come back to this process, so that workers need no shared disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from insulinoma import __version__
from insulinoma.cohort.run.executor import Done
from insulinoma.cohort.run.job import Job
from insulinoma.errors import ComputationError, UsageError

_TIMEOUT = "10s"
_MOST_DEATHS = 3


@dataclass(frozen=True)
class Cluster:
    """A Dask cluster by the address of its scheduler, such as `tcp://node1:8786`."""

    address: str
    workers: int

    def run(self, job: Job, pieces: Iterable[int]) -> Iterator[Done]:
        """Each piece as it is done; ComputationError when the scheduler is lost, with what is done kept."""
        distributed: Any = import_module("distributed")
        rest = iter(pieces)
        with distributed.Client(self.address, timeout=_TIMEOUT, set_as_default=False) as client:
            running = distributed.as_completed(loop=client.loop)
            numbers: dict[str, int] = {}

            def send() -> None:
                piece = next(rest, None)
                if piece is not None:
                    future = client.submit(job.content, piece, pure=False, retries=_MOST_DEATHS)
                    numbers[future.key] = piece
                    running.add(future)

            for _ in range(2 * self.workers):
                send()
            for future in running:
                content = self._result(future)
                yield numbers.pop(future.key), content
                send()

    def _result(self, future: Any) -> bytes:
        distributed: Any = import_module("distributed")
        lost = f"The scheduler at {self.address} was lost"
        try:
            content: bytes = future.result(timeout=_TIMEOUT)
        except distributed.KilledWorker as error:
            message = "A piece killed its worker time and again. Have the workers enough memory?"
            raise ComputationError(f"{message} What is done is kept: go on with --resume.") from error
        except (distributed.client.FutureCancelledError, OSError, TimeoutError) as error:
            raise ComputationError(f"{lost}. What is done is kept: start it and go on with --resume.") from error
        return content


def cluster(address: str) -> Cluster:
    """The cluster at an address; UsageError where it cannot be reached, or has no workers of this version."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise UsageError("--cluster needs Dask. Install it with: pip install 'insulinoma[cluster]'.") from error
    try:
        with distributed.Client(address, timeout=_TIMEOUT, set_as_default=False) as client:
            found = client.run(_version)
            threads = sum(client.nthreads().values())
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"There is no Dask scheduler at {address!r}. Expected such as tcp://host:8786.") from error
    except ModuleNotFoundError as error:
        raise UsageError(
            f"A worker of {address} lacks a module: {error}. Install insulinoma on every worker."
        ) from error
    others = {worker: version for worker, version in found.items() if version != __version__}
    if not found or others:
        problem = f"other versions: {others}" if others else "no workers"
        raise UsageError(f"The cluster at {address} has {problem}. Expected workers with insulinoma {__version__}.")
    return Cluster(address, max(1, threads))


def _version() -> str:
    from insulinoma import __version__ as version

    return version
