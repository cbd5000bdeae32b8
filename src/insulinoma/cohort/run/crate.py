"""The folder of a finished trial as an RO-Crate: inputs, results and how they came about, each with its hash."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import Any

from insulinoma import __version__
from insulinoma.cohort.design import Trial
from insulinoma.cohort.run.store import LOG, MANIFEST, Store
from insulinoma.intended_use import INTENDED_USE

_FORMATS = {
    ".yaml": "application/yaml", ".json": "application/json", ".csv": "text/csv", ".svg": "image/svg+xml",
    ".png": "image/png", ".html": "text/html", ".pdf": "application/pdf", ".log": "application/json",
}  # fmt: skip
_INPUTS = ("trial.yaml", "population.yaml")


def write_crate(trial: Trial, store: Store) -> None:
    """Writes `ro-crate-metadata.json` beside the results; pieces have the checksums of the log."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.name, crate.description = trial.title, f"{trial.question} {INTENDED_USE}"
    crate.license = "https://spdx.org/licenses/Apache-2.0"
    software = crate.add(ContextEntity(crate, "#insulinoma", properties=_software()))
    inputs = [crate.add_file(store.folder / name, properties=_file(store.folder / name)) for name in _INPUTS]
    outputs = [crate.add_file(path, properties=_file(path)) for path in _outputs(store.folder)]
    pieces = {"name": "rows, one a patient and arm", "encodingFormat": "application/vnd.apache.parquet",
              "size": store.count, "sha256": _all_pieces(store)}  # fmt: skip
    outputs.append(crate.add_dataset(store.folder / "pieces", "pieces/", properties=pieces))
    settings = {name: value for name, value in store.identity.items() if name not in ("trial", "population")}
    action = {
        "@type": "CreateAction",
        "name": f"insulinoma trial {trial.name}",
        "instrument": software,
        "object": inputs,
        "result": outputs,
        "description": ", ".join(f"{name}: {value}" for name, value in settings.items()),
    }
    crate.add(ContextEntity(crate, "#run", properties=action))
    crate.metadata.write(store.folder)


def _outputs(folder: Path) -> list[Path]:
    names = {MANIFEST, LOG}
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name not in _INPUTS and
            path.suffix in _FORMATS and (path.name in names or not path.name.startswith("ro-crate"))]  # fmt: skip


def _file(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "encodingFormat": _FORMATS[path.suffix],
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _software() -> dict[str, Any]:
    import numpy
    import polars

    versions = {"Python": platform.python_version(), "numpy": numpy.__version__, "polars": polars.__version__}
    return {
        "@type": "SoftwareApplication",
        "name": "insulinoma",
        "version": __version__,
        "softwareRequirements": [f"{name} {version}" for name, version in versions.items()],
    }


def _all_pieces(store: Store) -> str:
    """One hash of the checksums of all pieces, in their order."""
    return hashlib.sha256("".join(store.checksums().values()).encode()).hexdigest()
