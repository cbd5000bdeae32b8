"""Makes the virtual environment `.venv` of this checkout from the locked, hashed requirements.

    python3 scripts/environment.py            what the program needs
    python3 scripts/environment.py --dev      and what its tests, checks and docs need

Uses uv when it can be had (much faster), else pip. When nothing changed since the last run it
returns at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "locked.sha256"
OLDEST = (3, 11)


def lock_files(development: bool) -> list[Path]:
    """The lock files to install; the development lock holds the core packages too."""
    return [ROOT / "requirements" / ("dev.txt" if development else "core.txt")]


def fingerprint(development: bool) -> str:
    """A hash of all that decides what is installed."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [*lock_files(development), ROOT / "pyproject.toml", Path(__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(development: bool) -> bool:
    """Whether the environment was made from just these files; a development one serves both."""
    if not (STAMP.exists() and PYTHON.exists()):
        return False
    made_from = STAMP.read_text()
    return made_from in {fingerprint(True), fingerprint(development)}


def suitable_python() -> str:
    """This interpreter, or a newer one on the path when this one is too old."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    sys.exit("insulinoma needs Python 3.11 or newer; this is " + sys.version.split()[0])


def installers() -> list[list[str]]:
    """The commands that can install packages into the environment, the fastest first: uv, then pip."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    uv = shutil.which("uv")
    if uv is None:
        lock = ROOT / "requirements" / "uv.txt"
        subprocess.run([*pip, "install", "--require-hashes", "-r", str(lock)], check=False)
        own = PYTHON.with_name("uv.exe" if os.name == "nt" else "uv")
        uv = str(own) if own.exists() else None
    # Where Python may not write bytecode as it imports, every start would compile all libraries again.
    bytecode = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    with_uv = [[uv, "pip", "install", "--quiet", *bytecode, "--python", str(PYTHON)]] if uv else []
    return [*with_uv, [*pip, "install"]]


def install(command: list[str], development: bool) -> None:
    """Installs the lock and this checkout with one of the installers."""
    for lock in lock_files(development):
        subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=True)
    subprocess.run([*command, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=True)


def build(development: bool) -> None:
    """Makes the environment anew, with pip where uv cannot."""
    print("insulinoma: setting up .venv (once; later runs start at once)", file=sys.stderr)
    subprocess.run([suitable_python(), "-m", "venv", "--clear", str(VENV)], check=True)
    *first, last = installers()
    for command in first:
        try:
            install(command, development)
            break
        except subprocess.CalledProcessError:
            print("insulinoma: uv could not install; trying pip (slower)", file=sys.stderr)
    else:
        install(last, development)
    STAMP.write_text(fingerprint(development))


def main() -> None:
    """Builds the environment unless it is current."""
    if sys.version_info < OLDEST:
        os.execv(suitable_python(), [suitable_python(), *sys.argv])
    development = "--dev" in sys.argv[1:]
    if is_current(development):
        return
    try:
        build(development)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"insulinoma: the environment could not be made ({error}). Is the package index within reach?")


if __name__ == "__main__":
    main()
