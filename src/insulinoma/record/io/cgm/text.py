"""The text of a file that may be anything: its size, its encoding, its lines and its cells."""

from __future__ import annotations

import codecs
import csv
from pathlib import Path

from insulinoma.errors import UsageError
from insulinoma.record.io.cgm.faults import FaultList

LARGEST_BYTES = 64 * 1024 * 1024
MOST_READINGS = 2_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, faults: FaultList) -> str:
    """The text of a file in UTF-8 (or UTF-16 with its mark), empty when a fault was added.

    UsageError when there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {str(path)!r}. Expected a CGM export or a table in CSV.")
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        faults.add(
            0,
            "",
            "too-large",
            f"the file has {size / 1048576:.0f} MB",
            f"at most {LARGEST_BYTES // 1048576} MB, several years of readings",
            "Split it by year.",
        )
        return ""
    return _decode(path.read_bytes(), faults)


def too_many(faults: FaultList) -> None:
    """Adds the fault of a file with more rows or entries than MOST_READINGS, some years of one a minute."""
    problem = f"the file has more than {MOST_READINGS} rows"
    faults.add(0, "", "too-large", problem, "several years of readings at most", "Split it by year.")


def _decode(data: bytes, faults: FaultList) -> str:
    if data[:2] == b"PK":
        faults.add(0, "", "spreadsheet", "the file is a spreadsheet or an archive", "text", "Export it as CSV.")
        return ""
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            faults.add(0, "", "encoding", "the file is not the UTF-16 that its mark promises", "UTF-8")
        else:
            _name_bad_lines(data, faults, error)
        return ""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        faults.add(line, "", "binary", "the file holds NUL bytes", "a text file", "Export it anew as CSV or JSON.")
        return ""
    return text


def _name_bad_lines(data: bytes, faults: FaultList, error: UnicodeDecodeError) -> None:
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as fault:
            byte = f"0x{line[fault.start]:02x}"
            faults.add(
                number,
                "",
                "encoding",
                f"byte {byte} is not UTF-8",
                "text in UTF-8",
                "Save the file as UTF-8.",
            )
    if not len(faults):
        faults.add(0, "", "encoding", f"the file is not UTF-8 ({error.reason})", "text in UTF-8")


def split_lines(text: str) -> list[str]:
    """Lines at LF, CRLF or CR alone; other separators of Unicode stay inside a line.

    >>> split_lines("a\\r\\nb\\n")
    ['a', 'b']
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def split_cells(lines: list[str], delimiter: str, faults: FaultList, *, first: int = 1) -> list[tuple[int, list[str]]]:
    """The cells of each line with its number (the first is `first`), quotes understood; blank lines left out."""
    if '"' not in "".join(lines):
        return [(number, line.split(delimiter)) for number, line in enumerate(lines, first) if line]
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = first
    try:
        for row in reader:
            if row:
                rows.append((begins, row))
            begins = first + reader.line_num
    except csv.Error as error:
        faults.add(begins, "", "quotes", f"the line cannot be split into cells ({error})", "balanced double quotes")
    return rows


def split_columns(lines: list[str], delimiter: str) -> list[list[str]] | None:
    """The columns of lines without quotes that all have the same number of cells, else None: much faster than rows.

    >>> split_columns(["a,1", "b,2"], ",")
    [['a', 'b'], ['1', '2']]
    """
    joined = delimiter.join(lines)
    widths = {line.count(delimiter) for line in lines}
    if '"' in joined or len(widths) != 1 or not all(lines):
        return None
    width = widths.pop() + 1
    flat = joined.split(delimiter)
    return [flat[at::width] for at in range(width)]


def find_delimiter(line: str) -> str:
    """The separator that occurs most in a header line: comma, semicolon or tab.

    >>> find_delimiter("Index;Date;Time")
    ';'
    """
    return max((",", ";", "\t"), key=line.count)
