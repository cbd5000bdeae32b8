"""Where compiled programs are kept between runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_directory(kind: str) -> Path:
    """The folder of one kind of compiled program, inside the cache directory of the user."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "insulinoma" / kind
