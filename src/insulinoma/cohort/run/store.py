"""The folder of a trial: its pieces, each whole or not there, and a log with the checksum of each.

A piece is written beside its place, synced and renamed; then its line is added to the log. A piece
without its line, or with another checksum, is computed again.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

from insulinoma.errors import ComputationError, UsageError

if TYPE_CHECKING:
    import polars

MANIFEST, LOG = "manifest.json", "pieces.log"
_TOGETHER = 16
_WORDS = {
    "version": "version of insulinoma",
    "seed": "seed",
    "size": "number of patients",
    "trial": "trial file",
    "population": "population file",
    "tables": "parameter tables",
    "piece_size": "size of the pieces",
    "pieces": "number of pieces",
}


@dataclass
class Store:
    """The pieces of one trial in a folder, held by one run at a time; `redone` says what was not usable."""

    folder: Path
    identity: dict[str, Any]
    redone: list[str] = field(default_factory=list)
    _done: dict[int, str] = field(default_factory=dict)
    _lock: IO[str] | None = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the folder free for another run."""
        if self._lock is not None:
            self._lock.close()

    @property
    def count(self) -> int:
        """How many pieces are done."""
        return len(self._done)

    def missing(self) -> Iterator[int]:
        """The pieces that are still to be computed, in order."""
        return (piece for piece in range(self.identity["pieces"]) if piece not in self._done)

    def path(self, piece: int) -> Path:
        """The file of a piece, a thousand to a folder."""
        return self.folder / "pieces" / f"{piece // 1000:04d}" / f"{piece:07d}.parquet"

    def add(self, piece: int, content: bytes) -> None:
        """Keeps a piece; ComputationError where the disk does not take it, with all other pieces kept."""
        checksum = hashlib.sha256(content).hexdigest()
        try:
            write_whole(self.path(piece), content)
            self._append({"piece": piece, "sha256": checksum, "bytes": len(content)})
        except OSError as error:
            what = "the disk is full" if error.errno == errno.ENOSPC else str(error.strerror)
            advice = "Make room and run the same command again with --resume"
            raise ComputationError(
                f"Piece {piece} could not be written: {what}. {self.count} pieces are kept. {advice}."
            ) from error
        self._done[piece] = checksum

    def frames(self, columns: Sequence[str]) -> Iterator[polars.DataFrame]:
        """Some columns of the rows, as far as there are such, a few pieces at a time in the order of the patients."""
        import polars

        for numbers in batched(sorted(self._done), _TOGETHER):
            files = [polars.scan_parquet(self.path(piece)) for piece in numbers]
            known = [[name for name in columns if name in file.collect_schema()] for file in files]
            parts = [file.select(names) for file, names in zip(files, known, strict=True)]
            yield polars.concat(parts, how="diagonal").collect()

    def checksums(self) -> dict[str, str]:
        """The checksum of every piece by its path in the folder."""
        return {str(self.path(piece).relative_to(self.folder)): self._done[piece] for piece in sorted(self._done)}

    def _append(self, line: dict[str, Any]) -> None:
        with (self.folder / LOG).open("ab") as log:
            log.write(json.dumps(line).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())

    def _recover(self) -> None:
        """Reads the log, keeps what its pieces prove, and writes the log anew without the rest."""
        lines = _read_log(self.folder / LOG)
        for piece, line in sorted(lines.items()):
            problem = _problem(self.path(piece), line)
            if problem:
                self.redone.append(f"piece {piece} {problem} and is computed again")
            else:
                self._done[piece] = line["sha256"]
        for path in sorted((self.folder / "pieces").glob("*/*")):
            number = path.name.partition(".")[0]
            if path.suffix != ".parquet" or not number.isdecimal() or int(number) not in self._done:
                if path.suffix != ".parquet":
                    self.redone.append(f"{path.name} was not finished and is removed")
                elif int(number) not in lines:
                    self.redone.append(f"piece {int(number)} has no line in the log and is computed again")
                path.unlink()
        kept = [lines[piece] for piece in sorted(self._done)]
        write_whole(self.folder / LOG, "".join(json.dumps(line) + "\n" for line in kept).encode())


def open_store(folder: Path, identity: dict[str, Any], *, resume: bool) -> Store:
    """The store of a trial in a folder, new or resumed.

    UsageError where the folder holds something else, another trial, or a trial that is not to be
    resumed, and where another run is at work in it.
    """
    manifest = folder / MANIFEST
    if folder.exists() and any(folder.iterdir()) and not manifest.exists():
        raise UsageError(f"{folder} is not empty and holds no trial. Choose another folder.")
    if manifest.exists() and not resume:
        raise UsageError(f"{folder} already holds a trial. Go on with --resume, or choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder, identity, _lock=_locked(folder))
    try:
        if manifest.exists():
            _same(json.loads(manifest.read_text(encoding="utf-8")), identity, folder)
            store._recover()
        else:
            write_whole(manifest, json.dumps(identity, indent=2).encode() + b"\n")
    except BaseException:
        store.close()
        raise
    return store


def batched(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    """Numbers in lists of a size.

    >>> list(batched(range(5), 2))
    [[0, 1], [2, 3], [4]]
    """
    rest = iter(numbers)
    while found := list(islice(rest, size)):
        yield found


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all: beside its place, synced, renamed; the folder is synced too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _locked(folder: Path) -> IO[str]:
    lock = (folder / ".lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise UsageError(f"Another run is at work in {folder}. Wait for it, or choose another folder.") from error
    return lock


def _same(before: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    changed = [words for key, words in _WORDS.items() if before.get(key) != now[key]]
    if changed:
        differs = f"{folder} holds results of another {', '.join(changed)}; they are not mixed"
        raise UsageError(f"{differs}. Choose another folder, or go back to what was run there.")


def _read_log(path: Path) -> dict[int, dict[str, Any]]:
    """The lines of a log by piece; a line that was cut off is left out."""
    found = {}
    for text in path.read_bytes().splitlines() if path.exists() else []:
        try:
            line = json.loads(text)
            found[int(line["piece"])] = line
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _problem(path: Path, line: dict[str, Any]) -> str:
    if not path.exists():
        return "is missing"
    return "" if hashlib.sha256(path.read_bytes()).hexdigest() == line["sha256"] else "is damaged"
