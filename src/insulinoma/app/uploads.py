"""Files from a browser: recognized by content, bounded in size, never a path on this machine."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from insulinoma.errors import Fault, InputError
from insulinoma.record.io.csv import HEAD, NAMED, read_csv
from insulinoma.record.io.formats import read_text
from insulinoma.record.io.yaml import parse_yaml
from insulinoma.record.schema import SECTIONS
from insulinoma.record.tree import Tree, decode

MOST_UNPACKED = 16 * 1024 * 1024
MOST_BEGINNINGS = 300_000
_TABLES = frozenset(f"{name}.csv" for name in (HEAD, *NAMED, *SECTIONS))
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Upload:
    """One file as a browser sends it."""

    name: str
    content: bytes


def shown_name(name: str) -> str:
    """A file name for people: no folders, no control characters, not too long.

    >>> shown_name("../../etc/passwd\\n.yaml")
    'passwd.yaml'
    """
    last = re.split(r"[/\\\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_NAME] or "record"


def read_upload(files: list[Upload], workspace: Path) -> Tree:
    """The tree of an upload: one YAML, FHIR or Phenopacket file, CSV tables, or a zip file of them.

    Raises InputError with what cannot be read at all.
    """
    first = files[0]
    name = shown_name(first.name)
    if len(files) == 1 and zipfile.is_zipfile(BytesIO(first.content)):
        return _tables(_unpacked(first.content, name), name, workspace)
    if len(files) > 1 or name.casefold().endswith(".csv"):
        return _tables({shown_name(file.name).casefold(): file.content for file in files}, name, workspace)
    text = decode(first.content, name)
    if name.casefold().endswith((".yaml", ".yml")):
        return parse_yaml(text, name)
    beginnings = sum(text.count(sign) for sign in ",[{")
    if beginnings > MOST_BEGINNINGS:
        problem = f"the text is too large: it has {beginnings:,} commas and opening brackets"
        raise InputError([Fault(name, 1, "", "size", problem, f"at most {MOST_BEGINNINGS:,} of them")])
    return read_text(text, name)


def _tables(tables: dict[str, bytes], name: str, workspace: Path) -> Tree:
    unknown = sorted(set(tables) - _TABLES)
    if unknown:
        expected = f"tables named {', '.join(sorted(_TABLES))}"
        problem = "this is no table of a record"
        raise InputError([Fault(table, 0, "", "file name", problem, expected) for table in unknown])
    with TemporaryDirectory(dir=workspace, prefix="upload-") as folder:
        for table, content in tables.items():
            (Path(folder) / table).write_bytes(content)
        tree = read_csv(Path(folder))
    tree.faults = [_without_folder(fault, Path(folder).name, name) for fault in tree.faults]
    return tree


def _without_folder(fault: Fault, folder: str, name: str) -> Fault:
    """A fault of the whole folder is told as one of the upload."""
    if fault.file != folder:
        return fault
    return Fault(name, fault.line, fault.path, fault.kind, fault.problem, fault.expected, fault.remedy)


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """The tables of a zip file, read in memory and counted as they grow."""
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            items = [item for item in archive.infolist() if not item.is_dir()]
            if len(items) > len(_TABLES):
                raise _refused(name, f"it holds {len(items)} files", f"at most {len(_TABLES)} tables")
            for item in items:
                with archive.open(item) as table:
                    data = table.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise _refused(name, "it unpacks to too much", f"at most {MOST_UNPACKED // 1024**2} MiB")
                found[shown_name(item.filename).casefold()] = data
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _refused(name, "it cannot be unpacked", "a zip file without a password") from error
    return found


def _refused(name: str, problem: str, expected: str) -> InputError:
    return InputError([Fault(name, 0, "", "zip", problem, expected, "Send the tables themselves.")])
