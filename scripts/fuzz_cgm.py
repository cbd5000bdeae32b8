"""Mutates CGM exports and reads them: every result is a series or a list of faults, never a traceback.

python scripts/fuzz_cgm.py --count 100000 --seed 1 tests/data/cgm
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from insulinoma.assessment.glucose.metrics import glycemic_metrics
from insulinoma.assessment.glucose.series import GlucoseSeries
from insulinoma.errors import InputError
from insulinoma.record.io.cgm import read_cgm_persons

TOKENS = [
    b"", b",", b";", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"nan", b"inf", b"-1",
    b"1e308", b"1e999", b"9" * 400, b"0001-01-01 00:00", b"9999-12-31 23:59", b"31-02-2024 10:00", b"Low", b"High",
    b"<", b">400", b"[" * 50, b"{" * 50, b"]", b"}", b"null", b"true", b'{"sgv":', b"-----", b"Index",
    b"\xe2\x80\xa8", b"\xd9\xa3", b"4_0",
]  # fmt: skip


def mutated(data: bytes, draw: random.Random) -> bytes:
    """A file with one to eight changes of bytes, tokens, lines or length."""
    for _ in range(draw.randint(1, 8)):
        at = draw.randrange(len(data) + 1)
        way = draw.randrange(7)
        if way == 0:
            data = data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :]
        elif way == 1:
            data = data[:at] + draw.choice(TOKENS) + data[at + draw.randrange(12) :]
        elif way == 2:
            data = data[:at]
        elif way == 3:
            data = data[at:]
        elif way == 4:
            lines = data.split(b"\n")
            draw.shuffle(lines)
            data = b"\n".join(lines)
        elif way == 5:
            end = min(len(data), at + draw.randrange(2000))
            data = data[:end] + data[at:end] + data[end:]
        else:
            data = data[:at] + data[at + draw.randrange(200) :]
    return data


def excerpt(data: bytes) -> bytes:
    """The first rows of a file, so that a mutation often hits the header."""
    return data[:6000]


def outcome(path: Path) -> str:
    """What reading a file and assessing it came to; any error but InputError is a finding and is raised."""
    try:
        found = read_cgm_persons(path)
    except InputError as error:
        if not error.faults or not all(fault.file and fault.problem for fault in error.faults):
            raise ValueError("a fault says nothing") from error
        return "faults"
    for readings in found:
        json.dumps(glycemic_metrics(GlucoseSeries.from_readings(readings)).as_json(), allow_nan=False)
    return "series"


def fuzz(files: list[Path], count: int, seed: int) -> Counter[str]:
    """Outcomes of `count` mutated files; a finding is raised with the seed that makes it again."""
    originals = [excerpt(path.read_bytes()) for path in files]
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "mutated"
        for number in range(count):
            draw = random.Random(f"{seed}-{number}")  # noqa: S311
            target.write_bytes(mutated(draw.choice(originals), draw))
            try:
                seen[outcome(target)] += 1
            except Exception as error:
                raise AssertionError(f"seed {seed}, number {number}: {type(error).__name__}: {error}") from error
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    files = sorted(path for path in given.folder.iterdir() if path.suffix in (".csv", ".json"))
    begun = time.perf_counter()
    print(f"{dict(fuzz(files, given.count, given.seed))} in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
