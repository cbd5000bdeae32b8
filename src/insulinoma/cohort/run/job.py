"""A trial as work that can be sent elsewhere: pieces by number, each the same wherever it is computed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from insulinoma import __version__
from insulinoma.cohort.design import Trial
from insulinoma.cohort.engine import Engine
from insulinoma.cohort.population import Population
from insulinoma.cohort.rows import piece_rows
from insulinoma.data import resource

if TYPE_CHECKING:
    import polars

_BLOCK = 256
_PIECES = ((10_000, 64), (10_000_000, 1024))
_LARGEST_PIECE = 8192


@dataclass(frozen=True)
class Job:
    """A trial with its population and the engine it runs on."""

    trial: Trial
    population: Population
    engine: Engine

    @property
    def piece_size(self) -> int:
        """Patients in a piece; larger trials have larger pieces."""
        return next((size for most, size in _PIECES if self.trial.size <= most), _LARGEST_PIECE)

    @property
    def pieces(self) -> int:
        """The number of pieces."""
        return -(-self.trial.size // self.piece_size)

    def numbers(self, piece: int) -> range:
        """The patients of a piece."""
        first = piece * self.piece_size
        return range(first, min(first + self.piece_size, self.trial.size))

    def rows(self, piece: int) -> polars.DataFrame:
        """The rows of a piece, computed in blocks so that memory does not grow with its size."""
        import polars

        frames = [piece_rows(self.trial, self.population, block, self.engine) for block in _blocks(self.numbers(piece))]
        return polars.concat(frames, how="diagonal")

    def content(self, piece: int) -> bytes:
        """The rows of a piece as a Parquet file."""
        target = BytesIO()
        self.rows(piece).write_parquet(target, compression="zstd", statistics=False)
        return target.getvalue()

    def identity(self) -> dict[str, Any]:
        """What makes two runs the same: version, seed, size, and hashes of trial, population and tables."""
        return {
            "version": __version__,
            "seed": self.trial.seed,
            "size": self.trial.size,
            "trial": digest(self.trial.model_dump(by_alias=True, exclude={"seed", "size"})),
            "population": digest(self.population.model_dump(by_alias=True)),
            "tables": _tables(),
            "piece_size": self.piece_size,
            "pieces": self.pieces,
        }


def digest(data: Any) -> str:
    """The SHA-256 of data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _tables() -> str:
    """One hash of all tables that parameters, their spreads and correlations, and errors of devices come from."""
    found = hashlib.sha256()
    for folder in ("parameters", "tumors", "populations", "trials"):
        for item in sorted(resource(folder).iterdir(), key=lambda item: item.name):
            if item.name.endswith(".csv"):
                found.update(item.name.encode() + item.read_bytes())
    return found.hexdigest()


def _blocks(numbers: range) -> Iterator[range]:
    for first in range(numbers.start, numbers.stop, _BLOCK):
        yield range(first, min(first + _BLOCK, numbers.stop))
