"""Validates FHIR R4 files with validators from npm: @medplum/core (the official structure definitions) and
@asymmetrik/fhir-json-schema-validator.

    python scripts/validate_fhir.py --modules node_modules FILE...     without files: the shipped cases

Says that it skips, and succeeds, where node or the packages are absent (`--required`: fails instead).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insulinoma.record.io.formats import as_text, export
from insulinoma.record.load import load_case, shipped_cases

SCRIPT = Path(__file__).with_suffix(".mjs")
PACKAGES = ("@medplum/core", "@asymmetrik/fhir-json-schema-validator")


def missing(modules: Path) -> str:
    """Why the validators cannot run, or nothing."""
    if shutil.which("node") is None:
        return "there is no node"
    found = [name for name in PACKAGES if (modules / name).is_dir()]
    return "" if found else f"none of {', '.join(PACKAGES)} is in {modules.name}"


def results(files: list[Path], modules: Path) -> list[dict[str, Any]]:
    """What each validator says of each file: its name, the file, the number of errors and the first of them."""
    call = ["node", str(SCRIPT), str(modules), *(str(path) for path in files)]
    out = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def shipped(folder: Path) -> list[Path]:
    """The shipped cases as Bundles in a folder."""
    files = []
    for name in shipped_cases():
        files.append(folder / f"{name}.json")
        files[-1].write_text(as_text(export(load_case(name), "fhir"), "fhir"), encoding="utf-8")
    return files


def main() -> None:
    """Runs the validators and prints a line for each file and validator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=Path, default=Path(os.environ.get("NODE_MODULES", "node_modules")))
    parser.add_argument("--required", action="store_true")
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args()
    reason = missing(given.modules)
    if reason:
        print(f"skipped: {reason}")
        sys.exit(1 if given.required else 0)
    with TemporaryDirectory() as folder:
        told = results(given.files or shipped(Path(folder)), given.modules)
    for line in told:
        print(f"{line['validator']}: {Path(line['file']).name}: {line['resources']} resources, {line['errors']} errors")
        for issue in line["first"]:
            print(f"    {json.dumps(issue)[:300]}")
    sys.exit(1 if any(line["errors"] for line in told) else 0)


if __name__ == "__main__":
    main()
