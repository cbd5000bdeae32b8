"""Continuous glucose: one series, and 1,000 files to one table, beside iglu-python on the same files and metrics.

iglu-python (GPL-2) is no dependency: without it the rows of comparison are left out. It is timed on ten of the
files and multiplied, because all of them would take a quarter of an hour.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, median_seconds

FILES = 1000
OTHER_FILES = 10
DAYS = 14
GOAL_SECONDS = 0.1


def invented(seed: int) -> np.ndarray:
    """Two weeks of made-up glucose every five minutes, in mg/dL."""
    draw = np.random.default_rng(seed)
    at = np.arange(DAYS * 288)
    slow = 24 * np.sin(at / 46 + draw.uniform(0, 6)) + 12 * np.sin(at / 13)
    walk = np.convolve(draw.normal(0, 6, len(at)), np.ones(6) / 2, mode="same")
    return np.asarray(np.round(np.clip(95 + slow + walk, 40, 400)))


def write_files(folder: Path, count: int) -> list[Path]:
    """Plain CSV files of invented glucose."""
    stamps = [f"{datetime(2024, 3, 1) + timedelta(minutes=5 * at):%Y-%m-%d %H:%M:%S}" for at in range(DAYS * 288)]
    paths = []
    for seed in range(count):
        path = folder / f"{seed:04d}.csv"
        lines = (f"{stamp},{value:.0f}" for stamp, value in zip(stamps, invented(seed), strict=True))
        path.write_text("time,gl\n" + "\n".join(lines) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def ours(path: Path) -> object:
    """All metrics and episodes of one file, read included."""
    from insulinoma.assessment.glucose.metrics import glycemic_metrics
    from insulinoma.assessment.glucose.series import GlucoseSeries
    from insulinoma.record.io.cgm import read_cgm

    return glycemic_metrics(GlucoseSeries.from_readings(read_cgm(path)))


def command(files: list[Path], target: Path) -> float:
    """Seconds of the whole process that turns the files into one table."""
    call = [sys.executable, "-c", "from insulinoma.cli import main; main()", "cgm", *map(str, files), "-o", str(target)]
    begun = time.perf_counter()
    subprocess.run(call, check=True, capture_output=True)
    return time.perf_counter() - begun


def theirs() -> Callable[[Path], object] | None:
    """The same metrics by iglu-python, None where it is not installed."""
    try:
        import iglu_python as iglu
        import pandas as pd
    except ImportError:
        return None

    def assess(path: Path) -> object:
        table = pd.read_csv(path)
        table["time"] = pd.to_datetime(table["time"])
        table["id"] = path.stem
        names = ("mean_glu", "sd_glu", "cv_glu", "gmi", "lbgi", "hbgi", "mage", "modd", "active_percent")
        found = [getattr(iglu, name)(table) for name in names]
        found.append(iglu.below_percent(table, targets_below=[54, 70]))
        found.append(iglu.above_percent(table, targets_above=[180, 250]))
        found.append(iglu.in_range_percent(table, target_ranges=[[70, 180]]))
        found.append(iglu.episode_calculation(table))
        return found

    return assess


def rows() -> Iterator[Row | str]:
    """One file read and assessed; a thousand files to a table."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        files = write_files(folder, FILES)
        one = median_seconds(lambda: ours(files[0]))
        yield Row("cgm: 14 days of 5-min data, file to metrics", one, "the goal", GOAL_SECONDS)
        many = command(files, folder / "table.csv")
        assess = theirs()
        if assess is None:
            yield f"cgm: {FILES} files to one table, whole process: {many:.2f} s (iglu-python is not installed)"
            return
        assess(files[0])
        begun = time.perf_counter()
        for path in files[:OTHER_FILES]:
            assess(path)
        other = (time.perf_counter() - begun) / OTHER_FILES
        yield Row("cgm: one file, all metrics and episodes", one, "iglu-python", other)
        yield Row(f"cgm: {FILES} files to one table, whole process", many, "iglu-python, from 10 files", other * FILES)
