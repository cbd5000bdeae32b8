from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the source documents, which are not part of the package."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the source documents (../shared/seeds) are not here")
    return folder


@pytest.fixture(scope="session")
def external() -> Path:
    """The folder of reference data that nobody of the project wrote."""
    folder = SHARED / "external"
    if not folder.is_dir():
        pytest.skip("the reference data (../shared/external) are not here")
    return folder
