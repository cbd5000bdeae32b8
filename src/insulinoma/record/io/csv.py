"""A record as a folder of CSV tables, one a section, for spreadsheets; nothing is lost on the way.

A cell holds a plain text, number or true/false; what is nested, or would be read as something else
(the text "2022", a text that begins with "="), stands as JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from insulinoma.errors import Fault
from insulinoma.record.schema import SECTIONS
from insulinoma.record.tree import Tree, decode, read_bytes, scalar

HEAD = "record"
NAMED = ("documents", "patient")
_JSON_STARTS = ('"', "[", "{")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def write_csv(data: dict[str, Any], folder: Path) -> list[Path]:
    """Writes the plain data of a record as tables into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {name: [{"name": key, **row} for key, row in data.get(name, {}).items()] for name in NAMED}
    tables = {HEAD: list(_head_rows(data)), **named, **{name: data.get(name, []) for name in SECTIONS}}
    written = []
    for name, rows in tables.items():
        if rows:
            path = folder / f"{name}.csv"
            path.write_text(_table(rows), encoding="utf-8", newline="")
            written.append(path)
    return written


def read_csv(folder: Path) -> Tree:
    """The tree of a folder of tables, with all that could not be read as faults."""
    tree = Tree(f"{HEAD}.csv", data={})
    for name in (HEAD, *NAMED, *SECTIONS):
        path = folder / f"{name}.csv"
        if path.exists():
            tree.files[name] = path.name
            _read_table(name, path, tree)
    if HEAD not in tree.files:
        expected = f"the tables {HEAD}.csv, documents.csv, measurements.csv and so on"
        tree.faults.append(Fault(folder.name, 0, "", "no record", f"there is no {HEAD}.csv in the folder", expected))
    return tree


def _head_rows(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key, value in data.items():
        if key not in (*NAMED, *SECTIONS):
            yield {"field": key, "value": value}


def _table(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[key]) if key in row else "" for key in columns] for row in rows)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, str):
        plain = isinstance(scalar(value), str) and not value.startswith((*_JSON_STARTS, *_FORMULA_STARTS))
        return value if plain and value == value.strip() else json.dumps(value, ensure_ascii=False)
    if isinstance(value, (bool, dict, list)) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _read_table(name: str, path: Path, tree: Tree) -> None:
    text = decode(read_bytes(path), path.name)
    reader = csv.reader(StringIO(text), strict=True)
    rows: list[tuple[int, dict[str, Any]]] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        line = reader.line_num
        for cells in reader:
            rows.append((line + 1, _row(header, cells, path.name, line + 1, tree)))
            line = reader.line_num
    except csv.Error as error:
        remedy = "Rows before it were read. Close the quotes of the cell."
        tree.faults.append(Fault(path.name, reader.line_num, "", "syntax", f"not CSV: {error}", "valid CSV", remedy))
    _place_rows(name, rows, tree)


def _row(header: list[str], cells: list[str], file: str, line: int, tree: Tree) -> dict[str, Any]:
    if len(cells) > len(header):
        problem = f"the row has {len(cells)} cells, the header {len(header)}"
        tree.faults.append(Fault(file, line, "", "row length", problem, "a cell for each column"))
    return {key: _value(cell, file, line, tree) for key, cell in zip(header, cells, strict=False) if cell.strip()}


def _value(cell: str, file: str, line: int, tree: Tree) -> Any:
    text = cell.strip()
    if not text.startswith(_JSON_STARTS):
        return scalar(text)
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        tree.faults.append(Fault(file, line, "", "cell", f"the cell {text[:40]!r} is not JSON", "JSON", f"{error}."))
        return text


def _place_rows(name: str, rows: list[tuple[int, dict[str, Any]]], tree: Tree) -> None:
    if name in SECTIONS:
        tree.data[name] = [row for _, row in rows]
        tree.lines |= {(name, index): line for index, (line, _) in enumerate(rows)}
        return
    key_column, target = ("name", tree.data.setdefault(name, {})) if name in NAMED else ("field", tree.data)
    for line, row in rows:
        key = str(row.pop(key_column, ""))
        if key in target:
            problem = f"{key!r} stands twice"
            tree.faults.append(Fault(tree.files[name], line, key, "duplicate key", problem, "each name once"))
            continue
        target[key] = row if name in NAMED else row.get("value")
        tree.lines[(name, key) if name in NAMED else (key,)] = line
