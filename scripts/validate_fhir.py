"""Validates FHIR R4 files with validators from npm: @medplum/core (the official structure definitions) and
@asymmetrik/fhir-json-schema-validator.

    python -m scripts.validate_fhir FILE...     without files: the shipped cases

Says that it skips, and succeeds, where the packages are absent (`--required`: fails instead).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insulinoma.record.io.formats import as_text, export
from insulinoma.record.load import load_case, shipped_cases
from scripts.node_packages import NODE

SCRIPT = Path(__file__).with_suffix(".mjs")
MODULES = SCRIPT.with_name("validators") / "node_modules"
PACKAGES = ("@medplum/core", "@asymmetrik/fhir-json-schema-validator")


def missing() -> str:
    """Why the validators cannot run, or nothing."""
    found = [name for name in PACKAGES if (MODULES / name).is_dir()]
    return "" if found == list(PACKAGES) else "not installed: scripts/node_packages.py installs them"


def results(files: list[Path]) -> list[dict[str, Any]]:
    """What each validator says of each file: its name, the file, the number of errors and the first of them."""
    call = [str(NODE), str(SCRIPT), str(MODULES), *(str(path) for path in files)]
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
    parser.add_argument("--required", action="store_true")
    parser.add_argument("files", type=Path, nargs="*")
    given = parser.parse_args()
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(1 if given.required else 0)
    with TemporaryDirectory() as folder:
        told = results(given.files or shipped(Path(folder)))
    for line in told:
        print(f"{line['validator']}: {Path(line['file']).name}: {line['resources']} resources, {line['errors']} errors")
        for issue in line["first"]:
            print(f"    {json.dumps(issue)[:300]}")
    sys.exit(1 if any(line["errors"] for line in told) else 0)


if __name__ == "__main__":
    main()
