import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

EXTERNAL = Path(__file__).resolve().parents[4] / "shared" / "external"


@pytest.fixture(scope="session")
def external() -> Path:
    if not EXTERNAL.is_dir():
        pytest.skip(f"the external reference data are not at {EXTERNAL}")
    return EXTERNAL


@pytest.fixture(scope="session")
def columns(external: Path) -> Callable[..., dict[str, np.ndarray]]:
    def read(*parts: str) -> dict[str, np.ndarray]:
        path = external.joinpath(*parts)
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}

    return read
